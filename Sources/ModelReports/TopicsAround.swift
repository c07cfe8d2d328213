import Corpora
import Kernels
import StochasticEM

/// Which topics stand around each item of a log, as a model reads it (Paper-notes H4).
///
///     a(w, k) = Σ_(t: w_t = w) [ θ_t(k) + θ_{t+1}(k) + Σ_(d = 1 … D) (γ_{t−d}(k) + γ_{t+d}(k)) / d ]
///
/// with θ what is expected before the item and behind it, from all of the past, and γ the topics of the events near it. What an
/// item's own topic is says how it is counted; this says where it is met, and of two items of one topic which is met where. Events of unknown items
/// have no γ, and d counts the others alone; θ knows of them where the model reads them.
struct TopicsAround {
    /// D. Beyond it an event weighs a twentieth of a neighbour's.
    static let reach = 20

    /// V.
    let items: Int
    /// K.
    let topics: Int
    /// (V, K), row-major.
    let sums: [Double]

    init(_ log: Corpus, model: LatentLSTMAllocation, shards: Shards) {
        let (items, topics) = (model.vocabulary.count, model.counts.topics)
        let partial = ByShard { Sums(items: items, topics: topics) }
        model.readTopics(log, first: [Int](repeating: 0, count: log.count), shards: shards) { seen in
            partial.with(shard: seen.shard) { $0.add(seen, of: log, model: model) }
        }
        var total = [Double](repeating: 0, count: items * topics)
        for part in partial.inOrder {
            for i in total.indices { total[i] += part.sums[i] }
        }
        (self.items, self.topics, sums) = (items, topics, total)
    }

    /// What a shard adds up.
    private struct Sums {
        private let topics: Int
        var sums: [Double]
        /// Of sequences under way.
        private var open: [Int: Recent] = [:]
        private static let least = 1e-4

        /// The last events of a sequence, the last one first.
        private struct Recent {
            /// γ without what is next to nothing beside the largest.
            var events: [(item: Int, gamma: [(topic: Int, share: Double)])] = []
            /// The item that stands right before what comes.
            var last: Int?
        }

        init(items: Int, topics: Int) {
            self.topics = topics
            sums = [Double](repeating: 0, count: items * topics)
        }

        mutating func add(_ seen: TopicExpectations, of log: Corpus, model: LatentLSTMAllocation) {
            var posterior = TopicPosterior(model)
            for (row, n) in seen.sequences.enumerated() {
                let theta = seen.proportions.row(row)
                var recent = open.removeValue(forKey: n) ?? Recent()
                if let last = recent.last { add(theta, to: last) }
                recent.last = seen.items[row]
                if let item = seen.items[row] {
                    add(theta, to: item)
                    _ = posterior.update(theta, item: item)
                    let gamma = heaviest(posterior.gamma)
                    for (place, before) in recent.events.enumerated() {
                        let weight = 1 / Double(place + 1)
                        for (topic, share) in before.gamma { sums[item * topics + topic] += weight * share }
                        for (topic, share) in gamma { sums[before.item * topics + topic] += weight * share }
                    }
                    if recent.events.count == TopicsAround.reach { recent.events.removeLast() }
                    recent.events.insert((item, gamma), at: 0)
                }
                if seen.positions[row] < log.length(n) { open[n] = recent }
            }
        }

        private mutating func add(_ theta: UnsafePointer<Float>, to item: Int) {
            for k in 0..<topics { sums[item * topics + k] += Double(theta[k]) }
        }

        private func heaviest(_ gamma: [Double]) -> [(topic: Int, share: Double)] {
            let limit = Sums.least * (gamma.max() ?? 0)
            let kept = gamma.indices.filter { gamma[$0] > limit }
            let total = kept.reduce(0) { $0 + gamma[$1] }
            return kept.map { ($0, gamma[$0] / total) }
        }
    }
}
