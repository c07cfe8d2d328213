import StochasticEM
import TopicHierarchies

/// One self-contained page with a tree alone: collapsible, searchable, and any branch can be looked at by itself.
///
/// It is the report's page with the report's view of a tree, and needs no network and no other file.
public struct TreePage: Sendable {
    /// The page as a file.
    public let html: String

    /// - Parameters:
    ///   - tree: of the model's topics, or of its items.
    ///   - title: what the page is called: usually the model's folder.
    public init(_ tree: TopicTree, of model: LatentLSTMAllocation, title: String) throws {
        var names = ItemNames(model.vocabulary)
        let section = TreeSection(tree, names: &names)
        html = try PageTemplate().filled(
            with: ReportContents(title: title, facts: ReportContents.facts(of: model, log: nil), tree: section, names: names.list))
    }
}
