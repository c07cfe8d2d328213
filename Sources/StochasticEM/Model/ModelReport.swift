import Corpora
import Foundation

/// What a model folder is, once everything in it was read and found whole.
public struct ModelReport: Encodable, Sendable, Equatable {
    /// The folder, as it was named.
    public let model: String
    /// Of the folder's format, such as `1.1`.
    public let formatVersion: String
    /// What the network is fed with.
    public let variant: FitSettings.Variant
    /// K.
    public let topics: Int
    /// H.
    public let hidden: Int
    /// V.
    public let items: Int
    /// Key of all random numbers of the fit.
    public let seed: UInt64
    /// Numbers that the network learned; all are finite.
    public let parameters: Int
    /// Σ n_wk: events that the topics' items were learned from.
    public let events: Int
    /// Lines of `training.jsonl`, those of all restarts.
    public let epochs: Int
    /// The lowest validation perplexity of all epochs; nil where nothing was kept aside.
    public let validationPerplexity: Double?
    /// Of the files with checksums.
    public let bytes: Int
    /// Whether there is a checkpoint, whole as well.
    public let hasCheckpoint: Bool
    /// What else lies in the folder, and nothing reads; sorted.
    public let otherFiles: [String]

    /// Reads everything: what a load reads, and besides what no prediction needs.
    ///
    /// A load checks checksums, format version, tensors' types and shapes, that all parameters are finite and no count is
    /// negative. Here epochs must follow one another too, no item may have been counted more often than the vocabulary
    /// says it was seen, and a checkpoint must have the checksums that it was written with.
    ///
    /// - Throws: `ModelFolderError`.
    public init(checking path: String) throws { try self.init(checking: ModelFolder.read(path), model: path) }

    /// The same of files that were read.
    package init(checking files: ModelFiles, model path: String) throws {
        let (model, description, training) = try LatentLSTMAllocation.assembled(from: files, model: path)
        try Self.check(training, settings: description.fit, file: "\(path)/\(ModelFolder.trainingFile)")
        try Self.check(model, file: "\(path)/\(ModelFolder.tensorFile)")

        let folder = try FolderContents(ofModel: path, files)
        (hasCheckpoint, otherFiles, bytes, formatVersion) = (folder.hasCheckpoint, folder.otherFiles, folder.bytes, folder.formatVersion)

        self.model = path
        (variant, topics, hidden) = (description.fit.variant, description.fit.topics, description.fit.hidden)
        seed = description.fit.seed
        items = model.vocabulary.count
        parameters = model.network.parameters.learned
        events = model.counts.total
        epochs = training.count
        validationPerplexity = training.compactMap(\.validationPerplexity).min()
    }

    /// Epochs are counted from 1 within each fit, and fits from 1 where there are several.
    static func check(_ training: [EpochRecord], settings: FitSettings, file: String) throws {
        var last: EpochRecord?
        for (index, record) in training.enumerated() {
            let begins = record.epoch == 1 && (record.restart ?? 1) == (last.map { ($0.restart ?? 1) + 1 } ?? 1)
            let follows = last.map { record.restart == $0.restart && record.epoch == $0.epoch + 1 } ?? false
            guard begins || follows, record.epoch <= settings.epochs, (record.restart ?? 1) <= settings.restarts else {
                throw ModelFolderError.damaged(file, "line \(index + 1) is of epoch \(record.epoch), which cannot come there")
            }
            guard [record.trainPerplexity, record.topicPerplexity, record.validationPerplexity].allSatisfy({ $0.map { $0 > 0 && $0.isFinite } ?? true })
            else { throw ModelFolderError.damaged(file, "line \(index + 1) has a perplexity that is no positive number") }
            last = record
        }
    }

    /// What counts obey, among themselves and beside the vocabulary.
    static func check(_ model: LatentLSTMAllocation, file: String) throws {
        if let violation = model.counts.violation { throw ModelFolderError.damaged(file, violation) }
        for item in 0..<model.vocabulary.count {
            let counted = (0..<model.counts.topics).reduce(0) { $0 + model.counts.count(item, $1) }
            guard counted <= model.vocabulary.counts[item] else {
                throw ModelFolderError.damaged(
                    file, "item \(item) is counted \(counted) times in topics, but the vocabulary has seen it \(model.vocabulary.counts[item]) times")
            }
        }
    }
}
