import TopicHierarchies

/// The tree of topics, or of items: leaves first, under their own numbers.
struct TreeSection: Encodable {
    /// Items to a label.
    static let labelLength = 5

    struct Node: Encodable {
        /// Two for a branch, none for a leaf.
        let children: [Int]
        let height: Double
        let share: Double
        /// A leaf's foremost items, or those that set a branch apart; none where it has no events.
        let items: [Int]
        /// What sets it apart from the node beside it.
        let contrast: [Int]
    }

    let nodes: [Node]
    /// What the leaves are: topic or item.
    let leaf: String

    init(_ tree: TopicTree, names: inout ItemNames) {
        var nodes: [Node] = []
        for node in tree.nodes {
            nodes.append(
                Node(
                    children: node.children, height: node.height.brief, share: node.share.brief,
                    items: node.items.compactMap { names.place(ofName: $0.name) },
                    // A branch is called by what sets it apart.
                    contrast: node.isLeaf ? node.contrast.compactMap { names.place(ofName: $0.name) } : []))
        }
        self.nodes = nodes
        leaf = tree.leaf.rawValue
    }
}
