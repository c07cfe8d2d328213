/// A setting that no sampler can work with, and what to do about it.
public struct InvalidParameter: Error, Equatable, CustomStringConvertible {
    public let name: String
    public let value: String
    public let remedy: String

    public init(_ name: String, _ value: some CustomStringConvertible, remedy: String) {
        self.name = name
        self.value = value.description
        self.remedy = remedy
    }

    public var description: String { "\(name) is \(value): \(remedy)" }
}
