import Corpora
import Kernels
import Recurrence
import TopicSampling

/// The topics that word-LLA draws after a few epochs from item clusters.
///
/// Its state sees the items themselves, so it sorts events by their context before there are topics worth reading; the
/// other variants then start from what it found.
public struct WordTopics: Start {
    /// Of the fit that follows: K, H, β and the like are taken from it.
    private let settings: FitSettings

    /// - Parameters:
    ///   - settings: of the fit that follows, valid.
    ///   - epochs: of word-LLA, warm-up included.
    public init(_ settings: FitSettings, epochs: Int = 6) {
        var own = settings
        (own.variant, own.start, own.particles, own.survivors) = (.word, .clusters, 1, .resampled)
        (own.sampler, own.negatives) = (.dense, nil)
        (own.unknownItems, own.characterEmbedding, own.characterHidden) = (nil, nil, nil)
        own.embedding = settings.embedding ?? settings.hidden
        (own.epochs, own.warmUp) = (max(1, epochs), nil)
        self.settings = own
    }

    public func topics(for corpus: Corpus, topics: Int, seed: UInt64, shards: Shards) throws -> [Int32] {
        // A fit of its own: the one that follows has the same epochs, sequences and positions.
        var own = RandomStream(seed: seed, purpose: .startingFit), settings = settings
        (settings.topics, settings.seed) = (topics, own.next())
        let counts = try TopicCounts(items: corpus.vocabulary.count, topics: topics, concentration: Float(settings.beta))
        let network = RecurrentNetwork(settings.networkShape(items: corpus.vocabulary.count), seed: settings.seed)
        let clusters = ItemClusters().topics(for: corpus, topics: topics, seed: seed, shards: shards)
        let loop = BlockLoop(
            corpus: corpus, network: network, counts: counts,
            adam: AdamOptimizer(network.parameters, settings: settings.adam), topics: clusters, seed: settings.seed)
        let plan = try SweepPlan(settings, loop: loop)
        for epoch in 1...settings.epochs {
            for sweep in plan.sweeps(of: epoch) { _ = loop.run(sweep, epoch: epoch, shards: shards) { _ in } }
        }
        return Array(UnsafeBufferPointer(start: loop.topics, count: corpus.items.count))
    }
}
