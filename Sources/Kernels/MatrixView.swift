/// A window on row-major floats that somebody else owns: (rows, columns), with `stride` floats from one row to the next.
public struct MatrixView: @unchecked Sendable {
    /// First float of row 0. The owner has to outlive the view.
    public let base: UnsafeMutablePointer<Float>
    /// Rows of the window.
    public let rows: Int
    /// Columns of the window: floats of a row that belong to it.
    public let columns: Int
    /// Floats from the start of one row to that of the next.
    public let stride: Int

    /// - Parameter stride: at least `columns`; nil where rows follow each other without a gap.
    @inlinable
    public init(_ base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int? = nil) {
        self.base = base
        self.rows = rows
        self.columns = columns
        self.stride = stride ?? columns
    }

    /// Start of a row, `columns` floats. The index is not checked.
    @inlinable
    public func row(_ index: Int) -> UnsafeMutablePointer<Float> {
        base + index * stride
    }

    /// The rows of `range`, same columns.
    @inlinable
    public func rows(_ range: Range<Int>) -> MatrixView {
        MatrixView(base + range.lowerBound * stride, rows: range.count, columns: columns, stride: stride)
    }

    /// The columns of `range`, same rows.
    @inlinable
    public func columns(_ range: Range<Int>) -> MatrixView {
        MatrixView(base + range.lowerBound, rows: rows, columns: range.count, stride: stride)
    }
}

extension FloatBuffer {
    /// The whole buffer as a (rows, columns) matrix.
    @inlinable
    public func matrix(_ rows: Int, _ columns: Int, from offset: Int = 0) -> MatrixView {
        precondition(offset + rows * columns <= count, "a view must lie inside its buffer")
        return MatrixView(base + offset, rows: rows, columns: columns)
    }
}
