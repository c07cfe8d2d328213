import Corpora
import Kernels
import StochasticEM

/// The share of each item in the log, whatever came before: (n_w + 1) / (n + V).
public struct Popularity: StepwiseModel {
    public let vocabulary: Vocabulary
    /// n_w.
    let counts: [Int32]
    let shares: [Float]

    /// Counts the items of the observed part of a corpus.
    public init(_ corpus: Corpus) {
        var counts = [Int32](repeating: 0, count: corpus.vocabulary.count)
        for item in corpus.training.items { counts[Int(item)] += 1 }
        self.init(counts, vocabulary: corpus.vocabulary)
    }

    init(_ counts: [Int32], vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        self.counts = counts
        let total = Double(counts.reduce(0) { $0 + Int($1) } + vocabulary.count)
        shares = counts.map { Float((Double($0) + 1) / total) }
    }

    public func start() {}
    public func observe(_ item: Int, in state: inout Void) {}

    public func predict(_ state: Void, into probabilities: UnsafeMutablePointer<Float>) {
        probabilities.update(from: shares, count: shares.count)
    }
}

extension Popularity: Baseline {
    public static let name = "popularity"
    public static let summary = "the share of each item in the log, whatever came before"

    public var settings: NoSettings { NoSettings() }
    public var parameterCount: ParameterCount { ParameterCount(counts: counts.count { $0 > 0 }) }

    public static func memory(for training: Corpus, settings: NoSettings) -> Int { training.vocabulary.count * 8 }

    public static func fitted(
        to corpus: Corpus, settings: NoSettings, shards: Shards, observe: (BaselineEvent) throws -> Void
    ) throws -> Popularity { Popularity(corpus) }

    public var tensors: [Tensor] { [Tensor("item_counts", shape: [counts.count], counts)] }

    public init(_ tensors: StoredTensors, vocabulary: Vocabulary, settings: NoSettings) throws {
        self.init(try tensors.counts("item_counts", vocabulary.count), vocabulary: vocabulary)
    }
}

/// Of a baseline that leaves nothing to be set.
public struct NoSettings: BaselineSettings {
    public static let options: [BaselineOption<NoSettings>] = []

    public init() {}
    public func validate() throws {}
}
