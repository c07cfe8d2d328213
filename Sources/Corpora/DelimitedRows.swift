#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The rows of a CSV or TSV file (RFC 4180): a header that names the columns, then as many fields in each row.
///
/// A field that begins with a quote ends with one, may hold separators and line ends, and doubles the quotes in it.
/// A quote anywhere else stands for itself. Blank lines are passed over. Blanks around the name of a column are no part of it, unless
/// that is how it was asked for.
final class DelimitedRows: RowSource {
    /// No name of an item is this long: more likely, the closing quote is missing.
    static let longestQuotedField = 1 << 24

    private let reader: LineReader
    private let separator: UInt8
    private let columnCount: Int
    private let userColumn: Int
    private let itemColumn: Int
    private let timeColumn: Int?
    let unreadTimes: [String]

    init(_ reader: LineReader, format: LogFormat, layout: LogLayout) throws(LogError) {
        self.reader = reader
        repeat {
            guard try reader.next() else {
                throw LogError(
                    .badData, file: reader.name, message: "the file is empty",
                    remedy: "a log has a header line that names its columns, then one event a line")
            }
        } while reader.line.isEmpty
        let line = reader.lineNumber
        separator = format == .tsv ? 0x09 : Self.separator(ofHeader: UnsafeRawBufferPointer(reader.line))
        let header = try Self.header(reader, separator: separator)
        columnCount = header.count
        let reason = Self.reason(forHeader: header, of: UnsafeRawBufferPointer(reader.line), separator: separator)
        func places(_ name: String) -> [Int] {
            let exact = header.indices.filter { header[$0] == name }
            return exact.isEmpty ? header.indices.filter { trimmed(header[$0]) == trimmed(name) } : exact
        }
        func place(_ name: String, _ option: String) throws(LogError) -> Int {
            let places = places(name)
            if places.count == 1 { return places[0] }
            throw LogError(
                .badData, file: reader.name, line: line,
                message: (places.isEmpty ? "no column is named \"\(name)\"" : "\(places.count) columns are named \"\(name)\"")
                    + "; the columns are \(Self.list(header))",
                remedy: "\(reason.map { $0 + "; or " } ?? "")say which it is with \(option) NAME")
        }
        userColumn = try place(layout.user, "--user")
        itemColumn = try place(layout.item, "--item")
        switch layout.time {
        case .named(let name): timeColumn = try place(name, "--time")
        case .ifPresent(let name): timeColumn = places(name).isEmpty ? nil : try place(name, "--time")
        case .fileOrder: timeColumn = nil
        }
        if timeColumn == nil, case .ifPresent = layout.time {
            let (user, item) = (userColumn, itemColumn), others = header.indices.filter { $0 != user && $0 != item }
            unreadTimes = others.map { trimmed(header[$0]) }.filter(TimeNames.match)
        } else {
            unreadTimes = []
        }
    }

    func next(_ row: inout Row) throws(LogError) -> Bool {
        repeat {
            guard try reader.next() else { return false }
        } while reader.line.isEmpty
        let firstLine = reader.lineNumber
        row.line = firstLine
        var user = 0..<0, item = 0..<0, time = 0..<0
        var field = 0
        var cursor = FieldCursor(reader, separator: separator)
        while let bounds = try cursor.next() {
            if field == userColumn { user = bounds }
            if field == itemColumn { item = bounds }
            if field == timeColumn { time = bounds }
            field += 1
        }
        guard field == columnCount else { throw ragged(line: firstLine, count: field) }
        if cursor.hasDoubledQuotes {
            let raw = (user: user, item: item, time: time)
            user = reader.undouble(raw.user)
            // One column may be asked for twice.
            item = raw.item == raw.user ? user : reader.undouble(raw.item)
            time = raw.time == raw.user ? user : raw.time == raw.item ? item : reader.undouble(raw.time)
        }
        let line = UnsafeRawBufferPointer(reader.line)
        row.user = UnsafeRawBufferPointer(rebasing: line[user])
        row.item = UnsafeRawBufferPointer(rebasing: line[item])
        row.time = timeColumn == nil ? nil : UnsafeRawBufferPointer(rebasing: line[time])
        return true
    }

    private func ragged(line: Int, count: Int) -> LogError {
        LogError(
            .badData, file: reader.name, line: line,
            message: "\(count) field\(count == 1 ? "" : "s") where the header has \(columnCount)",
            remedy: "mend the row; a \(separator == 0x09 ? "tab" : "separator") inside a field needs quotes around the field", fault: .fields)
    }

    private static func separator(ofHeader header: UnsafeRawBufferPointer) -> UInt8 {
        !header.contains(UInt8(ascii: ",")) && header.contains(UInt8(ascii: ";")) ? UInt8(ascii: ";") : UInt8(ascii: ",")
    }

    private static func header(_ reader: LineReader, separator: UInt8) throws(LogError) -> [String] {
        let line = reader.lineNumber
        var places: [Range<Int>] = []
        var cursor = FieldCursor(reader, separator: separator)
        while let bounds = try cursor.next() { places.append(bounds) }
        if cursor.hasDoubledQuotes { places = places.map { reader.undouble($0) } }
        let bytes = UnsafeRawBufferPointer(reader.line)
        guard isUTF8(bytes) else { throw LogError.notUTF8(file: reader.name, line: line) }
        return places.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// Why a header may lack the columns that it should have, and what mends that; nil where nothing is to be seen.
    ///
    /// - Parameter line: the header as it stands in the file.
    private static func reason(forHeader header: [String], of line: UnsafeRawBufferPointer, separator: UInt8) -> String? {
        // What other systems end lines with, and most programs show as such.
        if line.contains(0x0D) { return "lines seem to end with CR alone: tr '\\r' '\\n' mends that" }
        guard header.count == 1 else { return nil }
        if separator != 0x09, line.contains(0x09) { return "fields seem to be divided by tabs: --log-format tsv" }
        guard separator == 0x09 else { return nil }
        if line.contains(UInt8(ascii: ",")) { return "fields seem to be divided by commas: --log-format csv" }
        if line.contains(UInt8(ascii: ";")) { return "fields seem to be divided by semicolons: --log-format csv" }
        return nil
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(20).map { name in name.utf8.withContiguousStorageIfAvailable { excerpt(UnsafeRawBufferPointer($0)) } ?? name }
        return shown.joined(separator: ", ") + (names.count > shown.count ? ", … (\(names.count) in all)" : "")
    }
}

/// A name without the blanks around it. Line ends are no blanks: where one stands in a name, it tells what is wrong with the file.
private func trimmed(_ name: String) -> String {
    func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace && (scalar == "\t" || scalar.value >= 0x20) }
    let scalars = name.unicodeScalars
    guard let first = scalars.firstIndex(where: { !isBlank($0) }), let last = scalars.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(scalars[first...last])
}

/// Walks over the fields of a reader's line. Bounds are relative to the start of the line, quotes taken off; those doubled inside
/// a field still are, so that the bytes are as they were should the row turn out bad.
private struct FieldCursor {
    private let reader: LineReader
    private let separator: UInt8
    private let firstLine: Int
    private var base: UnsafeMutableRawPointer?
    private var length: Int
    /// Where the next field begins; nil behind the last one.
    private var at: Int? = 0
    /// Whether any field so far has doubled quotes.
    private(set) var hasDoubledQuotes = false

    init(_ reader: LineReader, separator: UInt8) {
        self.reader = reader
        self.separator = separator
        firstLine = reader.lineNumber
        base = reader.line.baseAddress
        length = reader.line.count
    }

    @inline(__always)
    mutating func next() throws(LogError) -> Range<Int>? {
        guard let start = at, let base else { return nil }
        if start < length, base.load(fromByteOffset: start, as: UInt8.self) == UInt8(ascii: "\"") {
            return try quoted(from: start + 1)
        }
        if let found = memchr(base + start, Int32(separator), length - start) {
            let end = UnsafeMutableRawPointer(found) - base
            at = end + 1
            return start..<end
        }
        at = nil
        return start..<length
    }

    /// The rest of a field whose opening quote is just before `start`.
    private mutating func quoted(from start: Int) throws(LogError) -> Range<Int> {
        var scanned = start
        while true {
            guard let base, let found = memchr(base + scanned, 0x22, length - scanned) else {
                scanned = length
                try takeInAnotherLine(from: start)
                continue
            }
            let quote = UnsafeMutableRawPointer(found) - base
            if quote + 1 < length, base.load(fromByteOffset: quote + 1, as: UInt8.self) == 0x22 {
                hasDoubledQuotes = true
                scanned = quote + 2
                continue
            }
            if quote + 1 == length {
                at = nil
            } else if base.load(fromByteOffset: quote + 1, as: UInt8.self) == separator {
                at = quote + 2
            } else {
                throw textBehindQuote()
            }
            return start..<quote
        }
    }

    /// Where the quote closes some lines below, it is the one that opens that is at fault, most likely: the rows between are sound.
    private func textBehindQuote() -> LogError {
        let line = reader.lineNumber
        reader.keepFirstLineOnly()
        let message = "text behind the closing quote of a field"
        if line == firstLine {
            return LogError(
                .badData, file: reader.name, line: line, message: message, remedy: "double the quotes inside a quoted field (RFC 4180)",
                fault: .quotes)
        }
        return LogError(
            .badData, file: reader.name, line: firstLine, message: "\(message) in the row that begins here: the quote closes in line \(line)",
            remedy: "close the quote where the field ends, or double the quotes that are part of it (RFC 4180)", fault: .quotes)
    }

    private func nulInQuotes(line: Int) -> LogError {
        LogError(
            .badData, file: reader.name, line: firstLine, message: "a quote of the row that begins here is still open at the NUL byte of line \(line)",
            remedy: "close the quote, and take the NUL byte out: logs are text in UTF-8", fault: .quotes)
    }

    /// A row with bad quotes ends with the line that it begins on: where it was meant to end nobody knows, and a quote that
    /// was left open must not take the sound rows behind it along.
    private mutating func takeInAnotherLine(from start: Int) throws(LogError) {
        let open = LogError(
            .badData, file: reader.name, line: firstLine, message: "unterminated quote in the row that begins here",
            remedy: "close the quote, or double it if the field is meant to begin with one (RFC 4180)", fault: .quotes)
        do throws(LogError) {
            guard length - start < DelimitedRows.longestQuotedField, try reader.extend() else { throw open }
        } catch {
            let line = reader.lineNumber
            reader.keepFirstLineOnly()
            // The line with the NUL byte is read again, as a row of its own, and named then.
            throw error.fault == .nul ? nulInQuotes(line: line) : error
        }
        base = reader.line.baseAddress
        length = reader.line.count
    }
}

extension LineReader {
    /// Makes one quote of two in a field of the line at hand, in place, if it is a quoted one. Returns its new bounds.
    fileprivate func undouble(_ bounds: Range<Int>) -> Range<Int> {
        let bytes = line
        guard bounds.lowerBound > 0, bytes[bounds.lowerBound - 1] == 0x22 else { return bounds }
        var out = bounds.lowerBound, read = bounds.lowerBound
        while read < bounds.upperBound {
            bytes[out] = bytes[read]
            read += bytes[read] == 0x22 ? 2 : 1
            out += 1
        }
        return bounds.lowerBound..<out
    }
}
