/// A tree as a directed graph in XML (http://graphml.graphdrawing.org), for Gephi, yEd, Cytoscape and NetworkX.
///
/// Nodes are `n0`, `n1`, … under the tree's own numbers; edges lead from a branch to its parts.
struct GraphMLTree: TreeExport {
    func render(_ tree: TopicTree) -> String {
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
             <key id="label" for="node" attr.name="label" attr.type="string"/>
             <key id="\(tree.leaf.rawValue)" for="node" attr.name="\(tree.leaf.rawValue)" attr.type="int"/>
             <key id="share" for="node" attr.name="share" attr.type="double"/>
             <key id="height" for="node" attr.name="height" attr.type="double"/>
             <key id="size" for="node" attr.name="size" attr.type="int"/>
             <key id="length" for="edge" attr.name="length" attr.type="double"/>
             <graph id="\(tree.leaf.rawValue)s" edgedefault="directed">

            """
        tree.walk { node in
            text += "  <node id=\"n\(node.id)\"><data key=\"label\">\(escaped(node.title))</data>"
            if node.isLeaf { text += "<data key=\"\(tree.leaf.rawValue)\">\(node.id)</data>" }
            text += "<data key=\"share\">\(node.share)</data><data key=\"height\">\(node.height)</data>"
            text += "<data key=\"size\">\(node.size)</data></node>\n"
        }
        tree.walk { node in
            guard let parent = node.parent else { return }
            text += "  <edge source=\"n\(parent)\" target=\"n\(node.id)\">"
            text += "<data key=\"length\">\(tree.nodes[parent].height - node.height)</data></edge>\n"
        }
        return text + " </graph>\n</graphml>\n"
    }

    private func escaped(_ label: String) -> String {
        label.escaping { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&apos;"
            // As they stand, a reader would turn these into blanks and line feeds.
            case "\t", "\n", "\r": "&#\(scalar.value);"
            // XML 1.0 has no way at all to write these.
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: "\u{FFFD}"
            default: nil
            }
        }
    }
}
