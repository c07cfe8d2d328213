/// Why a log could not be read: where, what is wrong, and what to do about it.
public struct LogError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What sort of trouble it is; the program's exit code follows from it.
    public enum Kind: Sendable {
        /// A setting makes no sense.
        case usage
        /// The log is there, but what it holds is not a log.
        case badData
        /// There is no such log, or it cannot be read.
        case noInput

        /// As in sysexits.h.
        public var exitCode: Int32 {
            switch self {
            case .usage: 64
            case .badData: 65
            case .noInput: 66
            }
        }
    }

    /// Decides the program's exit code.
    public let kind: Kind
    /// The log as the user named it; nil where no log is at fault.
    public let file: String?
    /// Counted from 1, header included; nil where the whole file is at fault.
    public let line: Int?
    /// What is wrong: a clause without a full stop.
    public let message: String
    /// What to do about it: a clause without a full stop.
    public let remedy: String
    /// What is wrong with the row, where it is one row alone that is at fault: reading can go on behind it.
    public let fault: RowFault?

    /// - Parameter fault: what is wrong with the row, where it is one row alone that is at fault.
    public init(_ kind: Kind, file: String? = nil, line: Int? = nil, message: String, remedy: String, fault: RowFault? = nil) {
        self.fault = fault
        self.kind = kind
        self.file = file
        self.line = line
        self.message = message
        self.remedy = remedy
    }

    /// `file:line: message (remedy)`.
    public var description: String {
        var place = file ?? ""
        if let line { place += place.isEmpty ? "line \(line)" : ":\(line)" }
        return (place.isEmpty ? "" : place + ": ") + "\(message) (\(remedy))"
    }
}

/// Text from a log, made fit for an error message: short, on one line, whatever bytes it holds.
func excerpt(_ bytes: UnsafeRawBufferPointer) -> String {
    let longest = 40
    let text = String(decoding: bytes.prefix(longest), as: UTF8.self)
    let printable = text.unicodeScalars.map(escaped).joined()
    return bytes.count > longest ? printable + "…" : printable
}

/// A character, or what stands for one that moves cursors: `\t`, `\u{1B}`.
private func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\t": "\\t"
    case "\n": "\\n"
    case "\r": "\\r"
    default: scalar.properties.generalCategory == .control ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
    }
}
