import Kernels

/// Weights the other way round, renewed once a block: a product with few rows is faster against a matrix that is not read crosswise.
final class TransposedWeights: @unchecked Sendable {
    private let weights: Parameters.Slot  // (m, n)
    private let parameters: Parameters
    private let buffer: FloatBuffer
    /// m, rounded up to 16.
    private let width: Int

    init(of weights: Parameters.Slot, parameters: Parameters) {
        self.weights = weights
        self.parameters = parameters
        width = (weights.rows + 15) / 16 * 16
        buffer = FloatBuffer(count: weights.columns * width)
    }

    /// (n, width), zeros behind the m-th column.
    var matrix: MatrixView { buffer.matrix(weights.columns, width) }

    /// Renews the rows of some columns of the weights.
    func renew(_ columns: Range<Int>) {
        VectorMath.transpose(parameters.value(weights).columns(columns), into: matrix.rows(columns).columns(0..<weights.rows))
    }
}
