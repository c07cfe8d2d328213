import Corpora
import Foundation

/// What a model folder holds, as plain values. Whether the parts fit together is for the model to check.
public struct ModelFiles: Sendable {
    /// `model.safetensors`: in the order of the file once read.
    public var tensors: [Tensor]
    /// `vocabulary.tsv`.
    public var vocabulary: Vocabulary
    /// `settings.json`: an object that has, beside everything else, the key `format_version`.
    public var settings: Data
    /// `training.jsonl`: one JSON object a line, without the line feeds.
    public var training: [Data]

    /// The files' contents as they are; nothing is checked.
    public init(tensors: [Tensor], vocabulary: Vocabulary, settings: Data, training: [Data]) {
        self.tensors = tensors
        self.vocabulary = vocabulary
        self.settings = settings
        self.training = training
    }

    /// Encodes settings and epochs as JSON with sorted keys, and adds the format's version to the settings.
    ///
    /// - Parameter settings: must encode itself as an object without the key `format_version`.
    /// - Throws: what `JSONEncoder` does, for a NaN say.
    public init(
        tensors: [Tensor], vocabulary: Vocabulary, settings: some Encodable, training: [some Encodable]
    ) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lines = try training.map { try encoder.encode($0) }
        encoder.outputFormatting.insert(.prettyPrinted)
        self.init(
            tensors: tensors, vocabulary: vocabulary, settings: try encoder.encode(Versioned(settings: settings)) + Data("\n".utf8),
            training: lines)
    }

    /// The settings as a value.
    ///
    /// - Parameter path: of the model, for errors.
    public func settings<Settings: Decodable>(as type: Settings.Type, model path: String) throws -> Settings {
        do {
            return try JSONDecoder().decode(type, from: settings)
        } catch {
            throw ModelFolderError.damaged("\(path)/\(ModelFolder.settingsFile)", "the settings cannot be understood (\(error))")
        }
    }

    /// Which kind of model it is, as its settings say.
    ///
    /// - Parameter path: of the model, for errors.
    public func kind(model path: String) throws -> String {
        struct Kind: Decodable {
            let model: String
        }
        return try settings(as: Kind.self, model: path).model
    }

    /// The numbers of one tensor.
    ///
    /// - Parameters:
    ///   - shape: what the shape must be.
    ///   - path: of the model, for errors.
    public func numbers<Number: TensorElement>(
        _ name: String, shape: [Int], as type: Number.Type = Number.self, model path: String
    ) throws -> [Number] {
        let file = "\(path)/\(ModelFolder.tensorFile)"
        guard let tensor = tensors.first(where: { $0.name == name }) else {
            throw ModelFolderError.damaged(file, "there is no tensor \"\(name)\"")
        }
        guard let numbers = Number.taken(from: tensor.values) else {
            throw ModelFolderError.damaged(file, "tensor \"\(name)\" is of type \(tensor.values.type.rawValue), which does not fit")
        }
        guard tensor.shape == shape else {
            throw ModelFolderError.damaged(file, "tensor \"\(name)\" has shape \(tensor.shape), but the settings ask for \(shape)")
        }
        return numbers
    }
}

/// Settings with the format's version beside them.
private struct Versioned<Settings: Encodable>: Encodable {
    let settings: Settings

    func encode(to encoder: any Encoder) throws {
        try settings.encode(to: encoder)
        var fields = encoder.container(keyedBy: FormatVersion.Keys.self)
        try fields.encode(ModelFolder.formatVersion.description, forKey: .formatVersion)
    }
}

/// The version of the folder's format: readers understand every minor version of their major one.
struct FormatVersion: CustomStringConvertible {
    enum Keys: String, CodingKey { case formatVersion = "format_version" }

    let major: Int
    let minor: Int

    var description: String { "\(major).\(minor)" }

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// What settings say, or nil where they say nothing that can be understood.
    init?(settings: Data) {
        struct Fields: Decodable {
            let version: String
            init(from decoder: any Decoder) throws {
                version = try decoder.container(keyedBy: Keys.self).decode(String.self, forKey: .formatVersion)
            }
        }
        // Why they cannot be understood does not matter here: the caller refuses them.
        guard let text = try? JSONDecoder().decode(Fields.self, from: settings).version else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0, minor >= 0,
              "\(major).\(minor)" == text else { return nil }
        self.init(major: major, minor: minor)
    }
}
