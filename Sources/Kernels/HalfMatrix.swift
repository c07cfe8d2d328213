/// Owns a (rows, columns) matrix of ``BFloat16``, row after row, aligned to 64 bytes.
///
/// Rows are a multiple of 32 numbers apart, with zeros behind the last column: products may sum over those as well.
final class HalfMatrix: @unchecked Sendable {
    let rows: Int
    let columns: Int
    /// Numbers from the start of one row to that of the next.
    let stride: Int
    let base: UnsafeMutablePointer<UInt16>

    /// All zeros.
    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        stride = HalfMatrix.stride(columns: columns)
        let count = max(1, rows) * stride
        let raw = UnsafeMutableRawPointer.allocate(byteCount: count * 2, alignment: 64)
        base = raw.bindMemory(to: UInt16.self, capacity: count)
        base.initialize(repeating: 0, count: count)
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }

    /// `columns`, at least 1, rounded up to 32.
    static func stride(columns: Int) -> Int { max(1, (columns + 31) / 32) * 32 }

    /// Rounds the rows of a matrix as wide into the first rows; those behind stay as they are.
    func take(_ a: MatrixView) {
        precondition(a.rows <= rows && a.columns == columns, "shapes must agree")
        for r in 0..<a.rows { BFloat16.round(a.row(r), to: base + r * stride, count: columns) }
    }
}
