import Corpora
import Foundation

/// What settings.json says of a model: which kind it is, and all that it was fitted with.
public struct ModelDescription<Settings: Codable & Sendable & Equatable>: Codable, Sendable, Equatable {
    /// `lla`, or the name of a baseline.
    public var model: String
    public var fit: Settings
    /// How the log was made into sequences: an evaluation has to do the same.
    public var minCount: Int
    public var observe: Double
    public var sessionGap: Double?
    public var dropRepeats: Bool

    enum CodingKeys: String, CodingKey {
        case model, fit, observe
        case minCount = "min_count"
        case sessionGap = "session_gap"
        case dropRepeats = "drop_repeats"
    }

    public init(model: String, fit: Settings, options: CorpusOptions) {
        self.model = model
        self.fit = fit
        minCount = options.minCount
        observe = options.observe
        sessionGap = options.sessionGap
        dropRepeats = options.dropRepeats
    }
}

extension ModelFiles {
    /// The kind of model that a folder holds.
    ///
    /// - Parameter path: of the model, for errors.
    public func kind(model path: String) throws -> String {
        struct Kind: Codable { let model: String }
        return try settings(as: Kind.self, model: path).model
    }
}
