import Corpora
import Kernels

/// Uniform topics. Topic-LLA learns nothing from these (all topics look alike, and stay so); they are here to compare with.
public struct RandomTopics: Start {
    public init() {}

    public func topics(for corpus: Corpus, topics: Int, seed: UInt64, shards: Shards) -> [Int32] {
        var random = RandomStream(seed: seed, purpose: .start)
        return corpus.items.map { _ in Int32(random.index(below: topics)) }
    }
}
