import Foundation
import Testing
import TestSupport
@testable import Corpora

/// A log that is no log, and what is to be said of it.
struct BadInput: CustomTestStringConvertible, Sendable {
    var name: String
    var file = "log.tsv"
    var bytes: [UInt8]
    var layout = LogLayout()
    var options = CorpusOptions.standard
    var line: Int?
    /// All of these words must be in the message or the remedy.
    var says: [String]

    var testDescription: String { name }

    init(_ name: String, _ text: String, file: String = "log.tsv", layout: LogLayout = LogLayout(), options: CorpusOptions = .standard, line: Int? = nil, says: String...) {
        self.init(name, bytes: Array(text.utf8), file: file, layout: layout, line: line, says: says)
        self.options = options
    }

    init(_ name: String, bytes: [UInt8], file: String = "log.tsv", layout: LogLayout = LogLayout(), line: Int? = nil, says: [String]) {
        (self.name, self.bytes, self.file, self.layout, self.line, self.says) = (name, bytes, file, layout, line, says)
    }

    private static func checked(_ options: () throws -> CorpusOptions) -> CorpusOptions {
        guard let options = try? options() else { preconditionFailure("the table's own options are sound") }
        return options
    }

    private static let stopping = checked { try CorpusOptions(stopWords: .english) }
    private static let longOnly = checked { try CorpusOptions(minLength: 9) }

    static let all: [BadInput] = [
        BadInput("empty", "", says: "empty", "header"),
        BadInput("blank lines only", "\n\n\r\n", says: "empty"),
        BadInput("byte-order mark only", bytes: [0xEF, 0xBB, 0xBF], says: ["empty"]),
        BadInput("header only", "user\titem\n", says: "no event"),
        BadInput("no user column", "who\titem\nu\ta\n", line: 1, says: "\"user\"", "who, item", "--user"),
        BadInput("no item column", "user\twhat\tprice\nu\ta\t1\n", line: 1, says: "\"item\"", "user, what, price", "--item"),
        BadInput("no header", "u\t1\ta\nu\t2\tb\n", line: 1, says: "u, 1, a"),
        BadInput("no time column though named", "user\titem\nu\ta\n", layout: LogLayout(time: .named("at")), line: 1, says: "\"at\"", "--time"),
        BadInput("a column twice", "user\titem\titem\nu\ta\tb\n", line: 1, says: "2 columns", "\"item\""),
        BadInput("wrong separator", "user,item\nu,a\n", line: 1, says: "user,item"),
        BadInput("too few fields", "user\titem\ttime\nu\ta\t1\nu\ta\n", line: 3, says: "2 fields", "3"),
        BadInput("too many fields", "user\titem\nu\ta\tb\n", line: 2, says: "3 fields", "2"),
        BadInput("one field", "user\titem\nu\n", line: 2, says: "1 field "),
        BadInput("NUL in an item", "user\titem\nu\ta\nu\ta\u{0}b\n", line: 3, says: "NUL"),
        BadInput("NUL in a column that is not read", "user\titem\tx\nu\ta\t\u{0}\n", line: 2, says: "NUL"),
        BadInput("NUL in the header", "user\titem\u{0}\nu\ta\n", line: 1, says: "NUL"),
        BadInput("invalid UTF-8 in an item", bytes: Array("user\titem\nu\t".utf8) + [0xC3, 0x28], line: 2, says: ["UTF-8", "iconv"]),
        BadInput("invalid UTF-8 in a user", bytes: Array("user\titem\nu\ta\n".utf8) + [0xFF] + Array("\ta\n".utf8), line: 3, says: ["UTF-8"]),
        BadInput("invalid UTF-8 in the header", bytes: [0xE9] + Array("user\titem\nu\ta\n".utf8), line: 1, says: ["UTF-8"]),
        BadInput("UTF-16", bytes: [0xFF, 0xFE, 0x75, 0x00, 0x73, 0x00], line: 1, says: ["UTF-16", "iconv"]),
        BadInput("UTF-16, big end first", bytes: [0xFE, 0xFF, 0x00, 0x75], line: 1, says: ["UTF-16"]),
        BadInput("bad time", "user\titem\ttime\nu\ta\t1\nu\ta\tyesterday\n", line: 3, says: "\"yesterday\"", "ISO 8601"),
        BadInput("no such day", "user\titem\ttime\nu\ta\t2017-02-30\n", line: 2, says: "2017-02-30"),
        BadInput("empty time", "user\titem\ttime\nu\ta\t\n", line: 2, says: "time"),
        BadInput("empty item", "user\titem\nu\ta\nu\t\n", line: 3, says: "\"item\" is empty"),
        BadInput("empty user", "user\titem\n\ta\n", line: 2, says: "\"user\" is empty"),
        BadInput("empty quoted item", "user\titem\nu\t\"\"\n", line: 2, says: "\"item\" is empty"),
        BadInput("unterminated quote", "user\titem\nu\t\"a\nu\tb\nu\tc\n", line: 2, says: "unterminated quote"),
        BadInput("unterminated quote in the header", "\"user\titem\nu\ta\n", line: 1, says: "unterminated quote"),
        BadInput("text behind a quote", "user\titem\nu\ta\nu\t\"a\"b\n", line: 3, says: "closing quote"),
        BadInput("a quote that swallows the file", bytes: Array("user\titem\nu\t\"".utf8) + Array(repeating: 0x61, count: (1 << 24) + 1) + Array("\nu\tb\"\n".utf8),
                 line: 2, says: ["unterminated quote"]),
        BadInput("corrupt gzip", bytes: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF], file: "log.tsv.gz", says: ["corrupt gzip"]),
        BadInput("gzip of an unknown method", bytes: [0x1F, 0x8B, 9, 0, 0, 0, 0, 0, 0, 3], file: "log.tsv.gz", says: ["corrupt gzip"]),
        BadInput("gzip header alone", bytes: [0x1F, 0x8B, 8], file: "log.tsv.gz", says: ["truncated gzip"]),
        BadInput("zip", bytes: [0x50, 0x4B, 3, 4, 1, 1], file: "log.csv", line: 1, says: ["zip archive"]),
        BadInput("zstd", bytes: [0x28, 0xB5, 0x2F, 0xFD, 1], line: 1, says: ["zstd"]),
        BadInput("Parquet", bytes: Array("PAR1".utf8) + [0, 0], line: 1, says: ["Parquet"]),
        BadInput("bad JSON", #"{"user":"u","item":"a"}"# + "\n{\"user\":\n", file: "a.jsonl", line: 2, says: "bad JSON"),
        BadInput("JSON without an item", #"{"user":"u","thing":"a"}"#, file: "a.jsonl", line: 1, says: "\"item\"", "user, thing", "--item"),
        BadInput("JSON without a user", #"{"item":"a"}"#, file: "a.jsonl", line: 1, says: "\"user\"", "--user"),
        BadInput("JSON without anything", "{}", file: "a.jsonl", line: 1, says: "there is none"),
        BadInput("JSON without the time that was named", #"{"user":1,"item":2}"#, file: "a.jsonl", layout: LogLayout(time: .named("t")), line: 1, says: "\"t\"", "--time"),
        BadInput("JSON array", #"[{"user":1,"item":2}]"#, file: "a.json", line: 1, says: "not a JSON object", "jq"),
        BadInput("JSON with an item that is null", #"{"user":1,"item":null}"#, file: "a.jsonl", line: 1, says: "\"item\"", "neither"),
        BadInput("JSON with an empty item", #"{"user":1,"item":""}"#, file: "a.jsonl", line: 1, says: "\"item\" is empty"),
        BadInput("JSON with times on some lines", #"{"user":1,"item":2,"time":3}"# + "\n" + #"{"user":1,"item":2}"#, file: "a.jsonl", line: 2, says: "no \"time\" here"),
        BadInput("JSON with times on later lines", #"{"user":1,"item":2}"# + "\n" + #"{"user":1,"item":2,"time":3}"#, file: "a.jsonl", line: 2, says: "\"time\" here"),
        BadInput("JSON with NUL in a string", #"{"user":1,"item":"a\u0000"}"#, file: "a.jsonl", line: 1, says: "NUL"),
        BadInput("empty JSON", "", file: "a.jsonl", says: "empty"),
        BadInput("blank JSON", "\n \n", file: "a.jsonl", says: "no event"),
        BadInput("invalid UTF-8 in a text", bytes: Array("one\ntwo ".utf8) + [0x80], layout: LogLayout(format: .text), line: 2, says: ["UTF-8"]),
        BadInput("text without a word", "--\n...\n", layout: LogLayout(format: .text), says: "no event"),
        BadInput("empty text", "", layout: LogLayout(format: .text), says: "empty"),
        BadInput("text of stop words alone", "the and\nof\n", layout: LogLayout(format: .text), options: stopping, says: "no event", "--stop-words none"),
        BadInput("short sequences only", "user\titem\nu\ta\nu\tb\nv\ta\n", options: longOnly, says: "no sequence has 9 events", "--min-length"),
        BadInput("rare items only", "user\titem\nu\ta\nu\tb\n", says: "5 times", "--min-count"),
    ]
}

@Suite struct BadInputTests {
    @Test(arguments: BadInput.all)
    func isExplained(_ input: BadInput) throws {
        let log = try LogFile(input.bytes, name: input.file)
        let error = try #require(logError { _ = try Corpus.read([log.path], layout: input.layout, options: input.options) })
        #expect(error.kind == .badData)
        #expect(error.kind.exitCode == 65)
        #expect(error.file == log.path)
        #expect(error.line == input.line)
        let text = error.description
        #expect(input.says.allSatisfy(text.contains), "\(text)")
        #expect(!error.remedy.isEmpty)
        #expect(!text.contains("\n") && !text.unicodeScalars.contains("\u{0}"))
    }

    @Test func whatIsNotThereCannotBeRead() throws {
        let log = try LogFile("user\titem\n")
        let folder = (log.path as NSString).deletingLastPathComponent
        for (path, word) in [(folder + "/nothing", "No such file"), (folder, "directory"), (log.path + "/x", "Not a directory"), ("a\u{0}b", "NUL"), ("", "No such file")] {
            let error = try #require(logError { _ = try Corpus.read([path]) })
            #expect(error.kind == .noInput)
            #expect(error.kind.exitCode == 66)
            #expect(error.description.contains(word), "\(error)")
        }
        #expect(logError { _ = try Corpus.read([]) }?.kind == .usage)
    }

    @Test func sessionsNeedTimes() throws {
        let log = try LogFile("user\titem\nu\ta\n")
        let error = logError { _ = try Corpus.read([log.path], options: CorpusOptions(sessionGap: 60)) }
        #expect(error?.line == 1)
        #expect(error?.message.contains("\"time\"") == true)
    }

    @Test func timesInSomeLogsOnlyAreAnError() throws {
        let a = try LogFile("user\titem\ttime\nu\ta\t1\n"), b = try LogFile("user\titem\nu\ta\n")
        let error = logError { _ = try Corpus.read([a.path, b.path]) }
        #expect(error?.file == b.path)
        #expect(error?.line == 2)
    }

    /// Whatever the bytes, there is a corpus or an error.
    @Test func noiseNeverCrashes() throws {
        var random = SplitMix(99)
        let pieces: [[UInt8]] = ["user", "item", "time", "\t", ",", "\n", "\r", "\"", "{", "}", "[", ":", "\\", "\\u", "d800", "1", "-", ".", "e", "é", " ", "{\"user\":"]
            .map { Array($0.utf8) } + [[0xFF], [0x80], [0x1F, 0x8B], [0xEF, 0xBB, 0xBF]]
        var failures = 0
        for round in 0..<3000 {
            var bytes = round % 2 == 0 ? Array("user\titem\n".utf8) : []
            for _ in 0..<Int.random(in: 0..<40, using: &random) { bytes += pieces.randomElement(using: &random) ?? [] }
            for format in [nil, LogFormat.csv, .tsv, .jsonLines, .text] {
                let source = BytesInMemory(bytes, portion: 5)
                do {
                    let reader = try LineReader(source, capacity: 8)
                    let rows: any RowSource = switch format ?? bytes.withUnsafeBytes({ LogFormat(contents: $0) }) {
                    case .text: try TextRows(reader, prefix: "")
                    case .jsonLines: try JSONRows(reader, layout: LogLayout())
                    case let table: try DelimitedRows(reader, format: table, layout: LogLayout())
                    }
                    var row = Row()
                    while try rows.next(&row) {}
                } catch {
                    #expect(error.kind == .badData)
                    failures += 1
                }
            }
        }
        #expect(failures > 1000)
    }
}
