import ArgumentParser
import Corpora

/// What the logs of a command look like, but for the column that names the user.
struct LogFormOptions: ParsableArguments {
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case csv, tsv, jsonl

        var logFormat: LogFormat {
            switch self {
            case .csv: .csv
            case .tsv: .tsv
            case .jsonl: .jsonLines
            }
        }
    }

    @Option(help: ArgumentHelp(
        "The column with the time: unix seconds, or milliseconds and so on, told by their size and the same for all; or ISO 8601, such as 2017-01-31T18:55:24Z or 20170131T185524Z. 20170131185524 is a date, too, but 20170131 a number. (default: time, if there is such a column)",
        valueName: "name"))
    var time: String?

    @Option(help: ArgumentHelp("The column that names the item.", valueName: "name", standard: LogLayout().item))
    var item: String?

    @Option(name: .customLong("log-format"), help: ArgumentHelp("How logs are written down. (default: told by the file's name, then by what it holds)", valueName: "format"))
    var format: Format?

    @Option(help: ArgumentHelp(
        "Leave out so many rows that cannot be read; one more is an error. The first \(BadRowSummary.shown) are listed at the end, and the first \(BadRowSummary.listed) by lla inspect --json.",
        valueName: "count", standard: 0))
    var skipBadRows: Int?

    @Flag(help: "Logs are text: one document a line, its words the items. Words are letters, digits and marks, with apostrophes inside, in lower case; all else divides them, so that 3.14 is 3 and 14, and e-mail e and mail.")
    var text = false

    mutating func validate() throws {
        if text, format != nil { throw ValidationError("--text and --log-format contradict each other; give one of them") }
        if let skipBadRows, skipBadRows < 0 { throw ValidationError("--skip-bad-rows \(skipBadRows) cannot be (choose 0, which refuses a log with any bad row, or more)") }
        if text, time != nil { throw ValidationError("--text has no columns, and so no --time; leave one of them out") }
        if text, item != nil { throw ValidationError("--text has no columns, and so no --item; leave one of them out") }
    }

    /// - Parameter user: the option that names the user's column, if it was given.
    /// - Throws: `ValidationError` where there are no columns.
    func check(userColumn user: [GivenWords]) throws {
        guard text, let user = user.first else { return }
        throw ValidationError("--text has no columns, and so no --\(user.name); leave one of them out")
    }

    /// Reads logs with leave to skip bad rows. What was left out is said on standard error, before an error too: as a warning,
    /// since nothing that follows knows of those rows.
    func reading<Result>(_ read: (BadRows) throws -> Result) throws -> Result {
        let badRows = try BadRows(limit: skipBadRows ?? 0)
        defer { report(badRows) }
        return try read(badRows)
    }

    private func report(_ badRows: BadRows) {
        guard badRows.summary.total > 0 else { return }
        StandardError.shared.line("lla: warning: \(badRows.summary.words)")
        for line in badRows.summary.lines { StandardError.shared.line("  \(line)") }
    }

    /// - Parameter user: the column that names the user.
    func layout(user: String) -> LogLayout {
        LogLayout(
            format: text ? .text : format?.logFormat, user: user, time: time.map { .named($0) } ?? LogLayout().time,
            item: item ?? LogLayout().item)
    }

    /// What was given.
    var given: [GivenWords] {
        GivenWords.option("time", time) + GivenWords.option("item", item) + GivenWords.option("log-format", format?.rawValue)
            + GivenWords.option("skip-bad-rows", skipBadRows) + GivenWords.flag("text", isGiven: text)
    }
}
