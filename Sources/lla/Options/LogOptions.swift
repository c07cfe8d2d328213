import ArgumentParser
import Corpora
import StochasticEM

/// What the logs of a command look like.
struct LogOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The column that names the user.", valueName: "name", standard: LogLayout().user))
    var user: String?

    @OptionGroup var form: LogFormOptions

    mutating func validate() throws { try form.check(userColumn: GivenWords.option("user", user)) }

    func reading<Result>(_ read: (BadRows) throws -> Result) throws -> Result { try form.reading(read) }

    func corpus(fittedAs record: (any CorpusRecord)?, _ read: (BadRows) throws -> Corpus) throws -> Corpus {
        try form.corpus(fittedAs: record, read)
    }

    var layout: LogLayout { form.layout(user: user ?? LogLayout().user) }
}

extension LogOptions {
    /// What was given.
    var given: [GivenWords] { GivenWords.option("user", user) + form.given }

    /// - Parameter reason: what there is no log for.
    /// - Throws: `ValidationError` for what says how a log is read, of a command that was given none.
    func checkNoneGiven(_ reason: String) throws { try GivenWords.check(none: given, reason) }
}

/// The logs of a command that cannot do without.
struct LogArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp("One or more logs, read as one: CSV, TSV or JSON lines, plain or gzip'd; - is standard input.", valueName: "log"),
        completion: .file())
    var logs: [String]

    /// The log's name for messages; nil where there are several.
    var place: String? { LogArguments.place(of: logs) }

    /// What errors call logs; nil where they are several.
    static func place(of logs: [String]) -> String? { logs.count > 1 ? nil : logs.first == "-" ? "standard input" : logs.first }

    /// Sequences of one event have no order to learn.
    func checkOrder(_ training: Corpus) throws {
        if (0..<training.count).contains(where: { training.knownLength($0) > 1 }) { return }
        throw Refusal(
            code: ExitCodes.badData, place: place,
            message: "no user has two events to learn from, so that there is no order to learn",
            remedy: "check --user, give more of each sequence with --observe, or keep more items with --min-count")
    }
}
