import Testing
import TestSupport
@testable import Corpora

/// What a log says of time as a whole: columns that nobody reads, units that do not go together, dates that are written as numbers.
@Suite struct LogTimesTests {
    private static let options = try? CorpusOptions(minCount: 1)

    private func read(_ logs: [LogFile], layout: LogLayout = LogLayout(), badRows: BadRows? = nil) throws -> Corpus {
        try Corpus.read(logs.map(\.path), layout: layout, options: #require(Self.options), badRows: badRows)
    }

    @Test(arguments: [
        "timestamp", "Timestamp", "TIME", "ts", " ts ", "date", "DateTime", "date_time", "created_at", "createdAt", "Event Time", "event-time", "unix_time",
        "UnixTimestamp", "timeframe",
    ])
    func aColumnNamedLikeATimeIsNoticed(name: String) throws {
        let log = try LogFile("user,item,\(name)\nu,a,2\nu,b,1\n", name: "log.csv"), corpus = try read([log])
        let trimmed = name.split(separator: " ").joined(separator: " ")
        #expect(corpus.spelled == [["a", "b"]] && corpus.times == .fileOrder(unread: [trimmed]))
        let quoted = trimmed.contains(" ") ? "\"\(trimmed)\"" : trimmed
        #expect(corpus.times?.warning == "no column is named \"time\", so events keep the file's order; a column is called \"\(trimmed)\": --time \(quoted)")
        let inspection = try LogInspection([log.path])
        #expect(inspection.warnings.contains { $0.contains("a column is called \"\(trimmed)\": --time \(quoted).") })
        #expect(inspection.report.contains("! No column is named \"time\""))
        // Read as is said, it is in order, and nothing is left to say.
        let named = LogLayout(time: .named(trimmed))
        #expect(try read([log], layout: named).spelled == [["b", "a"]])
        #expect(try LogInspection([log.path], layout: named).warnings.allSatisfy { !$0.contains("--time") })
        let json = try LogFile("{\"user\":1,\"item\":2,\"\(trimmed)\":5}\n{\"user\":1,\"item\":3}\n", name: "log.jsonl")
        #expect(try read([json]).times == .fileOrder(unread: [trimmed]))
    }

    @Test(arguments: ["price", "times_bought", "daytime", "runtime", "timer", "", "update", "candidate", "dates of birth"])
    func otherColumnsAreNone(name: String) throws {
        let log = try LogFile("user\titem\t\(name)\nu\ta\t2\n"), corpus = try read([log])
        #expect(corpus.times == .fileOrder(unread: []) && corpus.times?.warning == nil)
        #expect(try LogInspection([log.path]).warnings.allSatisfy { !$0.contains("--time") })
    }

    /// Nobody is told of a column that is read already, or that was not to be read.
    @Test func whatIsReadIsNotUnread() throws {
        let log = try LogFile("date\tts\tevent_time\nu\ta\t2\n"), layout = LogLayout(user: "date", item: "ts")
        #expect(try read([log], layout: layout).times == .fileOrder(unread: ["event_time"]))
        #expect(try read([log], layout: LogLayout(user: "date", time: .fileOrder, item: "ts")).times == .fileOrder(unread: []))
        #expect(try read([log], layout: LogLayout(user: "date", time: .named("event_time"), item: "ts")).times == .every)
        let text = try LogFile("time and date\n", name: "log.txt")
        #expect(try read([text], layout: LogLayout(format: .text)).times == .fileOrder(unread: []))
    }

    @Test func columnsOfSeveralLogsAreNamedOnce() throws {
        let logs = try [LogFile("user\titem\tts\nu\ta\t2\n"), LogFile("user\tdate\tts\titem\nu\t1\t1\tb\n")]
        let times = try read(logs).times
        #expect(times == .fileOrder(unread: ["ts", "date"]))
        #expect(times?.warning?.hasSuffix("columns are called \"ts\", \"date\": --time NAME says which") == true)
    }

    @Test func blanksAroundTheNameOfAColumnAreNoPartOfIt() throws {
        let log = try LogFile("user,item, time\nu,a,2\nu,b,1\n", name: "log.csv"), corpus = try read([log])
        #expect(corpus.spelled == [["b", "a"]] && corpus.times == .every)
    }

    // MARK: - Units

    /// A counter that crosses the border of two units would be out of order: read on either side of it, it is in order.
    @Test(arguments: [100_000_000_000, 100_000_000_000_000, 100_000_000_000_000_000])
    func timesOfTwoUnitsAreRefused(border: Int) throws {
        func log(_ times: [Int]) throws -> LogFile {
            try LogFile("user\ttime\titem\n" + times.enumerated().map { "u\t\($1)\ti\($0)\n" }.joined())
        }
        let mixed = try log([border - 2000, border - 4000, border + 2000])
        let error = try #require(logError { _ = try read([mixed]) })
        #expect(error.kind == .badData && error.file == mixed.path && error.line == 4 && error.fault == .time)
        #expect(error.message.contains("the time \"\(border + 2000)\" is taken for ") && error.message.contains("that of line 2 for "), "\(error)")
        #expect(error.remedy.contains("in one unit"))
        // All verbs see it at the same row, a stream too.
        #expect(logError { _ = try LogInspection([mixed.path]) } == error)
        let stream = try UserStream([mixed.path], vocabulary: Vocabulary(items: ["i0"], counts: [1]))
        #expect(logError { _ = try stream.next() } == error)
        // Below and above it there is order, also below zero. Steps are such that nanoseconds, which are kept to the microsecond, are told apart.
        #expect(try read([log([border - 2000, border - 4000])]).spelled == [["i1", "i0"]])
        #expect(try read([log([border + 7000, border, border + 2000])]).spelled == [["i1", "i2", "i0"]])
        #expect(try read([log([-border, -border - 2000])]).spelled == [["i1", "i0"]])
        #expect(logError { _ = try read([log([-border, border - 2000])]) }?.line == 3)
    }

    @Test func logsThatAreReadAsOneHaveOneUnit() throws {
        let seconds = try LogFile("user\ttime\titem\n\nu\t0\ta\nu\t1500000000\tb\n"), milliseconds = try LogFile("user\ttime\titem\nu\t1500000000001\tc\n")
        #expect(try read([seconds]).items.count == 2 && read([milliseconds]).items.count == 1)
        let error = try #require(logError { _ = try read([seconds, milliseconds]) })
        #expect(error.file == milliseconds.path && error.line == 2)
        #expect(error.message == "the time \"1500000000001\" is taken for milliseconds, and that of \(seconds.path):4 for seconds")
    }

    /// What has no unit stands beside all of them.
    @Test(arguments: ["1500000000", "1500000000001", "1500000000000001", "1500000000000000001", "20170714024000"])
    func datesAndZeroStandBesideNumbers(number: String) throws {
        let log = try LogFile("user\ttime\titem\nu\t2030-01-01\tz\nu\t\(number)\tb\nu\t0\ta\nu\t20290101T000000Z\ty\n")
        #expect(try read([log]).spelled == [["a", "b", "y", "z"]])
    }

    /// The digits of dates are no milliseconds, though as numbers they are of that size.
    @Test func digitsOfDatesAndMillisecondsDoNotMix() throws {
        let log = try LogFile("user\ttime\titem\nu\t20170131185524\ta\nu\t20170131185574\tb\n")
        let error = try #require(logError { _ = try read([log]) })
        #expect(error.line == 3 && error.message.contains("is taken for milliseconds, and that of line 2 for the digits of a date"))
    }

    /// A row whose time is of another unit is a bad row.
    @Test func rowsOfAnotherUnitCanBeLeftOut() throws {
        let log = try LogFile("user\ttime\titem\nu\t1500000002\tb\nu\t1500000003000\tx\nu\t1500000001\ta\n"), badRows = try BadRows(limit: 1)
        #expect(try read([log], badRows: badRows).spelled == [["a", "b"]])
        #expect(badRows.summary.kinds == ["time": 1] && badRows.summary.first.first?.hasPrefix("\(log.path):3: the time \"1500000003000\"") == true)
    }

    // MARK: - Dates as numbers

    @Test func datesAsNumbersAreReadInOrderAndNoticed() throws {
        func log(_ times: String...) throws -> LogFile {
            try LogFile("user\ttime\titem\n" + times.enumerated().map { "u\t\($1)\ti\($0)\n" }.joined())
        }
        let dates = try log("20170201", "20170131"), corpus = try read([dates])
        #expect(corpus.times == .datesAsNumbers && corpus.spelled == [["i1", "i0"]])
        #expect(try LogInspection([dates.path]).warnings.contains { $0.hasPrefix("Times look like dates written as numbers") && $0.contains("2017-01-31") })
        // One number that is no date, and they are numbers.
        for other in try [log("20170201", "20170131", "20170132"), log("20170132", "20170131"), log("20170131", "0"), log("2017-01-31"), log("20170131185524")] {
            #expect(try read([other]).times == .every)
            #expect(try LogInspection([other.path]).warnings.allSatisfy { !$0.contains("dates") })
        }
    }

    @Test func aStreamKnowsWhenItHasBegun() throws {
        let vocabulary = Vocabulary(items: ["a"], counts: [1])
        for (text, times) in [("user\titem\tts\nu\ta\t1\nv\ta\t1\n", LogTimes.fileOrder(unread: ["ts"])), ("user\titem\ttime\nu\ta\t1\nv\ta\t1\n", .every)] {
            let log = try LogFile(text), stream = try UserStream([log.path], vocabulary: vocabulary)
            #expect(stream.times == nil)
            _ = try stream.next()
            #expect(stream.times == times)
        }
    }
}
