import StochasticEM
import TopicHierarchies
import Testing
@testable import ModelReports

/// What topics are called by and scored on, against their counts: topics without events and with a single item among them.
@Suite struct HeldItemsTests {
    /// Topics 2 and 5 have no event, topic 4 a single item.
    private static func model() throws -> LatentLSTMAllocation {
        let model = try SmallModel.make(topics: 8), k = 8
        var table = model.counts.snapshot()
        for item in 0..<model.vocabulary.count {
            for topic in [2, 4, 5] { table[item * k + topic] = topic == 4 && item == 30 ? 7 : 0 }
        }
        model.counts.restore(table)
        return model
    }

    /// (item, n_wk) of all that a topic holds, the most events first.
    private static func held(_ model: LatentLSTMAllocation, _ topic: Int) -> [(item: Int, count: Int)] {
        (0..<model.vocabulary.count).map { ($0, model.counts.count($0, topic)) }.filter { $0.1 > 0 }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }

    @Test(arguments: [1, 2, 5, 100])
    func `The foremost items of a topic are among those that it holds`(count: Int) throws {
        let model = try Self.model()
        #expect((0..<8).filter(model.isEmpty) == [2, 5])
        for topic in 0..<8 {
            let found = model.topItems(of: topic, count: count), held = Self.held(model, topic)
            #expect(found.map(\.item) == held.prefix(count).map(\.item))
            let phi = model.itemDistribution(of: topic)
            for (item, probability) in found { #expect(abs(probability - Double(phi[item])) < 1e-6) }
            let own = model.heldDistribution(of: topic)
            #expect(own.indices.allSatisfy { own[$0] == (model.counts.count($0, topic) > 0 ? phi[$0] : 0) })
        }
        // What the filter is for: a topic that holds fewer, without which all of this would be true of a list of all.
        if count > 1 { #expect(model.topItems(of: 4, count: count).map(\.item) == [30]) }
    }

    @Test func `Nodes of the tree are called by what is held below them`() throws {
        let model = try Self.model(), tree = try TopicTree(topicsOf: model, labelLength: 6)
        for node in tree.nodes {
            let topics = tree.leaves(under: node.id)
            let held = Set(topics.flatMap { Self.held(model, $0).map { model.vocabulary.items[$0.item] } })
            #expect(node.isEmpty == held.isEmpty && Set((node.items + node.contrast).map(\.name)).isSubset(of: held))
            #expect(node.items.isEmpty == held.isEmpty)
        }
        #expect(tree.nodes[2].title == "topic 2 (empty)" && tree.nodes[4].title == "topic 4: item 30")
    }

    @Test func `The table of a page scores topics of two items and more`() throws {
        let model = try Self.model()
        var names = ItemNames(model.vocabulary)
        let section = TopicSection(model, log: SmallModel.log(for: model), names: &names)
        for (number, topic) in section.list.enumerated() {
            let held = Self.held(model, number)
            #expect((topic.coherence != nil) == (held.count > 1) && topic.items.isEmpty == held.isEmpty)
            #expect(topic.items.allSatisfy { place in held.contains { model.vocabulary.items[$0.item] == names.list[place] } })
        }
    }
}
