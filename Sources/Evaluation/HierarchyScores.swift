import StochasticEM
import TopicHierarchies

/// How well a tree of topics goes with a hierarchy of items that people made (Paper-notes, open questions: what is scored of a hierarchy).
///
/// In a tree of topics, an item's topic is the one that it was counted in most often, ties to the lower number. The tree over items has all items of a topic
/// under that topic, side by side, and the topics as their tree has them. A topic's label is the one that most of its events have, ties to the label that came
/// first. In a tree of items each stands for itself.
public struct HierarchyScores: Sendable, Equatable, Encodable {
    /// Items that are scored.
    public let items: Int
    /// Items that no topic was counted for, since no event that was learned from is of them; they are not scored.
    public let itemsWithoutTopic: Int
    /// Topics that are some item's; nil for a tree of items.
    public let topics: Int?
    /// The coarsest first.
    public let levels: [Level]

    /// One depth of the hierarchy that people made.
    public struct Level: Sendable, Equatable, Encodable {
        /// From 1 on.
        public let level: Int
        /// Labels that items have.
        public let labels: Int
        /// Dendrogram purity of the tree over items, each counting alike; nil where no two items have one label.
        public let purity: Double?
        /// The same, an item counting as often as it was learned from.
        public let purityByEvents: Double?
        /// What `purity` would be if all items hung under one node.
        public let purityOfOneNode: Double?
        /// Dendrogram purity of the tree over topics, a topic counting as its events do; nil for a tree of items.
        public let topicPurity: Double?
        /// Adjusted mutual information of items' topics and labels; nil for a tree of items.
        public let information: Double?
        /// The same of the branches that the tree is cut into, as many as there are labels (all leaves, where they are fewer).
        public let branchInformation: Double?
    }

    /// - Parameters:
    ///   - tree: of the model's topics, or of its items.
    ///   - labels: of the model's items.
    public init(_ tree: TopicTree, model: LatentLSTMAllocation, labels: PathLabels) {
        self.init(tree, items: model.vocabulary.count, topics: model.counts.topics, labels: labels) { model.counts.count($0, $1) }
    }

    /// - Parameters:
    ///   - items: V.
    ///   - topics: K.
    ///   - count: n_wk of an item and a topic.
    init(_ tree: TopicTree, items total: Int, topics: Int, labels: PathLabels, count: (_ item: Int, _ topic: Int) -> Int) {
        // The leaf that each item hangs under.
        var scored: [Int] = [], places: [Int] = [], events: [Double] = []
        for item in 0..<total {
            let row = (0..<topics).map { count(item, $0) }
            guard let main = HierarchyScores.largest(row) else { continue }
            scored.append(item)
            places.append(tree.leaf == .topic ? main : item)
            events.append(Double(row.reduce(0, +)))
        }
        let parents = tree.nodes.map(\.parent)
        items = scored.count
        itemsWithoutTopic = total - scored.count
        self.topics = tree.leaf == .topic ? Set(places).count : nil
        levels = labels.levels.enumerated().map { depth, level in
            let own = scored.map { level.labels[$0] }
            let found = Set(own).count
            let alike = LabelledTree(parents: parents, places: places, labels: own, weights: own.map { _ in 1 })
            let byEvents = LabelledTree(parents: parents, places: places, labels: own, weights: events)
            var branchOf = [Int](repeating: 0, count: tree.leafCount)
            for branch in tree.branches(found) { for leaf in tree.leaves(under: branch) { branchOf[leaf] = branch } }
            return Level(
                level: depth + 1, labels: found, purity: alike.purity, purityByEvents: byEvents.purity, purityOfOneNode: alike.purityOfOneNode,
                topicPurity: tree.leaf == .topic
                    ? HierarchyScores.labelledTopics(tree, parents: parents, items: scored, level: level, count: count).purity : nil,
                information: tree.leaf == .topic ? adjustedMutualInformation(places, own) : nil,
                branchInformation: adjustedMutualInformation(places.map { branchOf[$0] }, own))
        }
    }

    /// The topics' tree, each topic a leaf with the label of most of its events. Topics without events are no leaves.
    private static func labelledTopics(
        _ tree: TopicTree, parents: [Int?], items: [Int], level: PathLabels.Level, count: (Int, Int) -> Int
    ) -> LabelledTree {
        var places: [Int] = [], labels: [Int] = [], weights: [Double] = []
        for topic in 0..<tree.leafCount {
            var events = [Int](repeating: 0, count: level.names.count)
            for item in items { events[level.labels[item]] += count(item, topic) }
            guard let label = largest(events) else { continue }
            places.append(topic)
            labels.append(label)
            weights.append(Double(events.reduce(0, +)))
        }
        return LabelledTree(parents: parents, places: places, labels: labels, weights: weights)
    }

    /// The place of the largest count, the first among equals; nil where all are 0.
    private static func largest(_ counts: [Int]) -> Int? {
        counts.indices.filter { counts[$0] > 0 }.max { (counts[$0], $1) < (counts[$1], $0) }
    }
}
