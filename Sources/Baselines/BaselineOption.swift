/// An option of `lla fit` that was given, with its value.
public struct GivenOption: Sendable {
    /// As it is typed, without hyphens before it.
    public let name: String
    /// What was given for it, of the type that its setting has where a model takes it.
    public let value: any Sendable

    /// - Parameter name: as it is typed, without hyphens before it.
    public init(_ name: String, _ value: any Sendable) {
        self.name = name
        self.value = value
    }
}

/// An option that some settings take, and the place where its value goes.
public struct BaselineOption<Settings>: Sendable {
    /// As it is typed, without hyphens before it.
    public let name: String
    private let write: @Sendable (any Sendable, inout Settings) -> Bool

    /// - Parameter place: of the type that the option's values have.
    init<Value>(_ name: String, _ place: WritableKeyPath<Settings, Value> & Sendable) {
        self.name = name
        write = { value, settings in
            guard let value = value as? Value else { return false }
            settings[keyPath: place] = value
            return true
        }
    }

    /// Whether the value was of the type that its setting has, and was taken.
    func takes(_ value: any Sendable, in settings: inout Settings) -> Bool { write(value, &settings) }

    func put(_ value: any Sendable, in settings: inout Settings) {
        let fits = takes(value, in: &settings)
        precondition(fits, "--\(name) has values of the type of its setting")
    }
}

/// An option that the model at hand has no use for: it is refused rather than ignored.
public struct UnusedOption: Error, CustomStringConvertible {
    /// As it is typed, without hyphens before it.
    public let name: String
    /// What `lla fit --model` calls the model at hand.
    public let model: String
    /// A clause without a full stop.
    public let remedy: String

    /// - Parameter remedy: what to do about it, a clause without a full stop.
    public init(name: String, model: String, remedy: String) {
        self.name = name
        self.model = model
        self.remedy = remedy
    }

    /// - Parameter used: those that it has a use for.
    init(name: String, model: String, used: [String]) {
        self.init(
            name: name, model: model,
            remedy: used.isEmpty ? "leave it out: that model takes no settings" : "leave it out; that model takes \(used.map { "--\($0)" }.joined(separator: ", "))")
    }

    public var description: String { "--\(name) is not for --model \(model)" }
}
