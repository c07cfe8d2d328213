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
            Coherence (C_NPMI, from -1 to 1) says whether a topic's items are seen within
            some events of each other: in windows that slide along the sequences of a
            log. It is listed where a log is named: the one that the model was fitted on,
            or another as a reference. Items that the model does not know are left out.

            Items are listed of which a topic has events, so that some have fewer than
            others. One with fewer than two has no coherence, and no part in the mean.

              lla topics clicks.model
              lla topics clicks.model clicks.tsv -n 20 --json
              lla topics essays.model --text essays.txt --window sequence
            """)

    @OptionGroup var input: ModelArgument

    @Argument(help: ArgumentHelp("Logs to count coherence on.", valueName: "log"), completion: .file())
    var logs: [String] = []

    @Option(name: [.customShort("n"), .customLong("items")], help: ArgumentHelp("Items to list of each topic.", valueName: "count"))
    var count = 10

    @Flag(help: "Write JSON: an object a topic.")
    var json = false

    @OptionGroup(title: "Log") var log: LogOptions

    @Option(help: ArgumentHelp(
        "Events to a window, within which items are seen together; sequence: whole sequences, however long. For a log.", valueName: "count",
        standard: CoherenceWindow.usual))
    var window: CoherenceWindow?

    private struct Topic: Encodable {
        struct Item: Encodable {
            let item: String
            let probability: Double
        }

        let topic: Int
        /// Of the tokens that the model was fitted on.
        let share: Double
        var coherence: Double?
        /// None of a topic without events.
        let items: [Item]
    }

    mutating func validate() throws {
        if !(1...100_000).contains(count) { throw ValidationError("--items \(count) cannot be (choose between 1 and 100,000)") }
        if window != nil, logs.isEmpty { throw ValidationError("--window is for coherence, which is counted on a log (name one, or leave it out)") }
        if logs.isEmpty { try log.checkNoneGiven("coherence alone is counted on a log (name one behind the model, or leave it out)") }
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
            let corpus = try log.corpus(logs, of: model, stored.corpus, remedy: "leave out the log")
            let coherence = npmi(
                topItems: items.map { $0.map { UInt32($0.item) } }, corpus: corpus, window: (window ?? .usual).width)
            for (topic, value) in coherence.enumerated() { topics[topic].coherence = value }
        }
        if json { return try StandardOutput.write(document: topics) }
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
            lines.append(head + (words.isEmpty ? ink.faint("no events") : words.wrapped(indent: indent, width: 80)))
        }
        if let mean = meanCoherence(topics.map(\.coherence)) {
            let without = topics.count { $0.coherence == nil }
            lines.append(ink.faint("mean NPMI, each topic counting alike: \(mean.fixed(3))" + (without > 0 ? " (\(without) have none)" : "")))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// How far apart items may stand and be seen together: so many events, or anywhere in a sequence.
enum CoherenceWindow: ExpressibleByArgument {
    case events(Int), sequence

    /// As C_NPMI has it.
    static let usual = CoherenceWindow.events(10)

    init?(argument: String) {
        if argument == "sequence" {
            self = .sequence
        } else if let count = Int(argument), count > 1 {
            self = .events(count)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String { width.map(String.init) ?? "sequence" }

    /// nil for whole sequences.
    var width: Int? {
        switch self {
        case .events(let count): count
        case .sequence: nil
        }
    }
}
