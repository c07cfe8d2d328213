import Kernels

/// The products that a layer's weights W (m, n) take part in, the seam between precisions:
///
///     y (R, n) = x W,   dx (R, i) = dy Wᵀ,   dW = xᵀ dy over all rows of a block
///
/// Of x the first i units want a gradient; behind them there may be the 1 of a bias, whose weights are the last row.
/// All matrices are in single precision, whatever they are multiplied in.
protocol WeightProducts: AnyObject, Sendable {
    /// - Parameters:
    ///   - weights: (m, n), which `transposed` and all products read.
    ///   - inputs: i.
    ///   - keep: 0 where y and dx are overwritten, 1 where the products are added to what they hold.
    init(of weights: Parameters.Slot, inputs: Int, keep: Float, parameters: Parameters)

    /// Wᵀ (n, width) as of the last `prepareBlock`, in single precision, zeros behind the m-th column; width is m rounded up to 16.
    var transposed: MatrixView { get }

    /// Room for what the pieces and shards of a block do at the same time; alone.
    func beginBlock(pieces: Int)

    /// Derives from the weights as they are what all products of a block share; `piece` of `pieces`, which may run at the same time.
    func prepareBlock(piece: Int, of pieces: Int)

    /// y ← x W + keep · y. Rows of y have no gaps between them.
    ///
    /// - Parameter shard: whose rows they are, below the pieces of the block; shards may run at the same time.
    func forward(_ x: MatrixView, into y: MatrixView, shard: Int)

    /// dx ← dy Wᵀ + keep · dx. Rows of dx have no gaps between them.
    func back(_ dy: MatrixView, into dx: MatrixView, shard: Int)

    /// The columns of dW that a piece has, overwritten.
    func accumulate(_ x: MatrixView, _ dy: MatrixView, piece: Int, of pieces: Int)
}

extension WeightProducts {
    /// The columns of W, of `total`, that a piece has.
    func columns(_ piece: Int, of pieces: Int, total: Int) -> Range<Int> {
        Shards.slice(piece, of: pieces, total: total, unit: 16)
    }
}
