import Corpora

/// A fitted model that a fit of another log goes on from: its weights are where the network starts, its counts stand below those of
/// the new log, for good, and its topics keep their numbers. Items that it lacks have no counts yet, and random rows where the network
/// reads items; events get their first topics from what the model knows. (Paper-notes, open-questions)
public struct WarmStart: Sendable {
    let model: LatentLSTMAllocation
    /// SHA-256 of all that was learned.
    public let fingerprint: String

    /// Reads all that the model learned, for its fingerprint.
    public init(_ model: LatentLSTMAllocation) {
        self.model = model
        fingerprint = model.fingerprint
    }

    /// Settings of a fit that goes on from the model where nothing else is said: those of the model, but that a network which has
    /// learned already needs no warm-up.
    public var settings: FitSettings {
        var settings = model.settings
        settings.warmUp = 0
        return settings
    }

    /// - Throws: `InvalidSetting` for the first that the model has otherwise, and that its weights and counts are made for.
    public func check(_ settings: FitSettings) throws {
        func check<Value: Equatable>(_ setting: KeyPath<FitSettings, Value>, _ name: String, _ words: (Value) -> String) throws {
            let (given, kept) = (settings[keyPath: setting], model.settings[keyPath: setting])
            guard given != kept else { return }
            throw InvalidSetting(
                name: name, value: words(given), remedy: "the model that the fit starts from has \(words(kept)), and keeps it: leave this out")
        }
        try check(\.variant, "variant") { $0.rawValue }
        try check(\.recurrentCell, "cell") { $0.rawValue }
        try check(\.topics, "topics") { "\($0)" }
        try check(\.hidden, "hidden") { "\($0)" }
        try check(\.embedding, "embedding") { $0.map(String.init) ?? "none" }
        try check(\.memory, "memory") { $0.rawValue }
        try check(\.unknownItemsPolicy, "unknown-items") { $0.rawValue }
        try check(\.characterWidth, "character-embedding") { "\($0)" }
        try check(\.characterUnits, "character-hidden") { "\($0)" }
    }

    /// Whether a vocabulary has all of the model's items, with the same numbers.
    public func isContinued(by vocabulary: Vocabulary) -> Bool {
        vocabulary.items.starts(with: model.vocabulary.items) { ExactName($0) == ExactName($1) }
    }

    /// Bytes that the model itself takes while a fit goes on from it.
    public var bytes: Int { model.network.parameters.count * 4 * 2 + model.vocabulary.count * model.counts.stride * 4 }
}

extension LatentLSTMAllocation {
    /// SHA-256 of all that was learned: the items' names, the weights, n_wk and β.
    public var fingerprint: String {
        let digest = SHA256()
        digest.update(names: vocabulary.items)
        for slot in network.parameters.slots {
            digest.update(UnsafeRawBufferPointer(start: network.parameters.value(slot).base, count: slot.count * 4))
        }
        counts.snapshot().withUnsafeBytes(digest.update)
        withUnsafeBytes(of: counts.concentration, digest.update)
        return digest.finish()
    }
}
