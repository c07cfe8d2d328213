import Corpora
import Foundation
import Kernels
import StochasticEM

/// One sequence as a model reads it: which topics it expected before each event, and which one the event had.
public struct TopicTrace: Sendable, Equatable {
    /// A topic that may be, and how likely it is.
    public struct Share: Sendable, Equatable {
        /// Below K.
        public let topic: Int
        /// From 0 to 1.
        public let probability: Double
    }

    /// An event.
    public struct Step: Sendable, Equatable {
        /// w_t, below V.
        public let item: Int
        /// p(w_t | w_{<t}).
        public let probability: Double
        /// The most likely topic of the event given all events up to it, arg max γ_t, with γ_t(k) of it.
        public let topic: Share
        /// The largest θ_t(k), known before the event, the largest first.
        public let expected: [Share]

        /// The place among `expected`, from 0, of the topic that came; nil where it is none of them.
        public var rank: Int? { expected.firstIndex { $0.topic == topic.topic } }
    }

    /// The sequence's external name.
    public let user: String
    /// In their order, the events whose item the vocabulary holds.
    public let steps: [Step]
    /// What is expected behind the last event.
    public let next: [Share]

    /// Reads all sequences of a corpus, which are few.
    ///
    /// - Parameters:
    ///   - corpus: numbered by the model's vocabulary.
    ///   - count: topics to list before each event.
    public static func read(_ corpus: Corpus, model: LatentLSTMAllocation, count: Int = 3, shards: Shards) -> [TopicTrace] {
        let rows = ByShard { Rows() }
        model.readTopics(corpus, first: [Int](repeating: 0, count: corpus.count), shards: shards) { seen in
            rows.with(shard: seen.shard) { $0.add(seen, model: model, count: count) }
        }
        // Each sequence was read in one shard, in its order.
        var steps = [[Step]](repeating: [], count: corpus.count), next = [[Share]](repeating: [], count: corpus.count)
        for found in rows.inOrder {
            for (n, step) in found.steps { steps[n].append(step) }
            for (n, shares) in found.next { next[n] = shares }
        }
        return (0..<corpus.count).map { TopicTrace(user: corpus.users[$0], steps: steps[$0], next: next[$0]) }
    }

    /// What one shard found, in the order in which it was read.
    private struct Rows {
        var steps: [(sequence: Int, step: Step)] = []
        var next: [(sequence: Int, expected: [Share])] = []

        mutating func add(_ seen: TopicExpectations, model: LatentLSTMAllocation, count: Int) {
            var posterior = TopicPosterior(model)
            for (row, n) in seen.sequences.enumerated() {
                let theta = seen.proportions.row(row)
                let expected = TopK.indices(count: count, of: seen.proportions.columns) { theta[$0] }
                    .map { Share(topic: $0, probability: Double(theta[$0])) }
                guard let item = seen.items[row] else {
                    // Behind an item that is unknown there may be more: the last is that behind the last event.
                    next.append((n, expected))
                    continue
                }
                let likelihood = posterior.update(theta, item: item)
                let topic = posterior.foremost
                steps.append((n, Step(item: item, probability: likelihood, topic: Share(topic: topic, probability: posterior.gamma[topic]), expected: expected)))
            }
        }
    }
}
