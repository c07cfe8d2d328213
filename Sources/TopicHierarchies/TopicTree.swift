/// A tree whose leaves are topics, or items.
///
/// Nodes 0 ..< K are the leaves, under their own numbers, which never change. Nodes K ..< 2K − 1 are branches, in
/// the order in which they were merged; the last of them is the root (with one leaf, that leaf).
public struct TopicTree: Sendable {
    /// What the leaves are.
    public enum Leaf: String, Sendable {
        /// Topics of a model, or items of its vocabulary.
        case topic, item

        /// What a leaf is called that has these items.
        func title(_ id: Int, _ label: String) -> String {
            switch self {
            case .topic: "topic \(id): \(label)"
            case .item: label
            }
        }

        /// What a leaf is called that holds nothing.
        func emptyTitle(_ id: Int) -> String {
            switch self {
            case .topic: "topic \(id) \(Node.empty)"
            case .item: Node.empty
            }
        }
    }

    /// An item in a label.
    public struct Item: Sendable, Equatable {
        /// The item's external name.
        public let name: String
        /// p(item | node), of a branch among the items that leaves below it hold.
        public let probability: Double
    }

    /// A leaf, or a branch of two nodes.
    public struct Node: Sendable {
        /// Its place in `nodes`: below K for a leaf, from K on for a branch.
        public let id: Int
        /// Nil for the root.
        public let parent: Int?
        /// None for a leaf; two for a branch, the one with the larger share first.
        public let children: [Int]
        /// At which the branch was merged; 0 for a leaf.
        public let height: Double
        /// Of the tokens, between 0 and 1.
        public let share: Double
        /// Leaves below; 1 for a leaf.
        public let size: Int
        /// Whether none of its leaves holds an item: a topic without events, or a branch of such.
        public let isEmpty: Bool
        /// A topic's most probable items; those that set a branch apart from the branch beside it. The foremost first.
        public let items: [Item]
        /// The items that set it apart from the node beside it, the foremost first; none for the root. A branch is called by them.
        public let contrast: [Item]

        /// What it is called: "topic 3: milk, bread" or, for a branch or an item, "milk, bread"; "topic 3 (empty)" or "(empty)" where it
        /// holds nothing.
        public let title: String

        static let empty = "(empty)"

        /// Whether this is a leaf.
        public var isLeaf: Bool { children.isEmpty }

        /// The items' names, with commas between them.
        public var label: String { Self.label(items) }

        static func label(_ items: [Item]) -> String { items.map(\.name).joined(separator: ", ") }
    }

    /// 2K − 1 of them, by `id`; children come before their parents.
    public let nodes: [Node]
    /// K.
    public let leafCount: Int
    /// What the leaves are.
    public let leaf: Leaf

    /// - Parameters:
    ///   - linkage: of the K leaves.
    ///   - shares: of the tokens, K values, finite and not negative.
    ///   - itemNames: V names.
    ///   - labelLength: items to a label.
    ///   - leaf: what the leaves are.
    ///   - phi: φ_k of a leaf, V probabilities, 0 for items that it does not hold; asked for once a leaf.
    public init(
        linkage: Linkage, shares: [Double], itemNames: [String], labelLength: Int = 5, leaf: Leaf = .topic, phi: (_ leaf: Int) -> [Float]
    ) {
        precondition(shares.count == linkage.count && shares.allSatisfy { $0 >= 0 && $0.isFinite }, "one share a leaf")
        let k = linkage.count
        leafCount = k
        self.leaf = leaf
        var share = shares, size = [Int](repeating: 1, count: k)
        var children = [[Int]](repeating: [], count: k), parent = [Int?](repeating: nil, count: 2 * k - 1)
        for (index, merge) in linkage.merges.enumerated() {
            let pair = [merge.a, merge.b]
            share.append(pair.map { share[$0] }.reduce(0, +))
            size.append(merge.size)
            children.append(share[merge.a] >= share[merge.b] ? pair : pair.reversed())
            for child in pair { parent[child] = k + index }
        }
        let labels = BranchLabels(children: children, shares: shares, vocabulary: itemNames.count, length: labelLength)
        let found = labels.compute(phi: phi)
        func named(_ found: [BranchLabels.Found]) -> [Item] {
            found.map { Item(name: itemNames[$0.item], probability: $0.probability) }
        }
        nodes = (0..<2 * k - 1).map { id in
            let items = named(found.labels[id]), label = Node.label(items), isEmpty = found.isEmpty[id]
            return Node(
                id: id, parent: parent[id], children: children[id], height: id < k ? 0 : linkage.merges[id - k].height,
                share: share[id], size: size[id], isEmpty: isEmpty, items: items, contrast: named(found.contrasts[id]),
                title: id < k ? (isEmpty ? leaf.emptyTitle(id) : leaf.title(id, label)) : isEmpty ? Node.empty : label)
        }
    }

    /// The node above all others: with one leaf, that leaf.
    public var root: Node { nodes[nodes.count - 1] }

    /// The leaves below a node, in the order in which they are drawn.
    public func leaves(under id: Int) -> [Int] {
        var leaves: [Int] = []
        walk(from: id) { if $0.isLeaf { leaves.append($0.id) } }
        return leaves
    }

    /// All leaves in the order in which they are drawn.
    public var leafOrder: [Int] { leaves(under: root.id) }

    /// The tree cut into a number of branches (at most K, at least one), by undoing the last merges. In the order of drawing.
    public func branches(_ count: Int) -> [Int] {
        // The last merges made the nodes with the highest numbers.
        let undone = nodes.count - min(max(count, 1), leafCount) + 1
        return branches { $0.id < undone }
    }

    /// The tree cut at a height: the largest branches that were merged at it or below. In the order of drawing.
    public func branches(upTo height: Double) -> [Int] {
        branches { $0.height <= height }
    }

    private func branches(_ isWhole: (Node) -> Bool) -> [Int] {
        var found: [Int] = [], open = [root.id]
        while let id = open.popLast() {
            if nodes[id].isLeaf || isWhole(nodes[id]) {
                found.append(id)
            } else {
                open.append(contentsOf: nodes[id].children.reversed())
            }
        }
        return found
    }

    /// Visits a node and all below it in the order of drawing, parents before children. Trees may be as deep as they have
    /// leaves, so nothing here calls itself.
    ///
    /// - Parameters:
    ///   - enter: when a node is come to.
    ///   - leave: when everything below it has been visited.
    public func walk(from id: Int? = nil, enter: (Node) -> Void, leave: (Node) -> Void = { _ in }) {
        enum Step { case enter(Int), leave(Int) }
        var open = [Step.enter(id ?? root.id)]
        while let step = open.popLast() {
            switch step {
            case .enter(let id):
                enter(nodes[id])
                open.append(.leave(id))
                open.append(contentsOf: nodes[id].children.reversed().map(Step.enter))
            case .leave(let id):
                leave(nodes[id])
            }
        }
    }
}
