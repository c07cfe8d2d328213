import ArgumentParser
import Corpora
import StochasticEM

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Say what is in a log, what is odd about it, and what a fit would cost.")

    @OptionGroup var input: LogArguments

    @Flag(help: "Write JSON.")
    var json = false

    @OptionGroup(title: "Model") var size: SizeOptions
    @OptionGroup(title: "Log") var log: LogOptions
    @OptionGroup(title: "Sequences") var sequences: CorpusArguments

    private struct Report: Encodable {
        let log: LogInspection
        let warnings: [String]
        /// What `--start auto` takes.
        let start: String
        /// Bytes.
        let fitMemory: FitCost
        let fitMemoryTotal: Int
    }

    func run() throws {
        var settings = FitSettings()
        size.apply(to: &settings)
        try settings.validate()
        let options = try sequences.options(for: log)
        let inspection = try log.reading { try LogInspection(input.logs, layout: log.layout, options: options, badRows: $0) }
        let start = FitSettings.Start(suiting: inspection.orderTest)
        settings.start = start
        let cost = FitCost.estimate(
            events: inspection.events, sequences: inspection.sequences, items: inspection.vocabulary, settings: settings)
        if json {
            let report = Report(log: inspection, warnings: inspection.warnings, start: start.rawValue, fitMemory: cost, fitMemoryTotal: cost.total)
            return try StandardOutput.write(document: report)
        }
        try StandardOutput.write(
            """
            \(inspection.report)
            a start     from \(start == .clusters ? "clusters of items that come before and after the same items" : "LDA, by what goes together"); \
            --start says otherwise
            a fit       about \(bytes(cost.total)) of memory with \(settings.topics) topics and \(settings.hidden) hidden units: \
            \(parts(of: cost).map { "\($0) \(bytes($1))" }.joined(separator: ", "))

            """)
    }

    /// What adds up to the total. The start is gone before anything is validated or kept in a checkpoint: of the two the larger counts.
    private func parts(of cost: FitCost) -> [(String, Int)] {
        let behind = cost.filter + cost.comparison + cost.checkpoint
        return [
            ("log", cost.corpus + cost.topics), ("counts", cost.counts), ("network", cost.network), ("blocks", cost.blocks),
            cost.start > behind ? ("start", cost.start) : ("validation and checkpoint", behind), ("the program itself", cost.program),
        ]
    }
}
