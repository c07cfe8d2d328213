import Corpora
import Kernels

/// Where the topics of all events come from before the first SE-step.
///
/// A start is required: with topics at random the topic variant sits on a symmetric saddle, and learns nothing (Paper-notes, open-questions).
public protocol Start: Sendable {
    /// - Parameters:
    ///   - corpus: what the model will be fitted on.
    ///   - topics: K, at least 1.
    ///   - shards: threads to use; what comes out does not depend on their number.
    /// - Throws: `InvalidParameter` where K or a setting of the start is out of its range.
    /// - Returns: one topic below K for each of `corpus.items`.
    func topics(for corpus: Corpus, topics: Int, seed: UInt64, shards: Shards) throws -> [Int32]
}
