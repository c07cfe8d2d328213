/// Known topics: K sparse distributions over V items, read by topic or by item.
public struct TrueTopics: Sendable {
    /// One entry of φ: the topic or the item on the other side, and φ_wk.
    public struct Entry: Sendable, Equatable {
        /// The item's number, below V, or the topic's, below K.
        public let index: UInt32
        /// φ_wk, from 0 to 1.
        public let probability: Double
    }

    /// The items of each topic, ascending; probabilities sum to 1.
    public let items: [[Entry]]
    /// The topics of each item, ascending.
    public let topics: [[Entry]]

    /// - Parameters:
    ///   - items: the items of each topic, with probabilities.
    ///   - itemCount: V; no item is as large.
    init(items: [[Entry]], itemCount: Int) {
        var topics = [[Entry]](repeating: [], count: itemCount)
        for (topic, entries) in items.enumerated() {
            for entry in entries where entry.probability > 0 {
                topics[Int(entry.index)].append(Entry(index: UInt32(topic), probability: entry.probability))
            }
        }
        self.items = items
        self.topics = topics
    }

    /// Draws each topic's support without replacement and its probabilities from a Dirichlet distribution.
    /// An item that no topic chose goes to one at random, so that the whole vocabulary can occur.
    init(drawnBy random: GSLRandom, settings: SyntheticSettings) {
        let size = Int((settings.support * Double(settings.items)).rounded())
        var supports = (0..<settings.topics).map { _ in random.choose(size, below: settings.items) }
        var covered = [Bool](repeating: false, count: settings.items)
        for support in supports { for item in support { covered[Int(item)] = true } }
        for item in 0..<settings.items where !covered[item] {
            supports[random.index(below: settings.topics)].append(UInt32(item))
        }
        self.init(
            items: supports.map { support in
                zip(support.sorted(), random.dirichlet(support.count, concentration: settings.concentration))
                    .map { Entry(index: $0, probability: $1) }
            },
            itemCount: settings.items)
    }

    /// K.
    public var count: Int { items.count }
    /// V.
    public var itemCount: Int { topics.count }

    /// φ as (K, V), row-major; each row sums to 1.
    public var dense: [Double] {
        var phi = [Double](repeating: 0, count: count * itemCount)
        for (topic, entries) in items.enumerated() {
            for entry in entries { phi[topic * itemCount + Int(entry.index)] = entry.probability }
        }
        return phi
    }
}
