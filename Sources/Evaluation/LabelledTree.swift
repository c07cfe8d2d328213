/// A rooted tree whose leaves bear labels and weights, and how well the one tells of the other.
///
/// Nodes may have any number of children. Leaves are no nodes of their own: each hangs under one.
public struct LabelledTree: Sendable {
    /// By node, the one above, which has a higher number; nil for a root.
    public let parents: [Int?]
    /// By leaf, the node that it hangs under.
    public let places: [Int]
    /// By leaf: a number, from 0 on.
    public let labels: [Int]
    /// By leaf: how much it counts, positive.
    public let weights: [Double]

    /// Traps unless parents have higher numbers than their children, and there is a node, a label and a positive weight for each leaf.
    public init(parents: [Int?], places: [Int], labels: [Int], weights: [Double]) {
        precondition(parents.indices.allSatisfy { node in parents[node].map { $0 > node && $0 < parents.count } ?? true }, "children come before their parents")
        precondition(places.allSatisfy(parents.indices.contains), "each leaf hangs under a node")
        precondition(labels.count == places.count && labels.allSatisfy { $0 >= 0 }, "one label a leaf")
        precondition(weights.count == places.count && weights.allSatisfy { $0 > 0 && $0.isFinite }, "one positive weight a leaf")
        (self.parents, self.places, self.labels, self.weights) = (parents, places, labels, weights)
    }

    /// Dendrogram purity (Heller and Ghahramani, ICML 2005): draw two leaves of one label; of the leaves under the lowest node above both, the share
    /// that has this label; its mean over all such pairs.
    ///
    ///     Σ_(i<j, l_i = l_j) w_i w_j · w(l_i, above ij) / w(above ij)  /  Σ_(i<j, l_i = l_j) w_i w_j
    ///
    /// Weights w make leaves count as so many; with equal ones it is the published measure. Exact, in O(nodes · labels) after sorting.
    ///
    /// - Returns: between 0 and 1, and 1 where each label has a node with all of its leaves and no other; nil where no two leaves have one label, or
    ///   those that do are in trees apart.
    public var purity: Double? {
        let leaves = places.indices.sorted { (places[$0], labels[$0], $0) < (places[$1], labels[$1], $1) }
        var next = 0
        var open = [[Share]](repeating: [], count: parents.count)
        var pure = 0.0, all = 0.0
        for node in parents.indices {
            var own: [Share] = []
            while next < leaves.count, places[leaves[next]] == node {
                let leaf = leaves[next], weight = weights[leaf]
                if let last = own.last, last.label == labels[leaf] {
                    own[own.count - 1].pairs += last.weight * weight
                    own[own.count - 1].weight += weight
                } else {
                    own.append(Share(label: labels[leaf], weight: weight))
                }
                next += 1
            }
            let shares = Share.united(open[node], own)
            open[node] = []
            let total = shares.reduce(0) { $0 + $1.weight }
            for share in shares where share.pairs > 0 {
                pure += share.pairs * share.weight / total
                all += share.pairs
            }
            guard let parent = parents[node] else { continue }
            open[parent] = Share.united(open[parent], shares.map { Share(label: $0.label, weight: $0.weight) })
        }
        return all > 0 ? pure / all : nil
    }

    /// Purity if all leaves hung under one node: what a tree that knows nothing has.
    public var purityOfOneNode: Double? {
        LabelledTree(parents: [nil], places: places.map { _ in 0 }, labels: labels, weights: weights).purity
    }

    /// What a node has of one label.
    private struct Share {
        let label: Int
        var weight: Double
        /// Σ w_i w_j of the pairs that meet at this node.
        var pairs = 0.0

        /// Shares of both, rising by label; those of one label meet.
        static func united(_ a: [Share], _ b: [Share]) -> [Share] {
            if a.isEmpty { return b }
            var united: [Share] = []
            united.reserveCapacity(a.count + b.count)
            var i = 0, j = 0
            while i < a.count || j < b.count {
                if j == b.count || (i < a.count && a[i].label < b[j].label) {
                    united.append(a[i])
                    i += 1
                } else if i == a.count || b[j].label < a[i].label {
                    united.append(b[j])
                    j += 1
                } else {
                    united.append(Share(label: a[i].label, weight: a[i].weight + b[j].weight, pairs: a[i].pairs + b[j].pairs + a[i].weight * b[j].weight))
                    i += 1
                    j += 1
                }
            }
            return united
        }
    }
}
