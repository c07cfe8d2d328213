import Corpora
import Kernels

/// Every topic as likely as any other, for each event anew: the start to compare others with.
public struct RandomTopics: Start {
    /// There is nothing to set.
    public init() {}

    public func topics(for corpus: Corpus, topics: Int, seed: UInt64, shards: Shards) -> [Int32] {
        var random = RandomStream(seed: seed, purpose: .start)
        return corpus.items.map { _ in Int32(random.index(below: topics)) }
    }
}
