@testable import Corpora

/// Bytes in memory, handed out a few at a time, so that lines and fields fall across the borders of a buffer.
final class BytesInPortions: ByteSource {
    let name = "fuzz"
    private let bytes: UnsafeRawBufferPointer
    private let portion: Int
    private var at = 0

    init(_ bytes: UnsafeRawBufferPointer, portion: Int) {
        self.bytes = bytes
        self.portion = portion
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
        let count = min(bytes.count - at, buffer.count, portion)
        guard count > 0 else { return 0 }
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[at..<at + count]))
        at += count
        return count
    }
}
