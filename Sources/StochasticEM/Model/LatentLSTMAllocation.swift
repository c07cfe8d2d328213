import Corpora
import Kernels
import Recurrence
import TopicSampling

/// A fitted model: the network that says which topic comes next, and the counts that say which items a topic holds.
public struct LatentLSTMAllocation: CountedTopicModel, Sendable {
    /// V items, in the numbering of `counts`.
    public let vocabulary: Vocabulary
    /// What it was fitted with; the seed also keys the filter that reads sequences.
    public let settings: FitSettings
    /// θ_t from z_{<t}. Held by reference.
    public let network: RecurrentNetwork
    /// n_wk and n_k, and with them φ (Paper-notes M5). Held by reference.
    public let counts: TopicCounts
    /// P of the filter that reads sequences; 1 where one pass is exact.
    public var particles: Int {
        get { settings.variant.particles(of: copies) }
        set { copies = newValue }
    }
    private var copies = 16

    public var unknownItems: UnknownItems { settings.unknownItemsPolicy }

    /// Network and counts must be of one K, counts and vocabulary of one V; neither is checked.
    public init(vocabulary: Vocabulary, settings: FitSettings, network: RecurrentNetwork, counts: TopicCounts) {
        self.vocabulary = vocabulary
        self.settings = settings
        self.network = network
        self.counts = counts
    }

    /// What reading derives from network and counts, as they are now.
    private struct Derived {
        let network: RecurrentNetwork
        /// φ, (V, K).
        let phi: FloatBuffer
    }
    private var derived: Derived?

    public func prepared(shards: Shards) -> LatentLSTMAllocation {
        var model = self
        model.derived = Derived(network: network.prepared(shards: shards), phi: itemProbabilities(shards: shards))
        return model
    }

    public func read(_ corpus: Corpus, first: [Int], shards: Shards, visit: @Sendable (Predictions) -> Void) {
        let phi = derived?.phi ?? itemProbabilities(shards: shards)
        readTopics(corpus, first: first, shards: shards) { seen in
            let scores = FloatBuffer(count: seen.sequences.count * vocabulary.count)
            let probabilities = scores.matrix(seen.sequences.count, vocabulary.count)
            GEMM.multiply(
                seen.proportions, .asIs, phi.matrix(vocabulary.count, counts.topics), .transposed, into: probabilities)
            visit(
                Predictions(
                    shard: seen.shard, sequences: seen.sequences, positions: seen.positions, items: seen.items,
                    probabilities: probabilities, proportions: seen.proportions))
            withExtendedLifetime(scores) {}
        }
    }

    public func logProbabilities(of corpus: Corpus, first: [Int], shards: Shards) -> [Double] {
        filter(shards: shards).logProbabilities(of: corpus, first: first, shards: shards)
    }

    /// What reads sequences.
    func filter(shards: Shards) -> ParticleFilter {
        ParticleFilter(
            network: derived?.network ?? network.prepared(shards: shards), counts: counts, particles: particles, seed: settings.seed, feedback: settings.feedback)
    }

    /// The network's weights, and n_wk.
    public var parameterCount: ParameterCount { ParameterCount(learned: network.parameters.learned, counts: counts.nonzero) }
}
