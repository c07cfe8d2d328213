#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The name of an item or a user, which is another's only where all bytes are.
///
/// Logs tell é as one character from e with an accent behind it, and `String` does not: what looks names up, or compares them, takes these.
public struct ExactName: Hashable, Comparable, Sendable {
    /// The name as the log has it.
    public let text: String

    /// - Parameter text: any string; it is kept as it is.
    public init(_ text: String) { self.text = text }

    public static func == (a: ExactName, b: ExactName) -> Bool {
        var mine = a.text, other = b.text
        return mine.withUTF8 { x in
            other.withUTF8 { y in
                guard x.count == y.count, let first = x.baseAddress, let second = y.baseAddress else { return x.count == y.count }
                return memcmp(first, second, x.count) == 0
            }
        }
    }

    /// In the order of bytes, which is that of Unicode's scalars.
    public static func < (a: ExactName, b: ExactName) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }

    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
