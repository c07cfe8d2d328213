import ArgumentParser
import Baselines
import Corpora
import Evaluation
import StochasticEM
import TopicHierarchies

struct TopicsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topics",
        abstract: "List the topics of a model: how common, how coherent, and their foremost items.",
        discussion: """
            Coherence (NPMI, from -1 to 1) says whether a topic's items are seen within ten
            events of each other. It is counted on a log, and so is listed where one is named.

              lla topics clicks.model
              lla topics clicks.model clicks.tsv -n 20 --json
            """)

    @OptionGroup var input: ModelArgument

    @Argument(help: ArgumentHelp("Logs to count coherence on.", valueName: "log"), completion: .file())
    var logs: [String] = []

    @Option(name: [.customShort("n"), .customLong("items")], help: ArgumentHelp("Items to list of each topic.", valueName: "count"))
    var count = 10

    @Flag(help: "Write JSON: an object a topic.")
    var json = false

    @OptionGroup(title: "Log") var log: LogOptions

    /// Events within which items are seen together, as C_NPMI has it.
    private static let coherenceWindow = 10

    private struct Topic: Encodable {
        struct Item: Encodable {
            let item: String
            let probability: Double
        }

        let topic: Int
        /// Of the tokens that the model was fitted on.
        let share: Double
        var coherence: Double?
        let items: [Item]
    }

    mutating func validate() throws {
        if !(1...100_000).contains(count) { throw ValidationError("--items \(count) cannot be (choose between 1 and 100,000)") }
    }

    func run() throws {
        let stored = try StoredModel.load(input.model)
        guard let model = stored.model as? any TopicModel else {
            throw Refusal(
                code: ExitCodes.badData, place: input.model, message: "the model has no topics",
                remedy: "name one that lla fit has written without --model, or with a --model that has --topics")
        }
        let shares = model.shares
        let items = shares.indices.map { model.topItems(of: $0, count: count) }
        var topics = zip(shares.indices, zip(shares, items)).map { topic, found in
            Topic(
                topic: topic, share: found.0,
                items: found.1.map { Topic.Item(item: model.vocabulary.items[$0.item], probability: $0.probability) })
        }
        if !logs.isEmpty {
            let options = try stored.corpus.options(observe: stored.corpus.observe)
            let corpus = try log.reading {
                try Corpus.read(logs, vocabulary: model.vocabulary, layout: log.layout, options: options, badRows: $0)
            }
            let coherence = npmi(
                topItems: items.map { $0.map { UInt32($0.item) } }, corpus: corpus, window: Self.coherenceWindow)
            for (topic, value) in coherence.enumerated() { topics[topic].coherence = value }
        }
        if json { return try StandardOutput.write(json: topics, pretty: true) }
        try StandardOutput.write(table(topics))
    }

    private func table(_ topics: [Topic]) -> String {
        let measured = !logs.isEmpty, ink = Ink.ofStandardOutput
        let indent = measured ? 22 : 15
        var lines = [ink.faint("topic  share  " + (measured ? " NPMI  " : "") + " items with their probability")]
        for topic in topics {
            let head = ink.strong("\(topic.topic)".right(to: 5)) + ink.figure((100 * topic.share).fixed(1).right(to: 6) + "%") + "  "
                + (measured ? (topic.coherence?.fixed(2) ?? "–").right(to: 5) + "  " : "") + " "
            let words = topic.items.map { "\($0.item.printable) \($0.probability.probability)" }
            lines.append(head + words.wrapped(indent: indent, width: 80))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
