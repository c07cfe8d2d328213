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

    @Option(help: ArgumentHelp("The column that names the user.", valueName: "name"))
    var userColumn = LogLayout().user

    @Flag(help: "Write JSON lines: an object an event, numbered from 1, and one of what is expected next.")
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
        let event: Int
        let item: String
        let probability: Double
        let topic: Int
        let certainty: Double
        let expected: [Share]
    }

    private struct Next: Encodable {
        let next: [Share]
    }

    func run() throws {
        var (model, description, _) = try LatentLSTMAllocation.load(input.model)
        try filter.prepare(&model, at: input.model, memory: memory)
        let options = try description.options().forPrediction
        let corpus = try form.reading {
            try Corpus.read(
                logs.logs, vocabulary: model.vocabulary, unknown: model.unknownItems, layout: form.layout(user: userColumn),
                options: options, badRows: $0)
        }
        let name = ExactName(user), found = (0..<corpus.count).filter { ExactName(corpus.users[$0]) == name }
        guard !found.isEmpty else {
            throw Refusal(
                code: ExitCodes.badData, place: logs.place, message: "there is no user \"\(user.printable)\"",
                remedy: "check the name, and --user-column")
        }
        let traces = TopicTrace.read(corpus.selecting(found), model: model, shards: threads.shards)
        if json { return try write(traces, model: model) }
        let table = TraceTable(model)
        try StandardOutput.write(traces.map(table.text).joined(separator: "\n"))
    }

    private func write(_ traces: [TopicTrace], model: LatentLSTMAllocation) throws {
        func shares(_ shares: [TopicTrace.Share]) -> [Share] { shares.map { Share(topic: $0.topic, probability: $0.probability) } }
        for trace in traces {
            for (place, step) in trace.steps.enumerated() {
                try StandardOutput.write(
                    line: Event(
                        event: place + 1, item: model.vocabulary.items[step.item], probability: step.probability, topic: step.topic.topic,
                        certainty: step.topic.probability, expected: shares(step.expected)))
            }
            try StandardOutput.write(line: Next(next: shares(trace.next)))
        }
    }
}
