import Kernels
import Testing
import TopicHierarchies
@testable import Evaluation

@Suite struct PathLabelsTests {
    @Test func `Levels are the heads of paths`() throws {
        let labels = try PathLabels(["dairy/cheese/gouda", "dairy/cheese/old/brie", "bread/rolls/plain", "dairy/milk/whole"], separator: "/")
        #expect(labels.levels.map(\.names) == [["dairy", "bread"], ["dairy/cheese", "bread/rolls", "dairy/milk"]])
        #expect(labels.levels.map(\.labels) == [[0, 0, 1, 0], [0, 0, 1, 2]])
    }

    @Test func `The shortest path says how many levels there are`() throws {
        #expect(try PathLabels(["a > b > c", "a > d"], separator: " > ").levels.map(\.names) == [["a"]])
        #expect(try PathLabels(["/a", "b//c"], separator: "/").levels.map(\.names) == [["", "b"]])
        #expect(try PathLabels(["a::b::c::d", "a::b::c::e"], separator: "::").levels.map(\.names) == [["a"], ["a::b"], ["a::b::c"]])
    }

    /// As items are: é as one character and as two are two labels.
    @Test func `Labels go by their bytes`() throws {
        let labels = try PathLabels(["caf\u{E9}/tea", "cafe\u{301}/tea", "caf\u{E9}/milk"], separator: "/")
        #expect(labels.levels.map(\.labels) == [[0, 1, 0]])
    }

    @Test func `Names that are no paths are refused, and named`() {
        let error = #expect(throws: NoPath.self) { try PathLabels(["a/b", "gouda", "c"], separator: "/") }
        #expect(error?.description.contains("\"gouda\"") == true && error?.remedy.contains("--separator") == true)
        #expect(throws: NoPath.self) { try PathLabels(["a/b"], separator: "") }
    }
}

@Suite struct HierarchyScoresTests {
    /// Topics on a line, merged by distance.
    private func tree(_ places: [Float]) throws -> TopicTree {
        let k = places.count
        return TopicTree(
            linkage: try Linkage(points: places, count: k, method: .average), shares: Array(repeating: 1 / Double(k), count: k), itemNames: ["x"]) { _ in [1] }
    }

    @Test func `A small tree is scored by hand`() throws {
        // ((0 1) 2): topics 0 and 1 are merged first.
        let tree = try tree([0, 1, 5])
        let names = ["food/bread", "food/milk", "food/eggs", "drink/beer", "drink/wine", "drink/rum"]
        let counts = [[9, 1, 0], [0, 4, 0], [0, 0, 3], [0, 5, 5], [0, 0, 8], [0, 0, 0]]
        let scores = HierarchyScores(tree, items: 6, topics: 3, labels: try PathLabels(names, separator: "/")) { counts[$0][$1] }
        #expect(scores.items == 5 && scores.itemsWithoutTopic == 1 && scores.topics == 3)
        let level = try #require(scores.levels.first)
        #expect(scores.levels.count == 1 && level.level == 1 && level.labels == 2)
        // Topics: bread 0; milk and (of two equal counts the first) beer 1; eggs and wine 2.
        // Bread and milk meet where two of three are food; both meet eggs at the root, three of five; beer meets wine there, two of five.
        let purity: Double = (2.0 / 3 + 1.2 + 0.4) / 4
        #expect(abs(try #require(level.purity) - purity) < 1e-12)
        // By events: bread 10, milk 4, eggs 3, beer 10, wine 8.
        let bread: Double = 40.0 * 14 / 24, eggs: Double = 42.0 * 17 / 35, drinks: Double = 80.0 * 18 / 35
        let byEvents: Double = (bread + eggs + drinks) / 162
        #expect(abs(try #require(level.purityByEvents) - byEvents) < 1e-12)
        let oneNode: Double = (1.8 + 0.4) / 4
        #expect(abs(try #require(level.purityOfOneNode) - oneNode) < 1e-12)
        // Labels of topics: 0 food with 9, 1 a tie of 5 and 5, which goes to food, that came first; 2 drink.
        #expect(level.topicPurity == 1)
        #expect(level.information == adjustedMutualInformation([0, 1, 2, 1, 2], [0, 0, 0, 1, 1]))
        #expect(level.branchInformation == adjustedMutualInformation([0, 0, 1, 0, 1], [0, 0, 0, 1, 1]))
    }

    @Test func `A tree of items is scored by hand`() throws {
        // (((0 1) 2) 3), and item 3 was never counted.
        let tree = TopicTree(
            linkage: try Linkage(points: [0, 1, 5, 20], count: 4, method: .average), shares: [1, 1, 1, 0], itemNames: ["x"], leaf: .item) { _ in [1] }
        let names = ["food/bread", "drink/beer", "food/milk", "food/eggs"], counts = [[2, 1], [5, 0], [0, 1], [0, 0]]
        let scores = HierarchyScores(tree, items: 4, topics: 2, labels: try PathLabels(names, separator: "/")) { counts[$0][$1] }
        #expect(scores.items == 3 && scores.itemsWithoutTopic == 1 && scores.topics == nil)
        let level = try #require(scores.levels.first)
        // Bread and milk meet where two of three are food; by events, four of nine.
        let (purity, byEvents) = (try #require(level.purity), try #require(level.purityByEvents))
        #expect(abs(purity - 2.0 / 3) < 1e-12 && abs(byEvents - 4.0 / 9) < 1e-12)
        #expect(level.topicPurity == nil && level.information == nil)
        // Cut in two, as many as there are labels: the first three, and the last.
        #expect(level.branchInformation == adjustedMutualInformation([0, 0, 0], [0, 1, 0]))
    }

    @Test func `Every level of a random hierarchy is scored as its leaves are`() throws {
        var random = RandomStream(seed: 3, purpose: .other)
        let k = 9, tree = try tree((0..<k).map { _ in Float(random.normal()) })
        let names = (0..<70).map { "d\(random.index(below: 3))/c\(random.index(below: 4))/i\($0)" }
        let counts = names.map { _ in (0..<k).map { _ in random.index(below: 4) * random.index(below: 3) } }
        let labels = try PathLabels(names, separator: "/")
        let scores = HierarchyScores(tree, items: names.count, topics: k, labels: labels) { counts[$0][$1] }
        #expect(scores.levels.count == 2)
        let kept = names.indices.filter { counts[$0].contains { $0 > 0 } }
        for (level, found) in zip(scores.levels, labels.levels) {
            let leaves = LabelledTree(
                parents: tree.nodes.map(\.parent), places: kept.map { item in counts[item].firstIndex(of: counts[item].max()!)! },
                labels: kept.map { found.labels[$0] }, weights: kept.map { _ in 1 })
            #expect(abs(try #require(level.purity) - LabelledTreeTests.naivePurity(leaves)!) < 1e-12)
        }
        // More labels than topics: the cut is into the topics themselves.
        #expect(scores.levels[1].labels > k && scores.levels[1].branchInformation == scores.levels[1].information)
        #expect(scores.levels[0].branchInformation != scores.levels[0].information)
    }
}
