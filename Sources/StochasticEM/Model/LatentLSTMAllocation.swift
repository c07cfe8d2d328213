import Corpora
import Kernels
import Recurrence
import TopicSampling

/// A fitted model: the network that says which topic comes next, and the counts that say which items a topic holds.
public struct LatentLSTMAllocation: SequenceModel, Sendable {
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
        get { settings.variant.isExact ? 1 : copies }
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

    public func read(_ corpus: Corpus, first: [Int], shards: Shards, visit: @Sendable (Predictions) -> Void) {
        let phi = itemProbabilities(shards: shards)
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

    /// φ as a matrix (V, K).
    public func itemProbabilities(shards: Shards) -> FloatBuffer {
        let k = counts.topics, pieces = 16
        let phi = FloatBuffer(count: vocabulary.count * k)
        shards.forEach(pieces) { piece in
            let inverse = counts.inverseTotals, beta = counts.concentration
            for item in Shards.slice(piece, of: pieces, total: vocabulary.count) {
                let from = counts.row(item), to = phi.base + item * k
                for topic in 0..<k { to[topic] = (Float(from[topic]) + beta) * inverse[topic] }
            }
        }
        return phi
    }

    /// n_k / Σ n_k.
    public var shares: [Double] {
        let total = max(1, counts.total)
        return (0..<counts.topics).map { Double(counts.totals[$0]) / Double(total) }
    }

    /// The items that a topic makes most probable, with φ_wk; ties by number.
    public func topItems(of topic: Int, count: Int) -> [(item: Int, probability: Double)] {
        let beta = Double(counts.concentration)
        let scale = 1 / (Double(counts.totals[topic]) + beta * Double(vocabulary.count))
        return TopK.indices(count: count, of: vocabulary.count) { Double(counts.count($0, topic)) }
            .map { ($0, (Double(counts.count($0, topic)) + beta) * scale) }
    }
}
