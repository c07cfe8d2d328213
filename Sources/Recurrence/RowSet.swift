/// Rows of a table, each once, in the order in which they were named: those that a block teaches something.
///
/// A sparse set: naming costs O(1) a row, and starting again O(rows named), however many the table has.
package struct RowSet {
    /// The rows named so far.
    package private(set) var rows: [Int32] = []
    private var isNamed: [Bool]

    /// - Parameter count: rows of the table.
    package init(of count: Int) { isNamed = [Bool](repeating: false, count: count) }

    /// Starts again with none.
    package mutating func removeAll() {
        for row in rows { isNamed[Int(row)] = false }
        rows.removeAll(keepingCapacity: true)
    }

    package mutating func insert(_ row: Int32) {
        guard !isNamed[Int(row)] else { return }
        isNamed[Int(row)] = true
        rows.append(row)
    }

    /// Every row that a mean of `inputs` is made of.
    mutating func insert(readBy inputs: InputMixtures) {
        for row in 0..<inputs.rows { inputs.forEach(row) { index, _ in insert(Int32(index)) } }
    }
}
