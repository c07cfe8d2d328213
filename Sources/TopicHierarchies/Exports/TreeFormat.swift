/// The formats that a tree is handed over in.
public enum TreeFormat: String, CaseIterable, Sendable {
    /// Each by the name that `lla hierarchy --format` has for it.
    case text, json, newick, graphml, dot, csv, svg

    /// The tree as a whole file, line feed at the end.
    public func render(_ tree: TopicTree) -> String {
        switch self {
        case .text: TextTree().render(tree)
        case .json: JSONTree().render(tree)
        case .newick: NewickTree().render(tree)
        case .graphml: GraphMLTree().render(tree)
        case .dot: DOTTree().render(tree)
        case .csv: CSVTree().render(tree)
        case .svg: SVGTree().render(tree)
        }
    }

    /// A branch as a whole file, for formats that draw: nil for those that hand over a tree, which have no way to tell a part from a whole.
    ///
    /// - Parameter branch: a node of the tree.
    public func render(_ tree: TopicTree, branch: Int) -> String? {
        switch self {
        case .text: TextTree().render(tree, from: branch)
        case .svg: SVGTree().render(tree, from: branch)
        case .json, .newick, .graphml, .dot, .csv: nil
        }
    }
}

/// One way to write a tree down.
protocol TreeExport {
    func render(_ tree: TopicTree) -> String
}
