import Kernels

/// Products in single precision.
final class SingleProducts: WeightProducts, @unchecked Sendable {
    private let weights: Parameters.Slot
    private let inputs: Int
    private let keep: Float
    private let parameters: Parameters
    private let crosswise: TransposedWeights

    init(of weights: Parameters.Slot, inputs: Int, keep: Float, parameters: Parameters) {
        self.weights = weights
        self.inputs = inputs
        self.keep = keep
        self.parameters = parameters
        crosswise = TransposedWeights(of: weights, parameters: parameters)
    }

    var transposed: MatrixView { crosswise.matrix }

    func beginBlock(pieces: Int) {}

    func prepareBlock(piece: Int, of pieces: Int) { crosswise.renew(columns(piece, of: pieces, total: weights.columns)) }

    func forward(_ x: MatrixView, into y: MatrixView, shard: Int) {
        GEMM.multiply(x, parameters.value(weights), into: y, keep: keep)
    }

    func back(_ dy: MatrixView, into dx: MatrixView, shard: Int) {
        GEMM.multiply(dy, transposed.columns(0..<inputs), into: dx, keep: keep)
    }

    func accumulate(_ x: MatrixView, _ dy: MatrixView, piece: Int, of pieces: Int) {
        let mine = columns(piece, of: pieces, total: weights.columns)
        guard !mine.isEmpty else { return }
        GEMM.multiply(x, .transposed, dy.columns(mine), .asIs, into: parameters.gradient(weights).columns(mine))
    }
}
