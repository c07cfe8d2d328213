/// A table with a line a node (RFC 4180, lines end in a line feed).
///
///     node,parent,topic,size,share,height,label
///
/// `label` is empty for a topic without events. `parent` is empty for the root, `topic` for branches; it is `item` where items are the leaves. Leaves stand first, under their own numbers; branches follow
/// in the order of merging, so that lines K+1 on, with the nodes that name each as parent, are SciPy's linkage matrix.
struct CSVTree: TreeExport {
    func render(_ tree: TopicTree) -> String {
        var text = "node,parent,\(tree.leaf.rawValue),size,share,height,label\n"
        for node in tree.nodes {
            let parent = node.parent.map(String.init) ?? "", leaf = node.isLeaf ? "\(node.id)" : ""
            text += "\(node.id),\(parent),\(leaf),\(node.size),\(node.share),\(node.height),\(field(node.label))\n"
        }
        return text
    }

    private func field(_ text: String) -> String {
        let special: Set<Unicode.Scalar> = [",", "\"", "\n", "\r"]
        guard text.unicodeScalars.contains(where: special.contains) else { return text }
        return "\"\(text.escaping { $0 == "\"" ? "\"\"" : nil })\""
    }
}
