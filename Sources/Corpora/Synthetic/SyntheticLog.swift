import Foundation

/// Writes a synthetic log of any size as tab-separated text (user, time, item), with the truth beside it as JSON.
///
/// The sequences are those of `SyntheticCorpus` under the same settings, but never more than
/// `interleaved` of them are in memory.
public struct SyntheticLog: Sendable {
    /// What the log is drawn from.
    public let process: SyntheticProcess
    /// How many users act at the same time: their events lie mixed in the file, as in a real log.
    public let interleaved: Int

    /// - Parameter interleaved: at least 1, which writes user after user.
    /// - Throws: `SyntheticError.setting`.
    public init(_ settings: SyntheticSettings, interleaved: Int = 1) throws {
        guard interleaved >= 1 else {
            throw SyntheticError.setting(name: "interleaved", value: "\(interleaved)", remedy: "give at least 1")
        }
        // Of all that act at the same time, the events are held.
        guard interleaved <= 100_000_000 / max(1, settings.lengths.upperBound) || interleaved == 1 else {
            throw SyntheticError.setting(
                name: "interleaved", value: "\(interleaved)", remedy: "ask for at most 100,000,000 events of users who act at the same time")
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
        var line = Line()
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
                    // Unix time: a user acts once a minute, and groups follow each other.
                    line.fill(user: user, time: 1_500_000_000 + group + 60 * position, item: Int(items[position]))
                    text.append(contentsOf: line.text)
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

    /// Writes the log to a file, which is replaced. One that cannot be written to its end is removed: its head would pass for a log.
    ///
    /// - Returns: the number of events.
    /// - Throws: `SyntheticError.cannotCreate`, `SyntheticError.cannotWrite`.
    @discardableResult
    public func write(toFile path: String) throws -> Int {
        guard let file = fopen(path, "w") else { throw SyntheticError.cannotCreate(path: path, reason: String(cString: strerror(errno))) }
        var status = stat()
        let isOurs = fstat(fileno(file), &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        func failure() -> SyntheticError {
            let reason = String(cString: strerror(errno))
            // Not a device or a pipe that somebody named.
            if isOurs { unlink(path) }
            return .cannotWrite(path: path, reason: reason)
        }
        let events: Int
        do {
            events = try write { piece in
                if fwrite(piece, 1, piece.count, file) != piece.count { throw failure() }
            }
        } catch {
            fclose(file)
            throw error
        }
        // A full disk may show only now.
        if fclose(file) != 0 { throw failure() }
        return events
    }
}

/// One event as text, written from its end to its start, since that is the order in which digits come.
private struct Line {
    // Three numbers of at most 19 digits, two letters, two tabs, one line end.
    private var bytes = [UInt8](repeating: 0, count: 64)
    private var start = 64

    var text: ArraySlice<UInt8> { bytes[start...] }

    /// Numbers must not be negative.
    mutating func fill(user: Int, time: Int, item: Int) {
        start = bytes.count
        put("\n")
        put(item)
        put("i")
        put("\t")
        put(time)
        put("\t")
        put(user)
        put("u")
    }

    private mutating func put(_ character: Unicode.Scalar) {
        start -= 1
        bytes[start] = UInt8(ascii: character)
    }

    private mutating func put(_ number: Int) {
        var rest = UInt(number)
        repeat {
            start -= 1
            bytes[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
    }
}
