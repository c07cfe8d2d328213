import Testing
import TestSupport
@testable import Corpora

/// RFC 4180 as slowly and plainly as it can be said: one character after the other, whole file in memory.
private func referenceTable(_ bytes: [UInt8], separator: UInt8) -> [[[UInt8]]] {
    var records: [[[UInt8]]] = [], record: [[UInt8]] = [], field: [UInt8] = []
    var quoted = false, wasQuoted = false, at = 0
    func endField() { record.append(field); field = []; wasQuoted = false }
    func endRecord() {
        endField()
        if record != [[]] { records.append(record) }
        record = []
    }
    while at < bytes.count {
        let byte = bytes[at]
        if quoted {
            if byte == 0x22, at + 1 < bytes.count, bytes[at + 1] == 0x22 {
                field.append(byte)
                at += 1
            } else if byte == 0x22 {
                quoted = false
            } else {
                field.append(byte)
            }
        } else if byte == 0x22, field.isEmpty, !wasQuoted {
            quoted = true
            wasQuoted = true
        } else if byte == separator {
            endField()
        } else if byte == 0x0A {
            endRecord()
        } else if byte == 0x0D, at + 1 == bytes.count || bytes[at + 1] == 0x0A {
            // Half of a line end.
        } else {
            field.append(byte)
        }
        at += 1
    }
    if !field.isEmpty || !record.isEmpty || wasQuoted { endRecord() }
    return records
}

/// A random field and a way to write it down.
private func randomField(_ random: inout SplitMix, separator: UInt8) -> [UInt8] {
    let alphabet: [[UInt8]] = ["a", "b", "7", "é", "😀", " ", "\"", "\n", "\r\n", ",", "\t", ";", "'"].map { Array($0.utf8) }
    let value = (0..<Int.random(in: 1...9, using: &random)).flatMap { _ in alphabet.randomElement(using: &random) ?? [] }
    let special = value.first == 0x22 || value.contains(separator) || value.contains(0x0A) || value.contains(0x0D)
    guard special || Bool.random(using: &random) else { return value }
    return [0x22] + value.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] } + [0x22]
}

@Suite struct DelimitedRowsTests {
    @Test(arguments: 0..<60)
    func readsWhatTheReferenceReads(seed: Int) throws {
        var random = SplitMix(UInt64(seed))
        let isTSV = Bool.random(using: &random)
        let separator: UInt8 = isTSV ? 0x09 : 0x2C
        let lineEnd = Array((Bool.random(using: &random) ? "\r\n" : "\n").utf8)
        var bytes: [UInt8] = Bool.random(using: &random) ? [0xEF, 0xBB, 0xBF] : []
        let table = "item x time user".split(separator: " ").map { Array($0.utf8) }
        bytes += Array(table.joined(separator: [separator])) + lineEnd
        let body = bytes.count
        for row in 0..<200 {
            bytes += Array((0..<4).map { _ in randomField(&random, separator: separator) }.joined(separator: [separator]))
            if Int.random(in: 0..<10, using: &random) == 0 { bytes += lineEnd }
            if row < 199 || Bool.random(using: &random) { bytes += lineEnd }
        }
        let expected = referenceTable(Array(bytes[body...]), separator: separator).map {
            TextEvent(user: String(decoding: $0[3], as: UTF8.self), time: String(decoding: $0[2], as: UTF8.self), item: String(decoding: $0[0], as: UTF8.self))
        }
        #expect(expected.count == 200)

        // A buffer of a few bytes makes every row straddle its end.
        for capacity in [8, 61, 1 << 16] {
            let reader = try LineReader(BytesInMemory(bytes, portion: capacity == 61 ? 7 : 1 << 20), capacity: capacity)
            let rows = try DelimitedRows(reader, format: isTSV ? .tsv : .csv, layout: LogLayout())
            var found: [TextEvent] = [], row = Row()
            while try rows.next(&row) {
                let time = try #require(row.time)
                found.append(TextEvent(
                    user: String(decoding: row.user, as: UTF8.self), time: String(decoding: time, as: UTF8.self), item: String(decoding: row.item, as: UTF8.self)))
            }
            #expect(found == expected)
        }
    }

    @Test func aQuoteInsideAFieldStandsForItself() throws {
        let log = try LogFile("user\titem\nu\t5\" nail\nu\tx\"\"y\n")
        #expect(try allRows([log.path]).map(\.item) == ["5\" nail", "x\"\"y"])
    }

    @Test func lineNumbersCountPhysicalLines() throws {
        let log = try LogFile("user,item\n\nu,\"a\nb\"\nu,c\n", name: "log.csv")
        #expect(try allRows([log.path]).map(\.line) == [3, 5])
    }

    @Test func semicolonsDivideIfTheHeaderHasNoComma() throws {
        let log = try LogFile("sessionId;userId;itemId;timeframe\n1;;81766;526309\n", name: "train.csv")
        let rows = try allRows([log.path], layout: LogLayout(user: "sessionId", time: .named("timeframe"), item: "itemId"))
        #expect(rows == [TextEvent(user: "1", time: "526309", item: "81766", line: 2)])
    }

    @Test func longLinesAreLines() throws {
        let name = String(repeating: "long ", count: 400_000)
        let log = try LogFile("user\titem\nu\t\(name)\nu\tb\n")
        #expect(try allRows([log.path]).map(\.item) == [name, "b"])
    }

    @Test(arguments: [
        ("a.csv", "x", LogFormat.csv), ("A.TSV.GZ", "x", .tsv), ("a.b/c.ndjson", "x", .jsonLines), ("-", "user,item\n", .csv),
        ("log", "user\titem,\n", .tsv), ("log.txt", " \n {\"user\":1}", .jsonLines), ("csv", "user;item", .csv), ("x.gz", "user", .tsv),
    ])
    func formatFollowsExtensionThenContents(path: String, contents: String, format: LogFormat) {
        let found = Array(contents.utf8).withUnsafeBytes { LogFormat(path: path) ?? LogFormat(contents: $0) }
        #expect(found == format)
    }
}

/// Bytes handed out in portions no larger than asked for.
final class BytesInMemory: ByteSource {
    let name = "memory"
    private var rest: ArraySlice<UInt8>
    private let portion: Int

    init(_ bytes: [UInt8], portion: Int) {
        rest = bytes[...]
        self.portion = portion
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
        let count = min(rest.count, buffer.count, portion)
        buffer.copyBytes(from: rest.prefix(count))
        rest = rest.dropFirst(count)
        return count
    }
}
