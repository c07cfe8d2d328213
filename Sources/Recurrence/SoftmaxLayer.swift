import Kernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Logits over K classes from hidden states: s W + b, and the gradients of −log softmax at a target.
public final class SoftmaxLayer: @unchecked Sendable {
    /// W over b: the bias multiplies the 1 behind each hidden state, so that sums and their gradients are one product.
    private let extended: Parameters.Slot  // (H + 1, K): the layout in which few rows multiply fastest
    public let weights: Parameters.Slot  // (H, K)
    public let bias: Parameters.Slot  // (1, K)
    private let parameters: Parameters
    private let transposedBuffer: FloatBuffer

    /// K.
    public var classes: Int { weights.columns }

    /// - Parameter slots: W, b, and W with b as its last row.
    init(_ slots: (both: Parameters.Slot, first: Parameters.Slot, last: Parameters.Slot), parameters: Parameters) {
        (extended, weights, bias) = slots
        self.parameters = parameters
        transposedBuffer = FloatBuffer(count: weights.count)
    }

    /// Wᵀ (K, H) as of the last `prepareBlock`: a class's weights in one run.
    public var transposed: MatrixView { transposedBuffer.matrix(classes, weights.rows) }

    /// Work whose result all steps of a block share; `piece` of `pieces`.
    func prepareBlock(piece: Int, of pieces: Int) {
        let mine = Shards.slice(piece, of: pieces, total: classes, unit: 16)
        VectorMath.transpose(parameters.value(weights).columns(mine), into: transposed.rows(mine))
    }

    /// Logits (R, K) of hidden states with a 1 behind each, (R, H + 1).
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

    /// d loss / d hidden (R, H) from d loss / d logits (R, K).
    func hiddenGradient(_ logitGradients: MatrixView, into hidden: MatrixView) {
        GEMM.multiply(logitGradients, transposed, into: hidden)
    }

    /// dW ← Σ sᵀ d logits and db ← Σ d logits over all rows of a block, the classes of one piece.
    func accumulate(hidden: MatrixView, logitGradients: MatrixView, piece: Int, of pieces: Int) {
        let mine = Shards.slice(piece, of: pieces, total: classes, unit: 16)
        guard !mine.isEmpty else { return }
        GEMM.multiply(
            hidden, .transposed, logitGradients.columns(mine), .asIs, into: parameters.gradient(extended).columns(mine))
    }

    /// The output embedding of each class: K rows of H.
    public var embeddings: [[Float]] {
        let view = parameters.value(weights)
        return (0..<classes).map { k in (0..<view.rows).map { view.row($0)[k] } }
    }
}
