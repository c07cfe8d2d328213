import Testing
@testable import TopicHierarchies

/// Four topics of six items: two about drink, two about food, and one item that all have.
func drinkAndFood() throws -> TopicTree {
    let linkage = try Linkage(points: [0, 0, 5, 0, 0, 1, 5.5, 0], count: 4, method: .ward)
    let phi: [[Float]] = [
        [0.5, 0.2, 0, 0, 0, 0.3],  // 0: beer, wine
        [0, 0, 0.4, 0.2, 0.1, 0.3],  // 1: bread, cheese, eggs
        [0.2, 0.5, 0, 0, 0, 0.3],  // 2: wine, beer
        [0, 0, 0.1, 0.4, 0.2, 0.3],  // 3: cheese, eggs, bread
    ]
    return TopicTree(
        linkage: linkage, shares: [0.1, 0.3, 0.2, 0.4], itemNames: ["beer", "wine", "bread", "cheese", "eggs", "bag"],
        labelLength: 2) { phi[$0] }
}

/// Topics whose items have the given names, one each, on a line.
func line(of names: [String]) throws -> TopicTree {
    let k = names.count
    let linkage = try Linkage(points: (0..<k).map { Float($0 * $0) }, count: k, method: .average)
    return TopicTree(linkage: linkage, shares: Array(repeating: 1 / Double(k), count: k), itemNames: names) { topic in
        (0..<k).map { $0 == topic ? 1 : 0 }
    }
}

@Suite struct TopicTreeTests {
    @Test func `Topics keep their numbers, and branches add up`() throws {
        let tree = try drinkAndFood()
        #expect(tree.nodes.map(\.id) == Array(0..<7))
        #expect(tree.nodes.map(\.isLeaf) == [true, true, true, true, false, false, false])
        #expect(tree.nodes.map(\.size) == [1, 1, 1, 1, 2, 2, 4])
        #expect(tree.nodes[4].children == [3, 1])
        #expect(tree.nodes[5].children == [2, 0])
        #expect(tree.nodes[6].children == [4, 5])
        #expect(tree.nodes.map(\.parent) == [5, 4, 5, 4, 6, 6, nil])
        #expect(abs(tree.nodes[4].share - 0.7) < 1e-12 && abs(tree.root.share - 1) < 1e-12)
        #expect(tree.leafOrder == [3, 1, 2, 0])
        #expect(tree.leaves(under: 5) == [2, 0])
        #expect(tree.leaves(under: 2) == [2])
    }

    @Test func `Topics are called by what they hold, branches by what others do not`() throws {
        let tree = try drinkAndFood()
        #expect(tree.nodes[0].label == "beer, bag")
        #expect(tree.nodes[0].items.map(\.probability) == [0.5, Double(Float(0.3))])
        // The bag is the second most frequent item of both branches, and of neither alone.
        #expect(tree.nodes[4].label == "cheese, bread")
        #expect(tree.nodes[5].label == "wine, beer")
        // (0.2 · 0.5 + 0.1 · 0.2) / 0.3
        #expect(abs(tree.nodes[5].items[0].probability - 0.4) < 1e-7)
        #expect(tree.root.label == "bag, cheese")
    }

    @Test func `The cut into branches undoes the last merges`() throws {
        let tree = try drinkAndFood()
        #expect(tree.branches(1) == [6])
        #expect(tree.branches(2) == [4, 5])
        #expect(tree.branches(3) == [4, 2, 0])
        #expect(tree.branches(4) == [3, 1, 2, 0])
        #expect(tree.branches(99) == tree.branches(4))
        #expect(tree.branches(0) == tree.branches(1))
        #expect(tree.branches(upTo: 0) == [3, 1, 2, 0])
        #expect(tree.branches(upTo: 0.5) == [4, 2, 0])
        #expect(tree.branches(upTo: 1) == [4, 5])
        #expect(tree.branches(upTo: .infinity) == [6])
    }

    @Test func `One topic is a tree, and so are two`() throws {
        let one = try line(of: ["milk"])
        #expect(one.root.isLeaf && one.leafOrder == [0] && one.branches(1) == [0])
        #expect(one.root.label == "milk")
        let two = try line(of: ["milk", "bread"])
        #expect(two.leafOrder == [0, 1])
        #expect(two.root.label == "milk, bread")
    }

    /// Two topics without items and two with some, merged so that the former are a branch, and that each is beside one with items.
    @Test(arguments: [[0, 1, 10, 12], [0, 10, 1, 12]] as [[Float]])
    func `What holds nothing is called so, and what is beside it by all that it holds`(points: [Float]) throws {
        let linkage = try Linkage(points: points, count: 4, method: .ward), phi: [[Float]] = [[0, 0, 0], [0, 0, 0], [0.7, 0.2, 0], [0, 0.4, 0.5]]
        let tree = TopicTree(linkage: linkage, shares: [0, 0, 0.6, 0.4], itemNames: ["milk", "", "beer"], labelLength: 2) { phi[$0] }
        #expect(tree.nodes.prefix(4).map(\.title) == ["topic 0 (empty)", "topic 1 (empty)", "topic 2: milk, ", "topic 3: beer, "])
        #expect(tree.nodes.prefix(4).map(\.isEmpty) == [true, true, false, false] && !tree.root.isEmpty && tree.root.title == "milk, ")
        // 0.6 · 0.7 of milk, 0.6 · 0.2 + 0.4 · 0.4 of what has no name, 0.4 · 0.5 of beer.
        #expect(abs(tree.root.items[0].probability - 0.42 / 0.9) < 1e-6 && abs(tree.root.items[1].probability - 0.28 / 0.9) < 1e-6)
        let branches = tree.nodes[4...5].sorted { $0.share < $1.share }
        if points[1] == 1 {
            #expect(branches.map(\.title) == ["(empty)", "milk, "] && branches[0].isEmpty && branches[0].items.isEmpty && branches[0].share == 0)
            #expect(branches[1].contrast == tree.root.items)
            #expect(tree.nodes[2].contrast.map(\.name) == ["milk"])
        } else {
            // Each of these is a topic and nothing: what sets the topic apart is all that it holds.
            #expect(branches.map(\.title) == ["beer, ", "milk"] && branches.allSatisfy { !$0.isEmpty })
            #expect(tree.nodes[2].contrast.map(\.name) == ["milk", ""] && tree.nodes[3].contrast.map(\.name) == ["beer", ""])
        }
        for format in [TreeFormat.text, .json, .newick, .graphml, .dot, .svg] {
            let empty = format == .svg ? ">(empty)<" : "topic 0 (empty)", said = format.render(tree)
            #expect(said.contains(empty) && said.contains(format == .svg ? ">milk, <" : "topic 2: milk, "), "\(format)")
        }
        #expect(TreeFormat.csv.render(tree).contains("\n0,\(tree.nodes[0].parent ?? -1),0,1,0.0,0.0,\n"))
    }

    @Test func `A tree of nothing has no names`() throws {
        let linkage = try Linkage(points: [0, 1, 5], count: 3, method: .ward)
        let tree = TopicTree(linkage: linkage, shares: [0, 0, 0], itemNames: ["a", "b"]) { _ in [0, 0] }
        #expect(tree.nodes.allSatisfy { $0.isEmpty && $0.items.isEmpty && $0.contrast.isEmpty } && tree.root.title == "(empty)")
        #expect(TreeFormat.svg.render(tree).contains("<title>Topics: (empty)</title>"))
    }

    @Test func `Topics without tokens have labels all the same`() throws {
        let linkage = try Linkage(points: [0, 1, 5], count: 3, method: .ward)
        let tree = TopicTree(linkage: linkage, shares: [0, 0, 0], itemNames: ["a", "b", "c"], labelLength: 1) { topic in
            (0..<3).map { $0 == topic ? 1 : 0 }
        }
        #expect(tree.nodes.allSatisfy { $0.items.count == 1 && $0.items[0].probability.isFinite })
    }
}
