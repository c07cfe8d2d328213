import Kernels

/// Logits over K classes from hidden states, s W + b, and how W and b are learned: the seam between the softmax over all classes
/// and the sampled one.
///
/// Who runs the network leaves the gradient of the loss in `BlockTape.proportions`; what its columns stand for is the layer's own.
public protocol OutputLayer: AnyObject, Sendable {
    /// K.
    var classes: Int { get }

    /// (K, width): of each class its H weights, its bias, and zeros, in one run; width is H + 1 rounded up to 16. A class's logit is
    /// the product of its row with a state, a 1, and as many zeros.
    var classRows: MatrixView { get }

    /// The same weights, multiplied otherwise; itself where nothing would change.
    func with(_ precision: Precision) -> any OutputLayer

    /// Takes what is known before anything is learned: how often each class came, (K).
    func start(from counts: UnsafePointer<Int32>)

    /// Room for what the pieces and shards of a block do at the same time; alone.
    func beginBlock(pieces: Int)

    /// Work whose result all steps of a block share; `piece` of `pieces`, which may run at the same time.
    func prepareBlock(piece: Int, of pieces: Int)

    /// Logits (R, K), without gaps between rows, of hidden states with a 1 behind each, (R, H + 1).
    ///
    /// - Parameter shard: whose rows they are, below the block's pieces; shards may run at the same time.
    func logits(of hidden: MatrixView, into logits: MatrixView, shard: Int)

    /// d loss / d hidden (R, H) of some rows of a tape.
    func hiddenGradient(_ tape: BlockTape, rows: Range<Int>, into hidden: MatrixView, shard: Int)

    /// Says which classes a block teaches something. Comes before the pieces of `accumulate`, alone.
    func nameLearned(_ tape: BlockTape)

    /// d loss / d W and d loss / d b over all rows of a block; `piece` of `pieces`.
    func accumulate(_ tape: BlockTape, piece: Int, of pieces: Int)

    /// The output embedding of each class: K rows of H.
    var embeddings: [[Float]] { get }
}
