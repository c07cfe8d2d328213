import Corpora
import StochasticEM

/// All that the page's scripts draw, as they find it: one JSON object.
struct ReportContents: Encodable {
    struct Fact: Encodable {
        let name: String
        let value: Int
    }

    let title: String
    let facts: [Fact]
    /// nil, as the two behind it, in a page that has a tree alone.
    var fit: FitSection?
    var topics: TopicSection?
    /// Two coordinates a topic.
    var map: [[Double]]?
    let tree: TreeSection
    /// nil where no log was named.
    var dynamics: DynamicsSection?
    var traces: TraceSection?
    /// nil where the page would be too large with it; then `withoutNetwork` says so.
    var network: NetworkSection?
    var withoutNetwork: String?
    /// Items that sections refer to by their place here.
    var names: [String]

    static func facts(of model: LatentLSTMAllocation, log: Corpus?) -> [Fact] {
        var facts = [
            Fact(name: "topics", value: model.counts.topics),
            Fact(name: "items", value: model.vocabulary.count),
            Fact(name: "hidden units", value: model.settings.hidden),
            Fact(name: "events fitted", value: model.counts.total),
        ]
        if let log {
            facts.append(Fact(name: "sequences shown", value: log.count))
            facts.append(Fact(name: "events shown", value: log.knownEvents))
        }
        return facts
    }
}
