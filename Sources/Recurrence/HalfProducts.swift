import Kernels

/// Products of factors rounded to ``BFloat16``, with sums in single precision. Weights are rounded once a block, and all else as it is
/// multiplied: what the layers keep, and the weights that Adam moves, stay in single precision.
final class HalfProducts: WeightProducts, @unchecked Sendable {
    private let weights: Parameters.Slot
    private let inputs: Int
    private let parameters: Parameters
    private let crosswise: TransposedWeights
    private let onward, backward: HalfProduct
    /// One a piece: dW is summed by each over columns of its own.
    private var sums: [PieceSum] = []

    init(of weights: Parameters.Slot, inputs: Int, keep: Float, parameters: Parameters) {
        self.weights = weights
        self.inputs = inputs
        self.parameters = parameters
        crosswise = TransposedWeights(of: weights, parameters: parameters)
        onward = HalfProduct(terms: weights.rows, columns: weights.columns, right: .asIs, keep: keep)
        backward = HalfProduct(terms: weights.columns, columns: inputs, right: .transposed, keep: keep)
    }

    var transposed: MatrixView { crosswise.matrix }

    func beginBlock(pieces: Int) {
        onward.reserve(seats: pieces)
        backward.reserve(seats: pieces)
        while sums.count < pieces { sums.append(PieceSum()) }
    }

    func prepareBlock(piece: Int, of pieces: Int) {
        crosswise.renew(columns(piece, of: pieces, total: weights.columns))
        let matrix = parameters.value(weights)
        if piece == 0 { onward.pack(matrix) }
        if piece == pieces - 1 { backward.pack(matrix.rows(0..<inputs)) }
    }

    func forward(_ x: MatrixView, into y: MatrixView, shard: Int) { onward.multiply(x, into: y, seat: shard) }

    func back(_ dy: MatrixView, into dx: MatrixView, shard: Int) { backward.multiply(dy, into: dx, seat: shard) }

    func accumulate(_ x: MatrixView, _ dy: MatrixView, piece: Int, of pieces: Int) {
        let mine = columns(piece, of: pieces, total: weights.columns)
        guard !mine.isEmpty else { return }
        sums[piece].of(rows: x.rows, left: weights.rows, right: mine.count, stride: weights.columns)
            .sum(x, dy.columns(mine), into: parameters.gradient(weights).columns(mine))
    }

    /// A piece's sum, made for the first block and kept for all that are cut alike.
    private final class PieceSum: @unchecked Sendable {
        private var made: HalfSum?

        func of(rows: Int, left: Int, right: Int, stride: Int) -> HalfSum {
            if let made, made.rows == rows, made.right == right { return made }
            let sum = HalfSum(rows: rows, left: left, right: right, stride: stride)
            made = sum
            return sum
        }
    }

    /// Bytes that products of (rows, columns) weights own, with so many shards and rows of a block.
    static func bytes(weights rows: Int, _ columns: Int, inputs: Int, shards: Int, block: Int) -> Int {
        HalfProduct.bytes(terms: rows, columns: columns, seats: shards) + HalfProduct.bytes(terms: columns, columns: inputs, seats: shards)
            + (0..<shards).reduce(0) { sum, piece in
                sum + HalfSum.bytes(rows: block, left: rows, right: Shards.slice(piece, of: shards, total: columns, unit: 16).count)
            }
    }
}
