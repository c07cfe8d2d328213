import Foundation

/// A tree for Graphviz: `lla hierarchy MODEL --format dot | dot -Tsvg > tree.svg`.
struct DOTTree: TreeExport {
    func render(_ tree: TopicTree) -> String {
        var text = """
            digraph \(tree.leaf.rawValue)s {
              rankdir=LR;
              node [shape=box, style=rounded, fontname="sans-serif"];
              edge [arrowhead=none];

            """
        tree.walk { node in
            let share = String(format: "%.1f %%", 100 * node.share)
            // In a label \n starts a new line; it is not a character of the name.
            text += "  n\(node.id) [label=\"\(escaped(node.title))\\n\(share)\"\(node.isLeaf ? "" : ", shape=plaintext")];\n"
        }
        tree.walk { node in
            if let parent = node.parent { text += "  n\(parent) -> n\(node.id);\n" }
        }
        return text + "}\n"
    }

    private func escaped(_ label: String) -> String {
        label.printable.escaping { scalar in
            switch scalar {
            case "\"": "\\\""
            // Else \N and the like would stand for parts of the graph.
            case "\\": "\\\\"
            default: nil
            }
        }
    }
}
