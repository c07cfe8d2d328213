import Corpora
import Kernels
import StochasticEM
import Testing
import TopicHierarchies
@testable import ModelReports

/// What is around items, against the model asked anew for every prefix of every sequence.
@Suite struct TopicsAroundTests {
    /// a(w, k) by its definition, (V, K).
    ///
    /// - Parameter weight: of an event d places away.
    private func naive(_ log: Corpus, _ model: LatentLSTMAllocation, weight: (Int) -> Double) -> [Double] {
        let k = model.counts.topics
        var sums = [Double](repeating: 0, count: model.vocabulary.count * k)
        for n in 0..<log.count {
            let items = Array(log.sequence(n))
            let theta = (0...items.count).map {
                PrefixReading.expected(model, behind: Array(items[..<$0]), user: log.users[n], unknown: log.unknown)
            }
            // Events of unknown items have no topic, and are not counted as places between others.
            let known = items.indices.filter { items[$0] < model.vocabulary.count }
            let gamma = known.map { PrefixReading.posterior(model, theta[$0], items[$0]).gamma }
            for (place, t) in known.enumerated() {
                for topic in 0..<k {
                    var around = Double(theta[t][topic] + theta[t + 1][topic])
                    for other in known.indices where other != place { around += weight(abs(other - place)) * gamma[other][topic] }
                    sums[Int(items[t]) * k + topic] += around
                }
            }
        }
        return sums
    }

    /// Sequences longer than what is near, one of a single event, and an empty one.
    private func walks(of model: LatentLSTMAllocation) -> Corpus {
        var random = RandomStream(seed: 11, purpose: .other)
        let lengths = [26, 1, 0, 31, 7]
        let items = (0..<lengths.reduce(0, +)).map { _ in UInt32(random.index(below: 25)) }
        return Corpus(
            vocabulary: model.vocabulary, users: lengths.indices.map { "user \($0)" }, items: items,
            starts: lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) })
    }

    /// The char variant reads items that it does not know.
    @Test(arguments: [FitSettings.Variant.word, .belief, .char])
    func `Around an item are what was expected and the topics near it`(variant: FitSettings.Variant) throws {
        let model = try SmallModel.make(variant: variant), log = variant == .char ? SmallModel.withUnknown(walks(of: model)) : walks(of: model)
        let around = TopicsAround(log, model: model, shards: Shards(threads: 2))
        let right = naive(log, model) { $0 <= TopicsAround.reach ? 1 / Double($0) : 0 }
        func isNear(_ other: [Double]) -> Bool {
            // Shares of γ below a ten-thousandth of the largest are left out there.
            zip(around.sums, other).allSatisfy { abs($0 - $1) < 1e-2 + 5e-3 * abs($1) }
        }
        #expect(around.items == 40 && around.topics == 6 && isNear(right))
        // The check sees what is wrong: weights that fall otherwise, and no end of what is near.
        #expect(!isNear(naive(log, model) { $0 <= TopicsAround.reach ? 1 / Double($0 + 1) : 0 }))
        #expect(!isNear(naive(log, model) { 1 / Double($0) }))
        // Items that the log has not have nothing around them.
        #expect((25 * 6..<40 * 6).allSatisfy { around.sums[$0] == 0 })
    }

    @Test func `What is around items does not hang on the number of threads`() throws {
        let model = try SmallModel.make(variant: .topic), log = walks(of: model)
        #expect(TopicsAround(log, model: model, shards: Shards(threads: 1)).sums == TopicsAround(log, model: model, shards: Shards(threads: 3)).sums)
    }

    /// Two walks that never meet: items of one lie under one branch, whatever their own topics are.
    @Test func `Items that are met among the same topics stand together`() throws {
        let model = try SmallModel.make(topics: 6, items: 12)
        var random = RandomStream(seed: 4, purpose: .other)
        let items = (0..<600).map { UInt32($0 / 30 % 2 * 6 + random.index(below: 6)) }
        let log = Corpus(vocabulary: model.vocabulary, users: (0..<20).map { "user \($0)" }, items: items, starts: Array(stride(from: 0, through: 600, by: 30)))
        let tree = try TopicTree(itemsOf: model, in: log, labelLength: 3, shards: Shards(threads: 1))
        #expect(tree.leaf == .item && tree.leafCount == 12)
        #expect(Set(tree.branches(2).map { Set(tree.leaves(under: $0)) }) == [Set(0..<6), Set(6..<12)])
        #expect(tree.nodes[3].title == "item 3" && abs(tree.root.share - 1) < 1e-12)
        // The model's own softmax rows know nothing of these walks.
        #expect(try TopicTree(topicsOf: model, labelLength: 3).leafCount == 6)
    }

    @Test func `A page has the tree alone, of topics or of items`() throws {
        let model = try SmallModel.make(names: ["</script><script>alert(1)</script>"])
        for tree in [try TopicTree(topicsOf: model, labelLength: 5), try TopicTree(itemsOf: model, in: walks(of: model), labelLength: 5, shards: Shards(threads: 1))] {
            let html = try TreePage(tree, of: model, title: "a < b").html
            #expect(html.contains("<title>a &lt; b</title>") && html.contains("\"leaf\":\"\(tree.leaf.rawValue)\"") && html.contains("default-src 'none'"))
            // The template's own two scripts, and no other.
            #expect(html.components(separatedBy: "<script").count == 3 && html.components(separatedBy: "</script").count == 3)
            for section in ["\"fit\":", "\"topics\":{", "\"network\":"] { #expect(!html.contains(section), "\(section)") }
        }
    }
}
