/// A setting that is out of its range, or contradicts another.
public struct InvalidSetting: Error, CustomStringConvertible {
    /// Which setting, such as `learning-rate`.
    public let name: String
    /// What it was set to, as text.
    public let value: String
    /// What to do about it: a clause without a full stop.
    public let remedy: String

    /// - Parameter remedy: what to do about it, a clause without a full stop.
    public init(name: String, value: String, remedy: String) {
        self.name = name
        self.value = value
        self.remedy = remedy
    }

    public var description: String { "\(name) is \(value): \(remedy)" }
}
