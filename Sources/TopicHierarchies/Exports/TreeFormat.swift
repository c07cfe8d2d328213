/// The formats that a tree of topics is handed over in.
public enum TreeFormat: String, CaseIterable, Sendable {
    case text, json, newick, graphml, dot, csv

    /// The tree as a whole file, line feed at the end.
    public func render(_ tree: TopicTree) -> String {
        switch self {
        case .text: TextTree().render(tree)
        case .json: JSONTree().render(tree)
        case .newick: NewickTree().render(tree)
        case .graphml: GraphMLTree().render(tree)
        case .dot: DOTTree().render(tree)
        case .csv: CSVTree().render(tree)
        }
    }
}

/// One way to write a tree down.
protocol TreeExport {
    func render(_ tree: TopicTree) -> String
}

extension TopicTree.Node {
    /// "topic 3: milk, bread" or, for a branch, "milk, bread".
    var title: String { isTopic ? "topic \(id): \(label)" : label }
}
