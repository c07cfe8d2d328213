/// How a row that stands for what is unknown is learned, though a log to learn from has nothing unknown: some inputs are taken for it.
///
/// An item is with probability α / (α + n), n being its events in the log: rare ones, which are nearly unknown, most of all. So Kiperwasser
/// and Goldberg (2016) do with words; α is theirs.
struct InputReplacement: Sendable {
    /// The row of the table that stands for what is unknown.
    let row: Int32
    /// Of each item, n.
    let counts: [Int]

    static let alpha: Float = 0.25

    /// - Parameter luck: uniform on [0, 1).
    func replaces(_ item: Int32, luck: Float) -> Bool {
        Int(item) < counts.count && luck < Self.alpha / (Self.alpha + Float(counts[Int(item)]))
    }
}
