import Testing
@testable import Corpora

@Suite struct LineReaderTests {
    /// What is no text, and has no line ends, need not be read to its end to be refused.
    @Test func aFileOfZerosIsNotReadWhole() throws {
        let source = Zeros(count: 1 << 27), reader = try LineReader(source)
        let error = try #require(logError { _ = try reader.next() })
        #expect(error.kind == .badData && error.line == 1 && error.message == "NUL byte")
        // Nobody can read on behind a row of which the end is not known.
        #expect(error.fault == nil)
        #expect(source.given <= 2 * LineReader.longestWithNUL)
    }

    /// A long line with a zero in it is one bad row, as long as it ends: what follows is read.
    @Test func aLongLineWithAZeroIsOneBadRow() throws {
        let bytes: [UInt8] = [0] + Array(repeating: UInt8(ascii: "a"), count: 1 << 20) + Array("\nnext\n".utf8)
        let reader = try LineReader(BytesInMemory(bytes, portion: 1 << 16))
        #expect(logError { _ = try reader.next() }?.fault == .nul)
        #expect(try reader.next())
        #expect(Array(reader.line) == Array("next".utf8) && reader.lineNumber == 2)
    }
}

/// Zeros alone, and a count of those that were asked for.
private final class Zeros: ByteSource {
    let name = "zeros"
    private(set) var given = 0
    private let count: Int

    init(count: Int) { self.count = count }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
        let portion = min(buffer.count, count - given)
        UnsafeMutableRawBufferPointer(rebasing: buffer[..<portion]).initializeMemory(as: UInt8.self, repeating: 0)
        given += portion
        return portion
    }
}
