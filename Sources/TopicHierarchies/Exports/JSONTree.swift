/// A tree as nested objects, for `d3.hierarchy(tree).sum(d => d.value)` and the like.
///
///     {"name": "beer, crisps", "id": 4, "share": 1, "height": 2.5, "size": 3, "items": [{"item": "beer", "probability": 0.1}, …],
///      "children": [
///       {"name": "topic 3: beer, crisps", "id": 3, "topic": 3, "value": 0.4, "share": 0.4, "height": 0, "size": 1, "items": […]}, …]}
///
/// Only topics have `topic` and `value`, so that a sum over `value` counts every token once. Where items are the leaves, they have `item` for `topic`.
struct JSONTree: TreeExport {
    func render(_ tree: TopicTree) -> String {
        var text = "", depth = 0
        tree.walk { node in
            if let parent = node.parent {
                text += (tree.nodes[parent].children.first == node.id ? "\n" : ",\n") + String(repeating: " ", count: depth)
            }
            let leaf = node.isLeaf ? "\"\(tree.leaf.rawValue)\": \(node.id), \"value\": \(node.share), " : ""
            let items = node.items.map { "{\"item\": \(quoted($0.name)), \"probability\": \($0.probability)}" }
            text += """
                {"name": \(quoted(node.title)), "id": \(node.id), \(leaf)"share": \(node.share), "height": \(node.height), \
                "size": \(node.size), "items": [\(items.joined(separator: ", "))]
                """
            if !node.isLeaf { text += ", \"children\": [" }
            depth += 1
        } leave: { node in
            depth -= 1
            text += node.isLeaf ? "}" : "]}"
        }
        return text + "\n"
    }

    private func quoted(_ name: String) -> String {
        let escaped = name.escaping { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            // So that the file can also stand inside a script element of a page.
            case "<", "\u{2028}", "\u{2029}", "\u{0}"..."\u{1F}": escape(scalar)
            default: nil
            }
        }
        return "\"\(escaped)\""
    }

    private func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
