import ArgumentParser

/// An option that was given, as it was given: what another command line repeats, or what a refusal names.
struct GivenWords {
    /// Without its dashes.
    let name: String
    /// nil for a flag.
    let value: String?

    /// Of an option: one, or none where it was not given.
    static func option(_ name: String, _ value: (some CustomStringConvertible)?) -> [GivenWords] {
        value.map { [GivenWords(name: name, value: $0.description)] } ?? []
    }

    /// Of a flag, likewise.
    static func flag(_ name: String, isGiven: Bool) -> [GivenWords] { isGiven ? [GivenWords(name: name, value: nil)] : [] }

    /// As a shell takes it. A value that begins with a dash is joined to its option, lest it be taken for one.
    var words: String {
        guard let value else { return "--\(name)" }
        return value.hasPrefix("-") ? "--\(name)=\(Words.quoted(value))" : "--\(name) \(Words.quoted(value))"
    }

    /// - Parameter reason: why none of them has a use.
    /// - Throws: `ValidationError` for the first of them.
    static func check(none given: [GivenWords], _ reason: String) throws {
        guard let first = given.first else { return }
        throw ValidationError("--\(first.name) has no use here: \(reason)")
    }
}
