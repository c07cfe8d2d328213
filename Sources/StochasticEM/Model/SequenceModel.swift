import Corpora
import Kernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A model that says how likely each item is to come next: what LLA and its rivals have in common.
public protocol SequenceModel: Sendable {
    /// The V items that it knows, in its own numbering.
    var vocabulary: Vocabulary { get }

    /// What becomes of other items in the logs that it reads; left out unless a model can make something of them.
    var unknownItems: UnknownItems { get }

    /// How much of it there is.
    var parameterCount: ParameterCount { get }

    /// The same model, with what reading derives from it made once, for those who read many corpora. It is not to learn meanwhile.
    func prepared(shards: Shards) -> Self

    /// Reads all sequences of a corpus, each event after its prediction. Several may be read at the same time.
    ///
    /// - Parameters:
    ///   - corpus: numbered by this model's vocabulary.
    ///   - first: for each sequence the first position that is asked for. The position behind the last
    ///     event counts: what comes next is asked for there, and nothing is known of it.
    ///   - visit: receives what was asked for, a batch at a time and each position once. It is called from several
    ///     threads, but batches of one shard never at the same time.
    func read(_ corpus: Corpus, first: [Int], shards: Shards, visit: @Sendable (Predictions) -> Void)

    /// log p(w_t | past) of the items that came, where nothing is asked of the others.
    ///
    /// What `read` says of these items, to rounding. A model whose probabilities need no sum over the vocabulary is K·V operations an event
    /// faster here.
    ///
    /// - Parameters:
    ///   - corpus: numbered by this model's vocabulary.
    ///   - first: for each sequence the first position that is asked for.
    /// - Returns: a value an event of the corpus; 0 for those that were not asked for, and for unknown items. None is below the logarithm of the
    ///   smallest normal float: one event must not make a mean infinite.
    func logProbabilities(of corpus: Corpus, first: [Int], shards: Shards) -> [Double]
}

extension SequenceModel {
    public var unknownItems: UnknownItems { .skip }

    public func prepared(shards: Shards) -> Self { self }

    public func logProbabilities(of corpus: Corpus, first: [Int], shards: Shards) -> [Double] {
        ParallelSlots.filled(with: 0.0, count: corpus.items.count) { values in
            read(corpus, first: first, shards: shards) { seen in
                for row in seen.sequences.indices {
                    guard let item = seen.items[row] else { continue }
                    values[corpus.starts[seen.sequences[row]] + seen.positions[row]] = seen.probabilities.logProbability(row, item)
                }
            }
        }
    }
}

extension MatrixView {
    /// log of a probability, at least that of the smallest normal float.
    public func logProbability(_ row: Int, _ item: Int) -> Double { log(Double(max(self.row(row)[item], .leastNormalMagnitude))) }
}

/// What a model expects at some positions of some sequences.
public struct Predictions: Sendable {
    /// Which of the reader's shards made them.
    public let shard: Int
    /// (n): the sequence, by its number in the corpus.
    public let sequences: [Int]
    /// (n): the position in it, from 0 to its length: there, behind the last event, what comes next is asked for.
    public let positions: [Int]
    /// (n): the item that stands there; nil behind the last event, and where that is no item of the vocabulary.
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
