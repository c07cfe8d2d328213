import Corpora
import Kernels

/// A model that says how likely each item is to come next: what LLA and its rivals have in common.
public protocol SequenceModel: Sendable {
    var vocabulary: Vocabulary { get }

    /// What becomes of other items in the logs that it reads; left out unless a model can make something of them.
    var unknownItems: UnknownItems { get }

    /// How much of it there is.
    var parameterCount: ParameterCount { get }

    /// Reads all sequences of a corpus, each event after its prediction.
    ///
    /// - Parameters:
    ///   - corpus: numbered by this model's vocabulary.
    ///   - first: for each sequence the first position that is asked for. The position behind the last
    ///     event counts: what comes next is asked for there, and nothing is known of it.
    ///   - visit: receives what was asked for, a batch at a time and each position once. It is called from several
    ///     threads, but batches of one shard never at the same time.
    func read(_ corpus: Corpus, first: [Int], shards: Shards, visit: @Sendable (Predictions) -> Void)
}

extension SequenceModel {
    public var unknownItems: UnknownItems { .skip }
}

/// What a model expects at some positions of some sequences.
public struct Predictions: Sendable {
    /// Which of the reader's shards made them.
    public let shard: Int
    /// n values each: the sequence, the position, and the item that stands there: nil behind the last event, and where that is
    /// no item of the vocabulary.
    public let sequences: [Int]
    public let positions: [Int]
    public let items: [Int?]
    /// (n, V): p(item | all events before the position). Gone when `visit` returns.
    public let probabilities: MatrixView
    /// (n, K): topic proportions, for models that have topics. Gone when `visit` returns.
    public let proportions: MatrixView?

    /// Both matrices stay the caller's memory; the three arrays have as many values as these have rows.
    public init(
        shard: Int, sequences: [Int], positions: [Int], items: [Int?], probabilities: MatrixView,
        proportions: MatrixView? = nil
    ) {
        self.shard = shard
        self.sequences = sequences
        self.positions = positions
        self.items = items
        self.probabilities = probabilities
        self.proportions = proportions
    }
}
