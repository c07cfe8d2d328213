import ArgumentParser
import Corpora
import Logging
import StochasticEM

struct TuneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Search the settings that matter, and write the best for lla fit.",
        discussion: """
            Candidates are drawn at random and fitted for a few epochs; the best third
            goes on with three times the epochs, and so on (successive halving). All
            are compared on the same sequences kept aside. Each round fits anew, since
            schedules depend on the number of epochs; --epochs is for the last round.

            Searched are variant, memory, topics, hidden units, beta (0.0005 to 0.05),
            dropout (0 to 0.5), input dropout (0 to 0.3), learning rate (0.001 to
            0.01), and tokens between two steps of Adam (128 to 2048, by --lanes). An
            option given below is not searched; the defaults there are those of a fit.

            What is done is kept in FILE.trials.jsonl: the same command goes on from
            there, and comes to the same end. --threads may differ.

              lla tune clicks.tsv -o best.json
              lla fit clicks.tsv -o clicks.model --settings best.json
            """)

    @OptionGroup var input: LogArguments

    @Option(name: [.short, .long], help: ArgumentHelp("The file to write the best settings to.", valueName: "file"), completion: .file())
    var output: String

    @Flag(help: "Write the table as JSON: an object a candidate.")
    var json = false

    @OptionGroup(title: "Search") var searching: SearchOptions
    @OptionGroup(title: "Model") var size: SizeOptions
    @OptionGroup(title: "Fitting") var fitting: FitOptions
    @OptionGroup(title: "Log") var log: LogOptions
    @OptionGroup(title: "Sequences") var sequences: CorpusArguments
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var memory: MemoryOptions

    @Flag(name: [.short, .long], help: "Say nothing but warnings and errors.")
    var quiet = false

    mutating func validate() throws {
        if output == "-" {
            throw ValidationError("--output - cannot be: standard output is for the table, and what is done is kept beside the file (name a file)")
        }
    }

    private struct Row: Encodable {
        let rank: Int
        let candidate: Int
        let round: Int
        let epochs: Int
        var perplexity: Double?
        let settings: [String: TunedValue]
    }

    func run() throws {
        let search = try searching.search(fitting, size), options = try sequences.options(for: log)
        try SettingsFile.checkCanWrite(to: output)
        let logger = Logger.ofProgram(quiet: quiet)
        let reading = Interruption()
        let unknown: UnknownItems = search.candidates.contains { $0.unknownItemsPolicy == .input } ? .input : .skip
        let corpus = try log.corpus(fittedAs: nil) { try Corpus.read(input.logs, unknown: unknown, layout: log.layout, options: options, badRows: $0) }
        try check(search, on: corpus, logger)
        let trials = try TrialsFile(output + ".trials.jsonl", header: SearchHeader(search, corpus: corpus))
        reading.end()
        let stopping = Interruption(farewell: "what is done is kept in \(trials.path); go on with: \(Words.commandLine)")
        if !trials.trials.isEmpty { logger.info("\(trials.trials.count) trials are done already") }

        let result = try run(search, trials, corpus)
        guard let best = result.best else {
            throw Refusal(
                code: ExitCodes.diverged, place: input.place, message: "no candidate came to a perplexity: all came to a number that is not finite",
                remedy: "give a lower --learning-rate or a lower --clip-norm, and another -o")
        }
        stopping.end()
        try SettingsFile.write(best.settings, to: output)
        logger.info("The best settings are in \(output). Fit with them: \(fit)")
        let rows = rows(result, of: search)
        if json { return try StandardOutput.write(document: rows) }
        try StandardOutput.write(table(rows, of: search))
    }

    /// A fit with what was found, which reads the log as the search did.
    private var fit: String {
        (["lla fit"] + input.logs.map(Words.quoted) + ["-o MODEL --settings", Words.quoted(output)] + (log.given + sequences.given).map(\.words))
            .joined(separator: " ")
    }

    /// Says what is going to be done, or why it cannot be.
    private func check(_ search: SettingsSearch, on corpus: Corpus, _ logger: Logger) throws {
        try input.checkOrder(corpus.training)
        let shortages = search.candidates.map { candidate in
            let cost = FitCost.estimate(for: corpus, settings: candidate)
            return Memory.shortage(for: cost, ofCandidate: candidate)
        }
        try memory.check(shortages.compactMap(\.self).first)
        let kept = search.space.base.validation(of: corpus)
        guard kept.events > 0 else {
            throw Refusal(
                code: ExitCodes.badData, place: input.place, message: "no sequence can be kept aside to compare candidates on",
                remedy: "give a log with at least three users")
        }
        let rounds = search.halving.rungs.map { "\($0.candidates) for \($0.epochs) epochs" }
        logger.info("candidates: \(rounds.joined(separator: ", ")); compared on \(kept.events) events of \(kept.sequences) sequences")
    }

    private func run(_ search: SettingsSearch, _ trials: TrialsFile, _ corpus: Corpus) throws -> SearchResult {
        let lines = TrialLines(search: search)
        return try search.run(trials) { settings in
            try Fit(settings: settings, shards: threads.shards).bestPerplexity(corpus) { event in
                if !quiet { lines.show(event, ofTrial: trials.trials.count + 1) }
            }
        } observe: { number, trial in
            if !quiet { lines.show(trial, number: number) }
        }
    }

    private func rows(_ result: SearchResult, of search: SettingsSearch) -> [Row] {
        zip(1..., result.ranking).map { rank, trial in
            Row(
                rank: rank, candidate: trial.candidate, round: trial.round, epochs: trial.settings.epochs, perplexity: trial.perplexity,
                settings: Dictionary(uniqueKeysWithValues: search.space.searched.map { ($0.key, $0.value(in: trial.settings)) }))
        }
    }

    private func table(_ rows: [Row], of search: SettingsSearch) -> String {
        let columns = search.space.searched
        var lines = [["rank", "perplexity", "epochs"] + columns.map(\.heading)]
        lines += rows.map { row in
            ["\(row.rank)", row.perplexity?.shortly ?? "–", "\(row.epochs)"] + columns.map { row.settings[$0.key]?.description ?? "–" }
        }
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { zip($0, widths).map { $0.right(to: $1) }.joined(separator: " ") + "\n" }.joined()
    }
}

extension TunedSetting {
    /// As JSON names it.
    fileprivate var key: String { rawValue.replacing("-", with: "_") }

    /// At the head of a column: short enough for all of them to stand side by side.
    fileprivate var heading: String {
        switch self {
        case .topics: "K"
        case .hidden: "H"
        case .beta: "\u{03B2}"
        case .dropout: "drop"
        case .inputDropout: "input"
        case .learningRate: "rate"
        case .tokensPerStep: "tokens"
        case .variant, .memory: rawValue
        }
    }
}
