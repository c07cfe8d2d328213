import Corpora

/// All that the trials of a search depend on; the first line of its file.
public struct SearchHeader: Encodable, Sendable {
    static let formatVersion = FormatVersion(major: 1, minor: 0)

    private let log: LogFingerprint
    private let space: SearchSpace
    private let rounds: [SuccessiveHalving.Rung]

    private enum Keys: String, CodingKey { case log, space, rounds, version = "format_version" }

    /// - Parameter corpus: the log, of which the fingerprint is kept.
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
