import ArgumentParser
import Corpora
import ModelReports
import StochasticEM
import TopicHierarchies

struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Follow one user event by event: what was expected, and what came.",
        discussion: """
            Each line is an event: its topic, as far as all events up to it tell, and the
            three topics that were expected before it, the one that came true in brackets.

              lla trace clicks.model clicks.tsv --user anna
            """)

    @OptionGroup var input: ModelArgument
    @OptionGroup var logs: LogArguments

    @Option(help: ArgumentHelp("The user to follow, by the log's own name.", valueName: "name"))
    var user: String

    @Option(help: ArgumentHelp("The column that names the user.", valueName: "name", standard: LogLayout().user))
    var userColumn: String?

    @Flag(help: "Write JSON lines: an object an event of an item that the model knows, and one of what is expected next. Event numbers these events from 1, place all events of the sequence, and session the sequences of a model that was fitted on sessions.")
    var json = false

    @OptionGroup(title: "Log") var form: LogFormOptions
    @OptionGroup var filter: FilterOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var memory: MemoryOptions

    private struct Share: Encodable {
        let topic: Int
        let probability: Double
    }

    private struct Event: Encodable {
        /// Among those of known items, from 1.
        let event: Int
        /// Among all of the sequence, from 1.
        let place: Int
        var session: Int?
        let item: String
        let probability: Double
        let topic: Int
        let certainty: Double
        let expected: [Share]
    }

    private struct Next: Encodable {
        var session: Int?
        let next: [Share]
    }

    mutating func validate() throws { try form.check(userColumn: GivenWords.option("user-column", userColumn)) }

    func run() throws {
        var (model, description, _) = try LatentLSTMAllocation.load(input.model)
        try filter.prepare(&model, at: input.model, memory: memory)
        let options = try description.options().forPrediction
        // With events of unknown items, whether the model reads them or not: they have their places.
        let corpus = try form.corpus(fittedAs: description) {
            try Corpus.read(
                logs.logs, vocabulary: model.vocabulary, unknown: .input, layout: form.layout(user: userColumn ?? LogLayout().user),
                options: options, badRows: $0)
        }
        let name = ExactName(user), found = (0..<corpus.count).filter { ExactName(corpus.users[$0]) == name }
        guard !found.isEmpty else {
            throw Refusal(
                code: ExitCodes.badData, place: logs.place, message: "there is no user \"\(user.printable)\"",
                remedy: "check the name, and --user-column")
        }
        let sequences = corpus.selecting(found), read = model.unknownItems == .input ? sequences : sequences.withoutUnknown
        let placed = TopicTrace.read(read, model: model, shards: threads.shards).enumerated().map { n, trace in
            PlacedTrace(trace, of: n, in: sequences, session: options.sessionGap == nil ? nil : (n + 1, found.count))
        }
        if json { return try write(placed, model: model) }
        let table = TraceTable(model)
        try StandardOutput.write(placed.map(table.text).joined(separator: "\n"))
    }

    private func write(_ traces: [PlacedTrace], model: LatentLSTMAllocation) throws {
        func shares(_ shares: [TopicTrace.Share]) -> [Share] { shares.map { Share(topic: $0.topic, probability: $0.probability) } }
        for trace in traces {
            for (event, (place, step)) in trace.steps.enumerated() {
                try StandardOutput.write(
                    line: Event(
                        event: event + 1, place: place, session: trace.session?.number, item: model.vocabulary.items[step.item],
                        probability: step.probability, topic: step.topic.topic, certainty: step.topic.probability, expected: shares(step.expected)))
            }
            try StandardOutput.write(line: Next(session: trace.session?.number, next: shares(trace.next)))
        }
    }
}
