import Foundation

/// Where results go, and nothing else.
enum StandardOutput {
    /// Writes text, all of it.
    ///
    /// - Throws: `ReaderLeft` where the pipe is closed; a `Refusal` where the disk is full, say.
    static func write(_ text: String) throws { try write(Array(text.utf8)) }

    static func write(_ bytes: [UInt8]) throws {
        let failure = bytes.withUnsafeBytes { writeAll($0, to: STDOUT_FILENO) }
        if failure == EPIPE { throw ReaderLeft() }
        if failure != 0 {
            throw Refusal(
                code: ExitCodes.inputOutput, place: "standard output", message: "cannot write: \(String(cString: strerror(failure)))",
                remedy: "check the room on the disk")
        }
    }

    /// Writes a value as JSON with sorted keys, indented: all that there is to say.
    static func write(document value: some Encodable) throws {
        try write(value, as: [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted])
    }

    /// Writes a value as a line of JSON with sorted keys, of which more may follow.
    static func write(line value: some Encodable) throws {
        try write(value, as: [.sortedKeys, .withoutEscapingSlashes])
    }

    private static func write(_ value: some Encodable, as formatting: JSONEncoder.OutputFormatting) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        try write(Array(try encoder.encode(value)) + [UInt8(ascii: "\n")])
    }

    /// Writes text, and says whether all went well; a reader who left is no trouble.
    static func accepts(_ text: String) -> Bool {
        let failure = Array(text.utf8).withUnsafeBytes { writeAll($0, to: STDOUT_FILENO) }
        return failure == 0 || failure == EPIPE
    }
}

/// Whoever read the results has seen enough.
struct ReaderLeft: Error {}

/// Writes all bytes. Returns 0, or the system's error number.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count >= 0 {
            rest = rest.dropFirst(count)
        } else if errno != EINTR {
            return errno
        }
    }
    return 0
}
