import Corpora
import Kernels
import TopicSampling

/// A model whose items come from topics.
public protocol TopicModel: SequenceModel {
    /// K.
    var topicCount: Int { get }

    /// Of the events that it was fitted on, how many each topic has; K values that sum to 1.
    var shares: [Double] { get }

    /// The items that a topic makes most probable, with φ_wk; ties by number. Of those alone that it holds: what it was given no event of
    /// is probable by smoothing, alike in all topics, and says nothing of this one.
    ///
    /// - Returns: `count` of them, or as many as it holds; none for a topic without events.
    func topItems(of topic: Int, count: Int) -> [(item: Int, probability: Double)]
}

/// A model whose topics are counts of items, and φ of these (Paper-notes M5).
public protocol CountedTopicModel: TopicModel {
    /// n_wk and n_k. Held by reference.
    var counts: TopicCounts { get }
}

extension CountedTopicModel {
    public var topicCount: Int { counts.topics }

    /// n_k / Σ n_k.
    public var shares: [Double] {
        let total = max(1, counts.total)
        return (0..<counts.topics).map { Double(counts.totals[$0]) / Double(total) }
    }

    public func topItems(of topic: Int, count: Int) -> [(item: Int, probability: Double)] {
        let beta = Double(counts.concentration)
        let scale = 1 / (Double(counts.totals[topic]) + beta * Double(vocabulary.count))
        // Those without an event come last, so that none that has one is missed for them.
        return TopK.indices(count: count, of: vocabulary.count) { counts.count($0, topic) }
            .filter { counts.count($0, topic) > 0 }
            .map { ($0, (Double(counts.count($0, topic)) + beta) * scale) }
    }

    /// φ as a matrix (V, K).
    public func itemProbabilities(shards: Shards) -> FloatBuffer { counts.itemProbabilities(shards: shards) }
}

extension TopicCounts {
    /// φ as a matrix (V, K), of the counts as they are now.
    package func itemProbabilities(shards: Shards) -> FloatBuffer {
        let pieces = 16, phi = FloatBuffer(count: items * topics)
        shards.forEach(pieces) { piece in
            for item in Shards.slice(piece, of: pieces, total: self.items) {
                let from = self.row(item), to = phi.base + item * self.topics
                for topic in 0..<self.topics { to[topic] = (Float(from[topic]) + self.concentration) * self.inverseTotals[topic] }
            }
        }
        return phi
    }

    /// How many n_wk are above zero.
    package var nonzero: Int {
        (0..<items).reduce(0) { sum, item in
            let row = row(item)
            return sum + (0..<topics).count { row[$0] > 0 }
        }
    }
}
