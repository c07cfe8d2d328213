import Testing
import TestSupport
@testable import Corpora

/// `--skip-bad-rows`: what is left of a log is what the log would be without its bad rows.
@Suite struct BadRowsTests {
    /// A format, its header, how it spells an event, and rows that are bad in it, each with what is wrong.
    struct Spelling: Sendable, CustomTestStringConvertible {
        let file: String
        let header: String
        let event: @Sendable (_ user: Int, _ time: Int, _ item: String) -> String
        let bad: [(row: [UInt8], fault: RowFault)]

        var testDescription: String { file }
    }

    static let spellings = [
        Spelling(file: "log.tsv", header: "user\ttime\titem\n", event: { "u\($0)\t\($1)\t\($2)\n" }, bad: [
            (Array("u1\t5\n".utf8), .fields), (Array("u1\t5\ta\tb\n".utf8), .fields), (Array("\t5\ta\n".utf8), .missing),
            (Array("u1\t5\t\n".utf8), .missing), (Array("u1\tsoon\ta\n".utf8), .time), (Array("u1\t\ta\n".utf8), .time),
            (Array("u1\t5\ta\u{0}\n".utf8), .nul), (joined("u1\t5\t", octets(0xFF), "\n"), .utf8), (joined(octets(0x80), "\t5\ta\n"), .utf8),
            (Array("u1\t5\t\"a\"b\n".utf8), .quotes),
        ]),
        Spelling(file: "log.csv", header: "user,item,time\r\n", event: { "\"u\($0)\",\"\($2)\n\"\"\",\($1)\r\n" }, bad: [
            (Array("u1,a\n".utf8), .fields), (Array("\"u1\",\"\",5\n".utf8), .missing), (Array("u1,\"a\" ,5\n".utf8), .quotes),
            // Its quote closes where that of the next row opens.
            (Array("u1,\"a,5\n".utf8), .quotes), (Array("u1,a,\"1,5\"\n".utf8), .time), (joined("u1,\"", octets(0xC3), "\",5\n"), .utf8),
        ]),
        Spelling(file: "log.jsonl", header: "", event: { "{\"user\":\"u\($0)\",\"time\":\($1),\"item\":\"\($2)\\u0041\"}\n" }, bad: [
            (Array("{\"user\":1,\"time\":5}\n".utf8), .missing), (Array("{\"user\":null,\"time\":5,\"item\":2}\n".utf8), .missing),
            (Array("{\"user\":1,\"item\":2}\n".utf8), .time), (Array("{\"user\":1,\"item\":2,\"time\":[]}\n".utf8), .time),
            (Array("{\"user\":1,\"item\":2,\"time\":\"x\"}\n".utf8), .time), (Array("{\"user\":1\n".utf8), .json),
            (Array("nothing\n".utf8), .json), (Array("{\"user\":\"\u{0}\"}\n".utf8), .nul),
            (joined("{\"user\":1,\"time\":5,\"item\":\"", octets(0xFE), "\"}\n"), .utf8),
        ]),
    ]

    /// A good log, and the same with bad rows strewn in.
    private static func logs(_ spelling: Spelling, seed: UInt64) -> (good: [UInt8], strewn: [UInt8], faults: [RowFault]) {
        var random = SplitMix(seed)
        var good = Array(spelling.header.utf8), strewn = good, faults: [RowFault] = []
        for event in 0..<120 {
            let row = Array(spelling.event(event / 7, Int.random(in: 0..<1000, using: &random), "i\(Int.random(in: 0..<9, using: &random))").utf8)
            good += row
            // The first row says whether there are times, and so is good.
            while event > 0, Int.random(in: 0..<3, using: &random) == 0, let (bad, fault) = spelling.bad.randomElement(using: &random) {
                strewn += bad
                faults.append(fault)
            }
            strewn += row
        }
        return (good, strewn, faults)
    }

    @Test(arguments: spellings, 0..<8)
    func whatIsLeftIsTheLogWithoutThem(_ spelling: Spelling, seed: Int) throws {
        let (good, strewn, faults) = Self.logs(spelling, seed: UInt64(seed))
        let clean = try LogFile(good, name: spelling.file), dirty = try LogFile(strewn, name: spelling.file)
        let options = try CorpusOptions(minCount: 1, observe: 0.6, sessionGap: seed % 2 == 0 ? nil : 100)
        let badRows = try BadRows(limit: faults.count)
        let expected = try Corpus.read([clean.path], options: options), corpus = try Corpus.read([dirty.path], options: options, badRows: badRows)
        #expect(corpus.users == expected.users && corpus.spelled == expected.spelled && corpus.vocabulary == expected.vocabulary)
        #expect(badRows.summary.total == faults.count && faults.count > 10)
        #expect(badRows.summary.kinds == Dictionary(faults.map { ($0.rawValue, 1) }, uniquingKeysWith: +))
        #expect(badRows.summary.first.count == faults.count && badRows.summary.lines.count == 6)

        // As a stream, and in an inspection.
        func streamed(_ path: String, _ badRows: BadRows?) throws -> [UserEvents] {
            let stream = try UserStream([path], vocabulary: expected.vocabulary, options: options, badRows: badRows)
            var users: [UserEvents] = []
            while let user = try stream.next() { users.append(user) }
            return users
        }
        #expect(try streamed(dirty.path, BadRows(limit: faults.count)) == streamed(clean.path, nil))
        let inspection = try LogInspection([dirty.path], options: options, badRows: BadRows(limit: faults.count))
        #expect(inspection.badRows == badRows.summary)
        #expect(inspection.rows == 120 && inspection.report.contains("; \(faults.count) bad rows were left out: "))

        // One row fewer may be left out: the last of them is the error.
        let error = try #require(logError { _ = try Corpus.read([dirty.path], options: options, badRows: BadRows(limit: faults.count - 1)) })
        #expect(error.kind == .badData && error.file == dirty.path && error.fault == faults.last)
        #expect(error.message.contains("one bad row more than --skip-bad-rows \(faults.count - 1) lets pass"))
        // And without leave, the first.
        #expect(logError { _ = try Corpus.read([dirty.path], options: options) }?.fault == faults.first)
    }

    @Test func theFirstFewAreListedWithTheirPlaces() throws {
        let log = try LogFile("user\titem\nu\ta\nu\nu\t\nu\tb\tc\nu\tb\n\ta\n\nv\nw\nu\tc\n"), badRows = try BadRows(limit: 9)
        let corpus = try Corpus.read([log.path], options: CorpusOptions(minCount: 1), badRows: badRows)
        #expect(spelled(corpus) == "u: a b c")
        #expect(badRows.summary.words == "6 bad rows were left out: 4 with too many or too few fields, 2 without a user or an item")
        #expect(badRows.summary.lines == [
            "\(log.path):3: 1 field where the header has 2", "\(log.path):4: \"item\" is empty", "\(log.path):5: 3 fields where the header has 2",
            "\(log.path):7: \"user\" is empty", "\(log.path):9: 1 field where the header has 2", "and 1 more",
        ])
    }

    /// A quote that stays open takes no sound row along.
    @Test func anOpenQuoteCostsOneRow() throws {
        let log = try LogFile("user,item\nu,a\nu,\"b\nu,c\nu,\"d\"\nu,e\n", name: "log.csv"), badRows = try BadRows(limit: 1)
        #expect(try spelled(Corpus.read([log.path], options: CorpusOptions(minCount: 1), badRows: badRows)) == "u: a c d e")
        #expect(badRows.summary.kinds == ["quotes": 1])
    }

    /// What is at fault is the quote that stays open, though it is further down that this is seen; the rows between are sound, and kept.
    @Test func theQuoteThatStaysOpenIsNamed() throws {
        let inches = try LogFile("user,time,item\nu,1,a\nu,2,\"5 inch\nu,3,c\nu,4,d\nu,5,\"x\"\nu,6,e\n", name: "log.csv")
        let options = try CorpusOptions(minCount: 1), badRows = try BadRows(limit: 9)
        let error = try #require(logError { _ = try Corpus.read([inches.path], options: options) })
        #expect(error.line == 3 && error.message.hasSuffix("in the row that begins here: the quote closes in line 6") && error.fault == .quotes)
        #expect(try spelled(Corpus.read([inches.path], options: options, badRows: badRows)) == "u: a c d x e")
        #expect(badRows.summary.first == ["\(inches.path):3: \(error.message)"])

        let zero = try LogFile("user,time,item\nu,1,a\nu,2,\"b\nu,3,c\n\0,5,e\nu,6,f\n", name: "log.csv"), others = try BadRows(limit: 9)
        #expect(try spelled(Corpus.read([zero.path], options: options, badRows: others)) == "u: a c f")
        #expect(others.summary.kinds == ["quotes": 1, "nul": 1])
        #expect(others.summary.first == [
            "\(zero.path):3: a quote of the row that begins here is still open at the NUL byte of line 5", "\(zero.path):5: NUL byte",
        ])
    }

    /// All rows are listed that were left out, as long as they can be counted in print; people are shown a few.
    @Test(arguments: [(3, 3, 3), (5, 5, 5), (6, 6, 6), (1000, 1000, 6), (1200, 1000, 6)])
    func badRowsAreListed(count: Int, listed: Int, shown: Int) throws {
        let log = try LogFile("user\titem\nu\ta\n" + String(repeating: "u\n", count: count)), badRows = try BadRows(limit: count)
        _ = try Corpus.read([log.path], options: CorpusOptions(minCount: 1), badRows: badRows)
        #expect(badRows.summary.total == count)
        #expect(badRows.summary.first == (0..<listed).map { "\(log.path):\($0 + 3): 1 field where the header has 2" })
        #expect(badRows.summary.lines.count == shown)
        if shown > 5 { #expect(badRows.summary.lines.last == "and \(count - 5) more") }
    }

    /// The limit is for all logs together.
    @Test func severalLogsShareTheLimit() throws {
        let logs = try (0..<3).map { try LogFile("user\titem\nu\($0)\ta\nu\n") }
        let options = try CorpusOptions(minCount: 1), badRows = try BadRows(limit: 3)
        #expect(try Corpus.read(logs.map(\.path), options: options, badRows: badRows).items.count == 3)
        #expect(badRows.summary.total == 3)
        #expect(logError { _ = try Corpus.read(logs.map(\.path), options: options, badRows: BadRows(limit: 2)) }?.file == logs[2].path)
    }

    /// What is wrong with more than a row is never left out.
    @Test(arguments: ["", "user\n", "user\titem\n", "user\titem\nu\n"])
    func aLogOfNoEventsIsRefused(text: String) throws {
        let log = try LogFile(text)
        #expect(logError { _ = try Corpus.read([log.path], badRows: BadRows(limit: 100)) }?.kind == .badData)
    }

    @Test func aLimitBelowZeroIsNoLimit() {
        #expect(logError { _ = try BadRows(limit: -1) }?.kind == .usage)
    }
}
