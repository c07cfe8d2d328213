import Kernels
import Testing
@testable import Evaluation

@Suite struct LabelledTreeTests {
    /// The definition word for word: all pairs, the ancestors of both, all leaves under the lowest that they share.
    static func naivePurity(_ tree: LabelledTree) -> Double? {
        func ancestors(_ leaf: Int) -> [Int] {
            var path: [Int] = [], node: Int? = tree.places[leaf]
            while let at = node {
                path.append(at)
                node = tree.parents[at]
            }
            return path
        }
        let paths = tree.places.indices.map(ancestors)
        var pure = 0.0, all = 0.0
        for i in tree.places.indices {
            for j in tree.places.indices where j > i && tree.labels[i] == tree.labels[j] {
                guard let lowest = paths[i].first(where: paths[j].contains) else { continue }
                let under = tree.places.indices.filter { paths[$0].contains(lowest) }
                let alike = under.filter { tree.labels[$0] == tree.labels[i] }.reduce(0) { $0 + tree.weights[$1] }
                let pair = tree.weights[i] * tree.weights[j]
                pure += pair * alike / under.reduce(0) { $0 + tree.weights[$1] }
                all += pair
            }
        }
        return all > 0 ? pure / all : nil
    }

    /// A tree of nodes with any number of children, some of them without leaves; at times two trees.
    static func random(_ random: inout RandomStream, equal: Bool) -> LabelledTree {
        let nodes = 1 + random.index(below: 30), leaves = random.index(below: 40), labels = 1 + random.index(below: 6)
        let parents = (0..<nodes).map { node in node == nodes - 1 || random.index(below: 20) == 0 ? nil : node + 1 + random.index(below: nodes - node - 1) }
        return LabelledTree(
            parents: parents, places: (0..<leaves).map { _ in random.index(below: nodes) }, labels: (0..<leaves).map { _ in random.index(below: labels) },
            weights: (0..<leaves).map { _ in equal ? 1 : 0.25 + random.uniformDouble() })
    }

    @Test func `Sums over nodes are the sum over pairs`() throws {
        var stream = RandomStream(seed: 7, purpose: .other), differs = 0
        for trial in 0..<400 {
            let tree = LabelledTreeTests.random(&stream, equal: trial % 2 == 0)
            let naive = LabelledTreeTests.naivePurity(tree)
            #expect((tree.purity == nil) == (naive == nil))
            if let fast = tree.purity, let naive { #expect(abs(fast - naive) < 1e-12) }
            // The twin: weights that are forgotten are another measure.
            let forgetful = LabelledTree(parents: tree.parents, places: tree.places, labels: tree.labels, weights: tree.weights.map { _ in 1 })
            if trial % 2 == 1, let naive, let purity = forgetful.purity, abs(purity - naive) > 1e-6 { differs += 1 }
        }
        #expect(differs > 100)
    }

    @Test func `Purity is what one counts by hand`() throws {
        // ((a a) (b a)) b, as merges of single leaves: nodes 0 = aa, 1 = ba, 2 = both, 3 = the root with one more b.
        let tree = LabelledTree(parents: [2, 2, 3, nil], places: [0, 0, 1, 1, 3], labels: [0, 0, 1, 0, 1], weights: [1, 1, 1, 1, 1])
        // Pairs of a: one at node 0 (1), two at node 2 (3/4 each); of b: one at the root (2/5).
        let purity: Double = (1 + 0.75 + 0.75 + 0.4) / 4
        #expect(abs(try #require(tree.purity) - purity) < 1e-15)
        // All pairs at the root: three of a (3/5 each), one of b (2/5).
        let oneNode: Double = (1.8 + 0.4) / 4
        #expect(abs(try #require(tree.purityOfOneNode) - oneNode) < 1e-15)
    }

    @Test func `A tree that has each label apart is pure, and one without pairs is nothing`() throws {
        #expect(LabelledTree(parents: [2, 2, nil], places: [0, 0, 1, 1, 1], labels: [4, 4, 9, 9, 9], weights: [1, 2, 3, 4, 5]).purity == 1)
        #expect(LabelledTree(parents: [nil], places: [0, 0], labels: [0, 1], weights: [1, 1]).purity == nil)
        #expect(LabelledTree(parents: [nil], places: [], labels: [], weights: []).purity == nil)
        #expect(LabelledTree(parents: [nil, nil], places: [0, 1], labels: [0, 0], weights: [1, 1]).purity == nil)
    }

    /// As many leaves in one place as the weight says are one leaf of that weight, but for the pairs that they make among themselves.
    @Test func `A weight of two is two leaves`() throws {
        let one = LabelledTree(parents: [2, 2, nil], places: [0, 0, 1, 1], labels: [0, 1, 0, 1], weights: [2, 1, 1, 3])
        let several = LabelledTree(parents: [2, 2, nil], places: [0, 0, 0, 1, 1, 1, 1], labels: [0, 0, 1, 0, 1, 1, 1], weights: Array(repeating: 1, count: 7))
        // By hand: pairs across, two of 0 and three of 1, at the root (3/7 and 4/7); within, one of 0 (2/3) and three of 1 (3/4).
        let across: Double = 6.0 / 7 + 12.0 / 7, within: Double = 2.0 / 3 + 2.25
        let heavy: Double = across / 5, light: Double = (across + within) / 9
        #expect(abs(try #require(one.purity) - heavy) < 1e-15)
        #expect(abs(try #require(several.purity) - light) < 1e-15)
    }

    @Test func `Deep trees of many leaves take no time`() {
        let count = 20_000
        var stream = RandomStream(seed: 8, purpose: .other)
        let tree = LabelledTree(
            parents: (0..<count).map { $0 == count - 1 ? nil : $0 + 1 }, places: Array(0..<count), labels: (0..<count).map { _ in stream.index(below: 9) },
            weights: Array(repeating: 1, count: count))
        let purity = tree.purity ?? 0
        // Independent labels: no purer than chance, but for the few nodes with few leaves.
        #expect(purity > 1.0 / 9 && purity < 1.0 / 9 + 0.01)
    }
}
