import Kernels

/// A matrix of which few entries are not zero, row after row (CSR), columns ascending within a row.
struct SparseMatrix: Sendable {
    let rows: Int
    let columns: Int
    /// Row r holds entries `starts[r] ..< starts[r + 1]`; rows + 1 values.
    let starts: [Int]
    let columnNumbers: [UInt32]
    let values: [Float]

    init(rows: Int, columns: Int, starts: [Int], columnNumbers: [UInt32], values: [Float]) {
        precondition(starts.count == rows + 1 && starts[rows] == values.count && values.count == columnNumbers.count,
                     "one column number a value, and rows that cover them all")
        self.rows = rows
        self.columns = columns
        self.starts = starts
        self.columnNumbers = columnNumbers
        self.values = values
    }

    func entries(of row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

    /// Mᵀ, by counting.
    var transposed: SparseMatrix {
        var place = [Int](repeating: 0, count: columns + 1)
        for column in columnNumbers { place[Int(column) + 1] += 1 }
        for column in 0..<columns { place[column + 1] += place[column] }
        let starts = place
        var numbers = [UInt32](repeating: 0, count: values.count), moved = [Float](repeating: 0, count: values.count)
        for row in 0..<rows {
            for entry in entries(of: row) {
                let column = Int(columnNumbers[entry])
                numbers[place[column]] = UInt32(row)
                moved[place[column]] = values[entry]
                place[column] += 1
            }
        }
        return SparseMatrix(rows: columns, columns: rows, starts: starts, columnNumbers: numbers, values: moved)
    }

    /// C (rows, l) ← M · B (columns, l). Each row is summed in the order of its entries, whoever does it.
    func multiply(_ b: MatrixView, into c: MatrixView, shards: Shards) {
        precondition(b.rows == columns && c.rows == rows && b.columns == c.columns, "shapes must agree")
        RowChunks(rows, of: 64).forEach(shards) { range, _ in
            for row in range {
                let sum = c.row(row)
                sum.update(repeating: 0, count: c.columns)
                for entry in entries(of: row) {
                    VectorMath.add(b.row(Int(columnNumbers[entry])), times: values[entry], to: sum, count: c.columns)
                }
            }
        }
    }
}

/// The rows of a matrix in chunks of a fixed size: pieces of work whose borders do not depend on the number of threads.
struct RowChunks: Sendable {
    let rows: Int
    let size: Int

    init(_ rows: Int, of size: Int) {
        self.rows = rows
        self.size = size
    }

    var count: Int { (rows + size - 1) / size }

    /// Calls `body` with each chunk's rows and its number.
    func forEach(_ shards: Shards, _ body: @Sendable (Range<Int>, Int) -> Void) {
        shards.forEach(count) { chunk in body(chunk * size..<min(rows, (chunk + 1) * size), chunk) }
    }
}
