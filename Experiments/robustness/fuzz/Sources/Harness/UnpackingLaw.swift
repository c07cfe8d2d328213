@testable import Corpora

/// What unpacking obeys, whatever the bytes: it ends, with bytes or with an error, and comes to the same however the packed and
/// the unpacked bytes are cut.
package enum UnpackingLaw {
    private struct Outcome: Equatable {
        var bytes: [UInt8] = []
        var error: LogError?
    }

    /// A bomb is not unpacked to its end: what is looked for is there before.
    private static let most = 1 << 16

    package static func check(_ bytes: UnsafeRawBufferPointer) {
        let whole = outcome(of: bytes, portion: max(bytes.count, 1), room: 4096)
        let cut = outcome(of: bytes, portion: 1 + bytes.count % 5, room: 61)
        let shared = min(whole.bytes.count, cut.bytes.count)
        precondition(whole.bytes.prefix(shared) == cut.bytes.prefix(shared), "the bytes' portions decide what is unpacked")
        // Where both came to the end.
        if whole.bytes.count < most, cut.bytes.count < most { precondition(whole == cut, "the bytes' portions decide how it ends") }
    }

    private static func outcome(of bytes: UnsafeRawBufferPointer, portion: Int, room: Int) -> Outcome {
        var outcome = Outcome()
        do throws(LogError) {
            let gzip = try GzipBytes(BytesInPortions(bytes, portion: portion))
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 16)
            defer { buffer.deallocate() }
            while outcome.bytes.count < most {
                let count = try gzip.read(into: buffer)
                guard count > 0 else { return outcome }
                outcome.bytes.append(contentsOf: buffer[..<count])
            }
        } catch {
            precondition(error.kind == .badData && error.file == "fuzz" && error.message.contains("gzip"), "an error without words")
            outcome.error = error
        }
        return outcome
    }
}
