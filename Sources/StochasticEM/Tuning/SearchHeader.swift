import Corpora

/// All that the trials of a search depend on; the first line of its file.
public struct SearchHeader: Encodable, Sendable {
    static let formatVersion = FormatVersion(major: 1, minor: 0)

    private let log: LogFingerprint
    private let space: SearchSpace
    private let rounds: [SuccessiveHalving.Rung]

    private enum Keys: String, CodingKey { case log, space, rounds, version = "format_version" }

    public init(_ search: SettingsSearch, corpus: Corpus) {
        log = LogFingerprint(corpus)
        space = search.space
        rounds = search.halving.rungs
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Keys.self)
        try fields.encode(Self.formatVersion.description, forKey: .version)
        try fields.encode(log, forKey: .log)
        try fields.encode(space, forKey: .space)
        try fields.encode(rounds, forKey: .rounds)
    }
}

/// What tells one log from another: all that a fit reads of it, and its items' names. A log that was read with other options (an
/// observed share, sessions, rare items) is another one.
struct LogFingerprint: Encodable, Sendable {
    let sequences: Int
    let events: Int
    let items: Int
    let sha256: String

    init(_ corpus: Corpus) {
        let training = corpus.training, digest = SHA256()
        sequences = training.count
        events = training.items.count
        items = training.vocabulary.count
        for name in training.vocabulary.items {
            [UInt64(name.utf8.count).littleEndian].withUnsafeBytes(digest.update)
            Array(name.utf8).withUnsafeBytes(digest.update)
        }
        training.starts.map { UInt64($0).littleEndian }.withUnsafeBytes(digest.update)
        training.items.map(\.littleEndian).withUnsafeBytes(digest.update)
        sha256 = digest.finish()
    }
}
