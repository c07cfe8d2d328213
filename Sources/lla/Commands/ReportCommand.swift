import ArgumentParser
import Corpora
import Foundation
import ModelReports
import StochasticEM

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Show a model, and what it makes of a log, as one page for a browser.",
        discussion: """
            The fit, the topics as a table, a map and a tree and, where a log is named,
            what follows what and some users' histories with what was expected at each
            step; their names are left out. Where the network fits into the page, a
            history can be typed.

            The page is one file of at most 3 MB that needs no network; what is in it
            comes from the model and the log, items by their own names. Where even less
            fits, the ends of long names and the table of topics are left out, and the
            page says so. Exit codes are those of the program; the page is written whole
            or not at all.

              lla report clicks.model clicks.tsv -o report.html
              lla evaluate markov.model clicks.tsv --json > markov.json
              lla report clicks.model clicks.tsv --scores *.json -o report.html
            """)

    @OptionGroup var input: ModelArgument

    @Argument(help: ArgumentHelp("Logs to show the model at work on.", valueName: "log"), completion: .file())
    var logs: [String] = []

    @Option(name: [.short, .long], help: ArgumentHelp("The file to write the page to; - is standard output.", valueName: "file"), completion: .file())
    var output: String

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "What lla evaluate --json said of this model and of others, each named by its file: they stand beside each other in the page.",
            valueName: "file"),
        completion: .file())
    var scores: [String] = []

    @OptionGroup(title: "Log") var log: LogOptions
    @OptionGroup var filter: FilterOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var memory: MemoryOptions

    mutating func validate() throws {
        guard logs.isEmpty else { return }
        let reason = "no log is read (name one behind the model, or leave it out)"
        try log.checkNoneGiven(reason)
        try filter.checkNoneGiven(reason)
    }

    func run() throws {
        // What can be refused is refused before the log, which may be large, is read.
        if output != "-" { _ = try ReplaceableFile.checkCanWrite(to: output) }
        let scores = try scores.map { try ModelScore(file: $0) }
        var (model, description, training) = try LatentLSTMAllocation.load(input.model)
        try memory.check(Memory.shortage(forTreeOfTopicsOf: model))
        try filter.prepare(&model, at: input.model, memory: memory)
        let corpus = logs.isEmpty ? nil : try log.corpus(logs, of: model, description, remedy: "leave out the log")
        let page = try page(of: model, training, corpus, scores)
        if output == "-" { return try StandardOutput.write(page.html) }
        try ReplaceableFile.write(Data(page.html.utf8), to: output)
        StandardError.shared.line("The report is in \(output), \(bytes(page.html.utf8.count)). Open it in a browser.")
        if let reason = page.withoutNetwork { StandardError.shared.line("lla: warning: \(reason)") }
    }

    private func page(
        of model: LatentLSTMAllocation, _ training: [EpochRecord], _ log: Corpus?, _ scores: [ModelScore]
    ) throws -> ReportPage {
        do {
            return try ReportPage(
                model, title: URL(fileURLWithPath: input.model).lastPathComponent, training: training, log: log, scores: scores,
                shards: threads.shards)
        } catch let error as PageTooLarge {
            throw Refusal(
                code: ExitCodes.badData, place: input.model, message: error.description,
                remedy: "list the topics with lla topics, or draw the tree with lla hierarchy --format html")
        }
    }
}
