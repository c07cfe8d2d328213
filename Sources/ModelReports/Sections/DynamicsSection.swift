import Corpora
import Kernels
import StochasticEM
import TopicHierarchies

/// What follows what, and how long users stay: between topics (branches, where topics are too many), and as a matrix.
struct DynamicsSection: Encodable {
    struct Unit: Encodable {
        /// Its node in the tree.
        let node: Int
        /// Expected probability that the same comes next; nil where the log has none of it.
        let stay: Double?
        /// Events in a row, on average.
        let run: Double?
        /// What comes next but itself, as places in `units`, and how likely that is; the likeliest first.
        let next: [Int]
        let probabilities: [Double]
    }

    /// Shares of the branches in the order of the tree; rows say what comes next.
    struct Matrix: Encodable {
        let nodes: [Int]
        let rows: [[Double]]
    }

    let events: Int
    let sequences: Int
    let units: [Unit]
    let matrix: Matrix

    /// Topics that are told apart; beyond them, branches.
    private static let mostUnits = 1000
    /// Rows of the matrix that can still be seen.
    private static let mostRows = 64
    private static let listed = 8

    init(_ log: Corpus, model: LatentLSTMAllocation, tree: TopicTree, shards: Shards) {
        let nodes = tree.branches(Self.mostUnits)
        var group = [Int](repeating: 0, count: tree.leafCount)
        for (unit, node) in nodes.enumerated() { for topic in tree.leaves(under: node) { group[topic] = unit } }
        let flow = TopicFlow(log, model: model, group: group, groups: nodes.count, shards: shards)
        events = flow.events
        sequences = flow.sequences
        units = nodes.enumerated().map { unit, node in
            guard let next = flow.next(of: unit) else { return Unit(node: node, stay: nil, run: nil, next: [], probabilities: []) }
            let foremost = TopK.indices(count: Self.listed, of: nodes.count) { $0 == unit ? -1 : next[$0] }.filter { $0 != unit }
            return Unit(
                node: node, stay: next[unit].brief, run: flow.meanRun(of: unit)?.brief, next: foremost,
                probabilities: foremost.map { next[$0].brief })
        }
        matrix = Self.matrix(flow, nodes: nodes, tree: tree)
    }

    private static func matrix(_ flow: TopicFlow, nodes: [Int], tree: TopicTree) -> Matrix {
        let rows = tree.branches(min(mostRows, nodes.count))
        // Units lie in the order of the tree, so that those of a branch are neighbours.
        var row = [Int](repeating: 0, count: tree.leafCount)
        for (place, node) in rows.enumerated() { for topic in tree.leaves(under: node) { row[topic] = place } }
        let rowOfUnit = nodes.map { row[tree.leaves(under: $0)[0]] }
        var sums = [[Double]](repeating: [Double](repeating: 0, count: rows.count), count: rows.count)
        var mass = [Double](repeating: 0, count: rows.count)
        for from in nodes.indices {
            mass[rowOfUnit[from]] += flow.mass[from]
            for to in nodes.indices { sums[rowOfUnit[from]][rowOfUnit[to]] += flow.sums[from * nodes.count + to] }
        }
        return Matrix(
            nodes: rows, rows: zip(sums, mass).map { sums, mass in sums.map { mass > 0 ? ($0 / mass).brief : 0 } })
    }
}
