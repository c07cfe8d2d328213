import Corpora
import Kernels

/// Which topics a model expects at some positions of some sequences.
public struct TopicExpectations: Sendable {
    /// Which of the reader's shards made them.
    public let shard: Int
    /// (n): the sequence, by its number in the corpus. All that is asked of one comes from one shard.
    public let sequences: [Int]
    /// (n): the position in it, from 0 to its length. Those of one sequence come in their order.
    public let positions: [Int]
    /// (n): the item that stands there; nil behind the last event, and where that is no item of the vocabulary.
    public let items: [Int?]
    /// (n, K): θ̄, topic proportions given all events before the position. Gone when `visit` returns.
    public let proportions: MatrixView
}

extension LatentLSTMAllocation {
    /// Reads all sequences of a corpus as ``SequenceModel/read(_:first:shards:visit:)`` does, but for topics alone: no item is scored.
    ///
    /// - Parameters:
    ///   - corpus: numbered by this model's vocabulary.
    ///   - first: for each sequence the first position that is asked for; the one behind the last event counts.
    ///   - visit: called from several threads, but never for batches of one shard at the same time.
    public func readTopics(_ corpus: Corpus, first: [Int], shards: Shards, visit: @Sendable (TopicExpectations) -> Void) {
        // Nothing is prepared for nobody: of a vocabulary's table that would be much.
        guard corpus.count > 0 else { return }
        let queries = (0..<corpus.count).contains { first[$0] < corpus.length($0) + 1 } ? 1 : 0
        filter(shards: shards).read(corpus, first: first, queries: queries, shards: shards) { shard, seen in
            visit(
                TopicExpectations(
                    shard: shard, sequences: seen.sequences, positions: seen.positions, items: seen.items, proportions: seen.proportions))
        }
    }
}
