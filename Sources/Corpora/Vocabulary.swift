/// The distinct items of a log, numbered 0 ..< V, with the user's own name of each and how often it was seen.
public struct Vocabulary: Sendable, Equatable {
    /// External ids, by number.
    public let items: [String]
    /// Events of each item in the log that the vocabulary was made from.
    public let counts: [Int]
    /// By bytes, as logs are read.
    private let numbers: [ExactName: UInt32]

    /// Traps unless there is one count an item. Of equal names the first has the number.
    public init(items: [String], counts: [Int]) {
        precondition(items.count == counts.count, "one count an item")
        self.items = items
        self.counts = counts
        numbers = Dictionary(zip(items.lazy.map(ExactName.init), 0...), uniquingKeysWith: { first, _ in first })
    }

    /// V.
    public var count: Int { items.count }

    /// The number of an item, or nil for one that the vocabulary does not hold.
    public func number(of item: String) -> UInt32? { numbers[ExactName(item)] }
}
