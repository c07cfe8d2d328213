import Kernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The layer whose every class is learned from every block. Weights stand unit by unit, the layout in which few rows multiply fastest.
public final class SoftmaxLayer: OutputLayer, @unchecked Sendable {
    /// W over b: the bias multiplies the 1 behind each hidden state, so that sums and their gradients are one product.
    private let extended: Parameters.Slot  // (H + 1, K): the layout in which few rows multiply fastest
    public let weights: Parameters.Slot  // (H, K)
    public let bias: Parameters.Slot  // (1, K)
    private let parameters: Parameters
    private let transposedBuffer: FloatBuffer

    /// K.
    public var classes: Int { weights.columns }
    /// H + 1, rounded up to 16.
    private let width: Int

    /// - Parameter slots: W, b, and W with b as its last row.
    init(_ slots: (both: Parameters.Slot, first: Parameters.Slot, last: Parameters.Slot), parameters: Parameters) {
        (extended, weights, bias) = slots
        self.parameters = parameters
        width = (extended.rows + 15) / 16 * 16
        transposedBuffer = FloatBuffer(count: slots.first.columns * width)
    }

    /// The weights as of the last `prepareBlock`, transposed.
    public var classRows: MatrixView { transposedBuffer.matrix(classes, width) }

    public func prepareBlock(piece: Int, of pieces: Int) {
        let mine = Shards.slice(piece, of: pieces, total: classes, unit: 16)
        VectorMath.transpose(parameters.value(extended).columns(mine), into: classRows.rows(mine).columns(0..<extended.rows))
    }

    public func logits(of hidden: MatrixView, into logits: MatrixView) {
        GEMM.multiply(hidden, parameters.value(extended), into: logits)
    }

    /// Turns proportions θ (K) into the gradient of −weight · log θ(target) in the logits, in place; returns log θ(target).
    public static func lossGradient(_ row: UnsafeMutablePointer<Float>, target: Int, weight: Float, count: Int) -> Double {
        let probability = row[target]
        for k in stride(from: 0, to: count, by: 16) {
            row.setLanes(k, row.lanes(k, count: count - k) * weight, count: count - k)
        }
        row[target] = (probability - 1) * weight
        // The smallest positive float stands in for a proportion that was rounded to zero.
        return log(Double(max(probability, .leastNormalMagnitude)))
    }

    public func hiddenGradient(_ tape: BlockTape, rows: Range<Int>, into hidden: MatrixView) {
        GEMM.multiply(tape.proportions.rows(rows), classRows.columns(0..<weights.rows), into: hidden)
    }

    /// All classes are learned: there is nothing to name.
    public func nameLearned(_ tape: BlockTape) {}

    /// dW ← Σ sᵀ d logits and db ← Σ d logits over all rows of a block, the classes of one piece.
    public func accumulate(_ tape: BlockTape, piece: Int, of pieces: Int) {
        let mine = Shards.slice(piece, of: pieces, total: classes, unit: 16)
        guard !mine.isEmpty else { return }
        GEMM.multiply(
            tape.output, .transposed, tape.proportions.columns(mine), .asIs, into: parameters.gradient(extended).columns(mine))
    }

    public var embeddings: [[Float]] {
        let view = parameters.value(weights)
        return (0..<classes).map { k in (0..<view.rows).map { view.row($0)[k] } }
    }
}
