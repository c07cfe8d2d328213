import Corpora
import Kernels

/// How every event gets its first topic: the seam between the starts.
public protocol Start: Sendable {
    /// One topic below K for each event of `corpus.items`. Does not depend on the number of threads.
    func topics(for corpus: Corpus, topics: Int, seed: UInt64, shards: Shards) throws -> [Int32]
}
