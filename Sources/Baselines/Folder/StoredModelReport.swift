import Foundation
import StochasticEM

/// What a model folder of either kind is, once everything in it was read and found whole.
public enum StoredModelReport: Encodable, Sendable, Equatable {
    /// Of LLA's folder.
    case lla(ModelReport)
    /// Of a baseline's folder.
    case baseline(BaselineReport)

    /// - Throws: `ModelFolderError`.
    public init(checking path: String) throws {
        let files = try ModelFolder.read(path)
        if let baseline = try BaselineRegister.baseline(of: files, model: path) {
            self = .baseline(try BaselineReport(checking: files, as: baseline, model: path))
        } else {
            self = .lla(try ModelReport(checking: files, model: path))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .lla(let report): try report.encode(to: encoder)
        case .baseline(let report): try report.encode(to: encoder)
        }
    }
}

/// What a baseline's folder is, once everything in it was read and found whole.
public struct BaselineReport: Encodable, Sendable, Equatable {
    /// The folder, as it was named.
    public let model: String
    /// Of the folder's format, such as `1.1`.
    public let formatVersion: String
    /// The baseline's name.
    public let kind: String
    /// nil for a model without topics.
    public let topics: Int?
    /// V.
    public let items: Int
    /// Numbers that were learned, and counts above zero; all are finite.
    public let parameters: Int
    /// Lines of `training.jsonl`.
    public let epochs: Int
    /// The lowest of all epochs; nil where nothing was kept aside.
    public let validationPerplexity: Double?
    /// Of the files with checksums.
    public let bytes: Int
    /// Whether there is a checkpoint, whole as well.
    public let hasCheckpoint: Bool
    /// What else lies in the folder, and nothing reads; sorted.
    public let otherFiles: [String]

    /// - Throws: `ModelFolderError`: where a load would, and where epochs do not follow one another.
    init(checking files: ModelFiles, as type: any Baseline.Type, model path: String) throws {
        func assembled<Model: Baseline>(_ type: Model.Type) throws -> (model: any SequenceModel, training: [BaselineEpoch]) {
            let (model, _, training) = try Model.assembled(from: files, model: path)
            return (model, training)
        }
        let (model, training) = try assembled(type)
        for (index, record) in training.enumerated() {
            guard record.epoch == index + 1 else {
                throw ModelFolderError.damaged("\(path)/\(ModelFolder.trainingFile)", "line \(index + 1) is of epoch \(record.epoch), which cannot come there")
            }
            guard [record.trainPerplexity, record.validationPerplexity].allSatisfy({ $0.map { $0 > 0 && $0.isFinite } ?? true }) else {
                throw ModelFolderError.damaged("\(path)/\(ModelFolder.trainingFile)", "line \(index + 1) has a perplexity that is no positive number")
            }
        }
        let folder = try FolderContents(ofModel: path, files)
        (hasCheckpoint, otherFiles, bytes, formatVersion) = (folder.hasCheckpoint, folder.otherFiles, folder.bytes, folder.formatVersion)
        self.model = path
        kind = type.name
        topics = (model as? any TopicModel)?.topicCount
        items = model.vocabulary.count
        parameters = model.parameterCount.total
        epochs = training.count
        validationPerplexity = training.compactMap(\.validationPerplexity).min()
    }
}
