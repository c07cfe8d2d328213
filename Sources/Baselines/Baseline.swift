import Corpora
import Kernels
import StochasticEM

/// A rival of LLA that can be fitted, kept in a model folder, and read by the same evaluator.
public protocol Baseline: SequenceModel {
    /// As in `lla fit --model NAME`, and in settings.json.
    static var name: String { get }

    /// Fits the observed part of a corpus.
    static func fit(_ corpus: Corpus, settings: BaselineSettings, shards: Shards) throws -> Self

    /// All that the model is, for a model folder.
    var tensors: [Tensor] { get }

    /// - Parameter path: of the model, for errors.
    /// - Throws: `ModelFolderError` where the parts do not fit together.
    init(_ files: ModelFiles, settings: BaselineSettings, model path: String) throws
}

/// What baselines are fitted with; each reads what concerns it.
public struct BaselineSettings: Codable, Sendable, Equatable {
    /// K, α, β and sweeps of LDA's sampler.
    public var topics = 100
    public var alpha = 0.1
    public var beta = 0.01
    public var sweeps = 200
    public var seed: UInt64 = 1

    public init() {}

    /// - Throws: `InvalidSetting` for the first that is out of range.
    public func validate() throws {
        if !(1...1_000_000).contains(topics) {
            throw InvalidSetting(name: "topics", value: "\(topics)", remedy: "choose between 1 and 1,000,000")
        }
        for (name, value) in [("alpha", alpha), ("beta", beta)] where !(value > 1e-30 && value < 1e6) {
            throw InvalidSetting(name: name, value: "\(value)", remedy: "choose a positive number; 0.01 to 1 is usual")
        }
        if sweeps < 1 { throw InvalidSetting(name: "sweeps", value: "\(sweeps)", remedy: "choose at least 1; 200 are usual") }
    }
}
