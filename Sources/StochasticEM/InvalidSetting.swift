/// A setting that is out of its range, or contradicts another.
public struct InvalidSetting: Error, CustomStringConvertible {
    public let name: String
    public let value: String
    public let remedy: String

    public init(name: String, value: String, remedy: String) {
        self.name = name
        self.value = value
        self.remedy = remedy
    }

    public var description: String { "\(name) is \(value): \(remedy)" }
}
