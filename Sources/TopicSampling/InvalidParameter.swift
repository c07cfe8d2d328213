/// A setting that no sampler can work with, and what to do about it.
public struct InvalidParameter: Error, Equatable, CustomStringConvertible {
    /// Which parameter, such as `beta`.
    public let name: String
    /// What it was, as text.
    public let value: String
    /// What to do about it: a clause without a full stop.
    public let remedy: String

    /// - Parameter remedy: what to do about it, a clause without a full stop.
    public init(_ name: String, _ value: some CustomStringConvertible, remedy: String) {
        self.name = name
        self.value = value.description
        self.remedy = remedy
    }

    public var description: String { "\(name) is \(value): \(remedy)" }
}
