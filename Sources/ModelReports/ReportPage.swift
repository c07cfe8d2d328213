import Corpora
import Foundation
import Kernels
import StochasticEM
import TopicHierarchies

/// One self-contained page that shows a model, and what it makes of a log.
///
/// The page needs no network and no other file: styles, scripts and data are in it. Equal models and logs give equal pages.
public struct ReportPage: Sendable {
    /// Bytes that a page may have. Weights of the network are left out where they would not fit.
    public static let largest = 3_000_000

    /// The page as a file.
    public let html: String
    /// Why a history cannot be typed into the page; nil where it can.
    public let withoutNetwork: String?

    /// - Parameters:
    ///   - title: what the page is called: usually the model's folder.
    ///   - training: the epochs of the fit.
    ///   - log: numbered by the model's vocabulary; nil: the page has nothing of users.
    ///   - scores: of this model and others, to stand beside the fit.
    /// - Throws: `LinkageError` where the model's embeddings are not finite.
    public init(
        _ model: LatentLSTMAllocation, title: String, training: [EpochRecord], log: Corpus?, scores: [ModelScore] = [], shards: Shards
    ) throws {
        let tree = try TopicTree(topicsOf: model, labelLength: TreeSection.labelLength)
        var names = ItemNames(model.vocabulary)
        let topics = TopicSection(model, log: log, names: &names)
        let map = TopicMap(model.topicEmbeddings)
        let branches = TreeSection(tree, names: &names)
        var traces: TraceSection?
        if let log { traces = TraceSection(log, model: model, names: &names, shards: shards) }
        var contents = ReportContents(
            title: title, facts: ReportContents.facts(of: model, log: log), fit: FitSection(training, settings: model.settings, scores: scores),
            topics: topics, map: map.points, tree: branches, dynamics: log.map { DynamicsSection($0, model: model, tree: tree, shards: shards) },
            traces: traces, network: nil, withoutNetwork: nil, names: names.list)
        // The network last, if there is room for it; all names are needed to type them.
        if NetworkSection.bytes(of: model) < ReportPage.largest {
            var allNames = names
            allNames.takeAll()
            contents.names = allNames.list
            contents.network = NetworkSection(model, names: allNames)
            let page = try PageTemplate().filled(with: contents)
            if page.utf8.count <= ReportPage.largest {
                html = page
                withoutNetwork = nil
                return
            }
        }
        let reason = "The network and the names of its items would make this page larger than \(ReportPage.largest / 1_000_000) MB, "
            + "so that they were left out. lla predict does the same from a terminal."
        contents.names = names.list
        contents.network = nil
        contents.withoutNetwork = reason
        html = try PageTemplate().filled(with: contents)
        withoutNetwork = reason
    }
}
