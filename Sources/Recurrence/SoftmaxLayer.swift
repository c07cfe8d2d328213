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
    /// W, (H, K).
    public let weights: Parameters.Slot
    /// b, (1, K).
    public let bias: Parameters.Slot
    private let parameters: Parameters
    private let products: any WeightProducts  // of W over b

    /// K.
    public var classes: Int { weights.columns }

    /// - Parameter slots: W, b, and W with b as its last row.
    init(_ slots: (both: Parameters.Slot, first: Parameters.Slot, last: Parameters.Slot), parameters: Parameters, precision: Precision) {
        (extended, weights, bias) = slots
        self.parameters = parameters
        products = precision.products.init(of: extended, inputs: weights.rows, keep: 0, parameters: parameters)
    }

    public func with(_ precision: Precision) -> any OutputLayer {
        SoftmaxLayer((extended, weights, bias), parameters: parameters, precision: precision)
    }

    /// The weights as of the last `prepareBlock`, transposed.
    public var classRows: MatrixView { products.transposed }

    public func beginBlock(pieces: Int) { products.beginBlock(pieces: pieces) }

    public func prepareBlock(piece: Int, of pieces: Int) { products.prepareBlock(piece: piece, of: pieces) }

    public func logits(of hidden: MatrixView, into logits: MatrixView, shard: Int) {
        products.forward(hidden, into: logits, shard: shard)
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

    public func hiddenGradient(_ tape: BlockTape, rows: Range<Int>, into hidden: MatrixView, shard: Int) {
        products.back(tape.proportions.rows(rows), into: hidden, shard: shard)
    }

    /// Each block teaches each class how rare it is: biases start at zero.
    public func start(from counts: UnsafePointer<Int32>) {}

    /// All classes are learned: there is nothing to name.
    public func nameLearned(_ tape: BlockTape) {}

    /// dW ← Σ sᵀ d logits and db ← Σ d logits over all rows of a block, the classes of one piece.
    public func accumulate(_ tape: BlockTape, piece: Int, of pieces: Int) {
        products.accumulate(tape.output, tape.proportions, piece: piece, of: pieces)
    }

    public var embeddings: [[Float]] {
        let view = parameters.value(weights)
        return (0..<classes).map { k in (0..<view.rows).map { view.row($0)[k] } }
    }
}
