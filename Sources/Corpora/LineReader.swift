#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Cuts bytes into lines, of any length, in a buffer that it reuses.
///
/// A line ends with LF or CR LF, or with the file. A byte-order mark at the very start is no part of it.
/// A NUL byte is an error, at the line that holds it: no text has one.
final class LineReader {
    /// Of the file, for messages.
    let name: String
    /// The last physical line that `next` or `extend` took in, counted from 1.
    private(set) var lineNumber = 0
    /// The line at hand without its end. Parsers may change its bytes. Valid until the next call.
    private(set) var line = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    private let source: any ByteSource
    private var buffer: UnsafeMutableRawBufferPointer
    /// `buffer[start ..< filled]` is not yet done with: the line at hand, then what follows `cursor`.
    private var start = 0
    private var cursor = 0
    private var filled = 0
    private var atEnd = false
    /// Where the first NUL byte behind `start` is; nil if there is none in the buffer.
    private var nul: Int?
    /// A line with a NUL byte in it is looked through so far for its end: what is not text may have no line ends at all.
    static let longestWithNUL = 1 << 24
    /// Of the line at hand, the physical line that it begins on.
    private var firstLineNumber = 0

    /// - Parameter capacity: of the buffer at first; it grows with the longest line.
    init(_ source: any ByteSource, capacity: Int = 1 << 18) throws(LogError) {
        self.source = source
        name = source.name
        buffer = .allocate(byteCount: max(capacity, 8), alignment: 16)
        while filled < 3, !atEnd { try refill() }
        if filled >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { cursor = 3 }
    }

    deinit {
        buffer.deallocate()
    }

    /// The bytes at the head of what was not yet handed out, for a look at what they are.
    var ahead: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[cursor..<filled]) }

    /// Moves on to the next line. Returns false at the end.
    func next() throws(LogError) -> Bool {
        start = cursor
        firstLineNumber = lineNumber + 1
        return try takeLine()
    }

    /// Goes back to the end of the first physical line of the line at hand: what was joined to it are lines of their own again.
    /// Bytes that a parser has changed stay as they are.
    func keepFirstLineOnly() {
        guard lineNumber > firstLineNumber else { return }
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[start..<cursor])
        guard let end = bytes.firstIndex(of: 0x0A) else { return }
        cursor = start + end + 1
        lineNumber = firstLineNumber
        nul = position(of: 0, from: cursor)
    }

    /// Joins the following line to the one at hand, line end included: for a quoted field that spans both.
    /// Returns false, and leaves the line as it is, at the end of the file.
    func extend() throws(LogError) -> Bool {
        let length = line.count
        if try takeLine() { return true }
        // The buffer may have moved while it looked for more.
        line = UnsafeMutableRawBufferPointer(rebasing: buffer[start..<start + length])
        return false
    }

    private func takeLine() throws(LogError) -> Bool {
        var scanned = cursor
        while true {
            if let found = position(of: 0x0A, from: scanned) {
                cursor = found + 1
                return try finishLine(end: found)
            }
            scanned = filled
            if nul != nil, filled - cursor >= LineReader.longestWithNUL {
                lineNumber += 1
                // Where the row would end is not known, so that none can be read behind it.
                throw nulByte(fault: nil)
            }
            if atEnd {
                guard cursor < filled else { return false }
                cursor = filled
                return try finishLine(end: filled)
            }
            let shift = start
            try refill()
            scanned -= shift
        }
    }

    private func finishLine(end: Int) throws(LogError) -> Bool {
        lineNumber += 1
        if let found = nul, found < end {
            nul = position(of: 0, from: cursor)
            throw nulByte(fault: .nul)
        }
        let trimmed = end > start && buffer[end - 1] == 0x0D ? end - 1 : end
        line = UnsafeMutableRawBufferPointer(rebasing: buffer[start..<trimmed])
        return true
    }

    private func nulByte(fault: RowFault?) -> LogError {
        LogError(
            .badData, file: name, line: lineNumber, message: "NUL byte", remedy: "is it binary, or UTF-16? Logs are text in UTF-8", fault: fault)
    }

    private func position(of byte: Int32, from first: Int) -> Int? {
        guard first < filled, let base = buffer.baseAddress, let found = memchr(base + first, byte, filled - first) else { return nil }
        return found - base
    }

    /// Moves what is not yet done with to the front of the buffer, and reads more behind it.
    private func refill() throws(LogError) {
        if start > 0 {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<filled]))
            cursor -= start
            filled -= start
            nul = nul.map { $0 - start }
            start = 0
        }
        if filled == buffer.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 2, alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
            buffer.deallocate()
            buffer = larger
        }
        let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
        let fresh = filled
        filled += count
        atEnd = count == 0
        if nul == nil { nul = position(of: 0, from: fresh) }
    }
}
