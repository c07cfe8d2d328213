import Corpora
import StochasticEM

/// All that the page's scripts draw, as they find it: one JSON object.
struct ReportContents: Encodable {
    struct Fact: Encodable {
        let name: String
        let value: String
    }

    let title: String
    let facts: [Fact]
    let fit: FitSection
    let topics: TopicSection
    /// Two coordinates a topic.
    let map: [[Double]]
    let tree: TreeSection
    /// nil where no log was named.
    let dynamics: DynamicsSection?
    let traces: TraceSection?
    /// nil where the page would be too large with it; then `withoutNetwork` says so.
    var network: NetworkSection?
    var withoutNetwork: String?
    /// Items that sections refer to by their place here.
    var names: [String]

    static func facts(of model: LatentLSTMAllocation, log: Corpus?) -> [Fact] {
        let settings = model.settings
        var facts = [
            Fact(name: "topics", value: "\(model.counts.topics)"),
            Fact(name: "items", value: "\(model.vocabulary.count)"),
            Fact(name: "hidden units", value: "\(settings.hidden)"),
            Fact(name: "input", value: settings.variant.rawValue),
            Fact(name: "fitted on", value: "\(model.counts.total) events"),
            Fact(name: "seed", value: "\(settings.seed)"),
        ]
        if let log { facts.append(Fact(name: "log shown", value: "\(log.count) sequences, \(log.items.count) events of known items")) }
        return facts
    }
}
