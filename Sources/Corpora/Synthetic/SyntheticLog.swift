import Foundation

/// Writes a synthetic log of any size as tab-separated text (user, time, item), with the truth beside it as JSON.
///
/// The sequences are those of `SyntheticCorpus` under the same settings, but never more than
/// `interleaved` of them are in memory.
public struct SyntheticLog: Sendable {
    public let process: SyntheticProcess
    /// How many users act at the same time: their events lie mixed in the file, as in a real log.
    public let interleaved: Int

    /// - Parameter interleaved: at least 1, which writes user after user.
    /// - Throws: `SyntheticError.setting`.
    public init(_ settings: SyntheticSettings, interleaved: Int = 1) throws {
        guard interleaved >= 1 else {
            throw SyntheticError.setting(name: "interleaved", value: "\(interleaved)", remedy: "give at least 1")
        }
        process = try SyntheticProcess(settings)
        self.interleaved = interleaved
    }

    /// Writes header and events in pieces of about 1 MiB.
    ///
    /// - Returns: the number of events.
    @discardableResult
    public func write(to sink: ([UInt8]) throws -> Void) rethrows -> Int {
        let pieceSize = 1 << 20
        var text = Array("user\ttime\titem\n".utf8), events = 0
        text.reserveCapacity(pieceSize + 100)
        var source = process.source()
        for group in stride(from: 0, to: process.settings.sequences, by: interleaved) {
            let users = group..<min(group + interleaved, process.settings.sequences)
            var sequences: [[UInt32]] = []
            for _ in users {
                source.drawSequence()
                sequences.append(source.items)
            }
            for position in 0..<(sequences.map(\.count).max() ?? 0) {
                for (user, items) in zip(users, sequences) where position < items.count {
                    text.append(UInt8(ascii: "u"))
                    appendNumber(user, to: &text)
                    text.append(UInt8(ascii: "\t"))
                    // Unix time: a user acts once a minute, and groups follow each other.
                    appendNumber(1_500_000_000 + group + 60 * position, to: &text)
                    text.append(UInt8(ascii: "\t"))
                    text.append(UInt8(ascii: "i"))
                    appendNumber(Int(items[position]), to: &text)
                    text.append(UInt8(ascii: "\n"))
                    events += 1
                    if text.count >= pieceSize {
                        try sink(text)
                        text.removeAll(keepingCapacity: true)
                    }
                }
            }
        }
        try sink(text)
        return events
    }

    /// Writes the log to a file, which is replaced.
    ///
    /// - Returns: the number of events.
    /// - Throws: `SyntheticError.cannotWrite`.
    @discardableResult
    public func write(toFile path: String) throws -> Int {
        guard let file = fopen(path, "w") else { throw failure(path) }
        let events: Int
        do {
            events = try write { piece in
                if fwrite(piece, 1, piece.count, file) != piece.count { throw failure(path) }
            }
        } catch {
            fclose(file)
            throw error
        }
        // A full disk may show only now.
        if fclose(file) != 0 { throw failure(path) }
        return events
    }

    private func failure(_ path: String) -> SyntheticError {
        .cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }

    /// Decimal digits of a number that is not negative.
    private func appendNumber(_ number: Int, to text: inout [UInt8]) {
        let end = text.count
        var rest = number
        repeat {
            text.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        text[end...].reverse()
    }
}
