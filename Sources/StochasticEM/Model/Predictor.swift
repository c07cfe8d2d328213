import Corpora
import Kernels

/// What a user does next, in the user's own names.
public struct Prediction: Codable, Sendable, Equatable {
    /// A topic that may come next.
    public struct Topic: Codable, Sendable, Equatable {
        /// Below K.
        public let topic: Int
        /// θ̄(k), the filter's mean proportion of the topic (Paper-notes E3).
        public let probability: Double
        /// What the topic is about: the most probable of the items that it holds; none where it has no event.
        public let items: [String]
    }

    /// An item that may come next, by its own name.
    public struct Item: Codable, Sendable, Equatable {
        /// Its name in the log.
        public let item: String
        /// p(item | all events before).
        public let probability: Double
    }

    /// The sequence's external name.
    public let user: String
    /// The most likely next topics, for models that have topics.
    public let topics: [Topic]?
    /// The most likely next items, the likeliest first.
    public let items: [Item]
}

/// Predicts what comes behind the last event of each sequence.
public struct Predictor: Sendable {
    private let model: any SequenceModel
    /// Of each topic, for models that have topics.
    private let topItems: [[String]]
    /// Items, and topics, to list.
    public let count: Int
    private let shards: Shards

    /// - Parameter count: items, and topics, of a prediction.
    public init(_ model: any SequenceModel, count: Int, shards: Shards) {
        self.model = model.prepared(shards: shards)
        self.count = count
        self.shards = shards
        topItems = (model as? any TopicModel).map { model in
            (0..<model.topicCount).map { topic in model.topItems(of: topic, count: 3).map { model.vocabulary.items[$0.item] } }
        } ?? []
    }

    /// One prediction a sequence, in the corpus's order. A sequence without a known event gets what the model expects of a new user.
    public func predict(_ corpus: Corpus) -> [Prediction] {
        ParallelSlots.filled(with: nil as Prediction?, count: corpus.count) { slots in
            model.read(corpus, first: (0..<corpus.count).map(corpus.length), shards: shards) { seen in
                for (row, n) in seen.sequences.enumerated() { slots[n] = self.prediction(seen, row: row, user: corpus.users[n]) }
            }
        }.compactMap(\.self)
    }

    private func prediction(_ seen: Predictions, row: Int, user: String) -> Prediction {
        let probabilities = seen.probabilities.row(row)
        let items = TopK.indices(count: count, of: seen.probabilities.columns) { probabilities[$0] }.map {
            Prediction.Item(item: model.vocabulary.items[$0], probability: Double(probabilities[$0]))
        }
        let topics = seen.proportions.map { proportions in
            let theta = proportions.row(row)
            return TopK.indices(count: count, of: proportions.columns) { theta[$0] }.map {
                Prediction.Topic(topic: $0, probability: Double(theta[$0]), items: topItems[$0])
            }
        }
        return Prediction(user: user, topics: topics, items: items)
    }
}
