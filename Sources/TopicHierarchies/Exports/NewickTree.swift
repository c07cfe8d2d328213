/// A tree in one line, as programs for phylogenies read it (https://phylipweb.github.io/phylip/newicktree.html).
///
///     ('topic 0: milk, bread':1.5,('topic 1: beer':0.5,'topic 2: wine':0.5)'beer, wine':1)'milk, beer';
///
/// All labels are quoted, with quotes inside doubled; line breaks and other control characters become spaces, since
/// most readers cannot have them. A length is the height of the branch above less the node's own.
struct NewickTree: TreeExport {
    func render(_ tree: TopicTree) -> String {
        var text = ""
        tree.walk { node in
            if let parent = node.parent, tree.nodes[parent].children.first != node.id { text += "," }
            if !node.isLeaf { text += "(" }
        } leave: { node in
            if !node.isLeaf { text += ")" }
            text += quoted(node.title)
            if let parent = node.parent { text += ":\(tree.nodes[parent].height - node.height)" }
        }
        return text + ";\n"
    }

    private func quoted(_ label: String) -> String {
        let escaped = label.escaping { scalar in
            scalar == "'" ? "''" : scalar.properties.generalCategory == .control ? " " : nil
        }
        return "'\(escaped)'"
    }
}
