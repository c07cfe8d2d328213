import Corpora
import Foundation
import Kernels
import StochasticEM
import TopicHierarchies

/// One self-contained page that shows a model, and what it makes of a log.
///
/// The page needs no network and no other file: styles, scripts and data are in it. Equal models and logs give equal pages.
public struct ReportPage: Sendable {
    /// Bytes that a page may have. What does not fit is left out: the network; then the ends of long names; then the table and the map of
    /// topics, and what follows what.
    public static let largest = 3_000_000

    /// The page as a file.
    public let html: String
    /// Why a history cannot be typed into the page, and what else was left out of it; nil where nothing was.
    public let withoutNetwork: String?

    /// - Parameters:
    ///   - title: what the page is called: usually the model's folder.
    ///   - training: the epochs of the fit.
    ///   - log: numbered by the model's vocabulary; nil: the page has nothing of users.
    ///   - scores: of this model and others, to stand beside the fit.
    /// - Throws: `LinkageError` where the model's embeddings are not finite; `PageTooLarge` where no page of it can be small enough.
    public init(
        _ model: LatentLSTMAllocation, title: String, training: [EpochRecord], log: Corpus?, scores: [ModelScore] = [], shards: Shards
    ) throws {
        try self.init(model, title: title, training: training, log: log, scores: scores, shards: shards, largest: ReportPage.largest)
    }

    /// - Parameter largest: bytes that the page may have.
    init(
        _ model: LatentLSTMAllocation, title: String, training: [EpochRecord], log: Corpus?, scores: [ModelScore], shards: Shards, largest: Int
    ) throws {
        let tree = try TopicTree(topicsOf: model, labelLength: TreeSection.labelLength)
        var names = ItemNames(model.vocabulary)
        let branches = TreeSection(tree, names: &names)
        var traces: TraceSection?
        if let log { traces = TraceSection(log, model: model, names: &names, shards: shards) }
        // Names that topics alone need stand behind the others, so that a page without topics can do without them.
        let needed = names.list.count
        let topics = TopicSection(model, log: log, names: &names)
        let map = TopicMap(model.topicEmbeddings)
        let contents = ReportContents(
            title: title, facts: ReportContents.facts(of: model, log: log), fit: FitSection(training, settings: model.settings, scores: scores),
            topics: topics, map: map.points, tree: branches, dynamics: log.map { DynamicsSection($0, model: model, tree: tree, shards: shards) },
            traces: traces, network: nil, withoutNetwork: nil, names: names.list)
        if let whole = try ReportPage.whole(contents, model: model, names: names, largest: largest) {
            html = whole
            withoutNetwork = nil
        } else {
            let lean = try ReportPage.lean(contents, needed: needed, largest: largest)
            html = lean.html
            withoutNetwork = lean.reason
        }
    }

    /// All that there is to show; nil where that does not fit.
    ///
    /// - Parameter names: those that `contents` has.
    private static func whole(
        _ contents: ReportContents, model: LatentLSTMAllocation, names: ItemNames, largest: Int
    ) throws -> String? {
        guard NetworkSection.bytes(of: model) < largest else { return nil }
        var contents = contents, names = names
        // All names are needed to type them.
        names.takeAll()
        contents.names = names.list
        contents.network = NetworkSection(model, names: names)
        return try page(contents, largest: largest)
    }

    /// The rest, or as much of it as fits, and why it is no more.
    ///
    /// - Parameter needed: names that a page without topics has, which stand before the others.
    private static func lean(_ contents: ReportContents, needed: Int, largest: Int) throws -> (html: String, reason: String) {
        var contents = contents
        var reason = "The network and the names of its items would make this page larger than \(largest / 1_000_000) MB, "
            + "so that they were left out. lla predict does the same from a terminal."
        contents.withoutNetwork = reason
        if let html = try page(contents, largest: largest) { return (html, reason) }
        reason += " Nor is there room for the ends of names longer than \(ItemNames.short) characters."
        contents.withoutNetwork = reason
        contents.names = contents.names.map { ItemNames.cut($0, to: ItemNames.short) }
        if let html = try page(contents, largest: largest) { return (html, reason) }
        reason += " Nor for more of the topics than their tree; lla topics lists them."
        contents.withoutNetwork = reason
        contents.names = Array(contents.names.prefix(needed))
        (contents.topics, contents.map, contents.dynamics) = (nil, nil, nil)
        if let html = try page(contents, largest: largest) { return (html, reason) }
        throw PageTooLarge(largest: largest)
    }

    /// nil for a page that is too large.
    private static func page(_ contents: ReportContents, largest: Int) throws -> String? {
        let html = try PageTemplate().filled(with: contents)
        return html.utf8.count <= largest ? html : nil
    }
}

/// A model whose tree alone is more than a page may have.
public struct PageTooLarge: Error, Sendable, CustomStringConvertible {
    /// Bytes that the page might have had.
    public let largest: Int

    public var description: String { "its tree of topics alone makes a page larger than \(largest / 1_000_000) MB" }
}
