import Corpora

/// What tells one log from another: all that a fit reads of it, and its items' names. A log that was read with other options (an
/// observed share, sessions, rare items) is another one.
struct LogFingerprint: Codable, Sendable, Equatable, CustomStringConvertible {
    let sequences: Int
    let events: Int
    let items: Int
    let sha256: String

    init(_ corpus: Corpus) { self.init(observed: corpus.training) }

    /// - Parameter training: the observed part of a log.
    init(observed training: Corpus) {
        let digest = SHA256()
        sequences = training.count
        events = training.items.count
        items = training.vocabulary.count
        digest.update(names: training.vocabulary.items)
        if !training.unknown.isEmpty { digest.update(names: training.unknown) }
        training.starts.map { UInt64($0).littleEndian }.withUnsafeBytes(digest.update)
        training.items.map(\.littleEndian).withUnsafeBytes(digest.update)
        sha256 = digest.finish()
    }

    var sizes: [Int] { [sequences, events, items] }

    var description: String { "\(events) events of \(sequences) sequences, \(items) items" }
}
