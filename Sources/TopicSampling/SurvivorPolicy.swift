import Kernels

/// P copies of a sequence at one step, each with its weights for the next topic.
public struct Candidates: @unchecked Sendable {
    /// P.
    public let copies: Int
    /// K.
    public let topics: Int
    /// (P, `rowStride`): rows θ_k φ_wk as `DenseDraw.weigh` wrote them, running sums included.
    public let weights: UnsafePointer<Float>
    /// Floats from one row to the next, at least `DenseDraw.rowLength`.
    public let rowStride: Int
    /// (P): α of each copy.
    public let alphas: UnsafePointer<Float>
    /// The topic that the event has now, below K: what a policy may hold on to. nil for an event that has none yet, as in prediction.
    public let reference: Int32?

    /// Memory stays the caller's, and has to outlive this value.
    @inlinable
    public init(
        copies: Int, topics: Int, weights: UnsafePointer<Float>, rowStride: Int, alphas: UnsafePointer<Float>,
        reference: Int32?
    ) {
        self.copies = copies
        self.topics = topics
        self.weights = weights
        self.rowStride = rowStride
        self.alphas = alphas
        self.reference = reference
    }

    /// Weights of one copy, below P: K of them, padding, then running sums. The index is not checked.
    @inlinable
    public func row(_ copy: Int) -> UnsafePointer<Float> { weights + copy * rowStride }
}

/// Who of P copies lives on after an item was seen, and with which topic each survivor explains it.
///
/// One mechanism for particles (resample by α, then draw) and for beams (the best P of the P·K
/// pairs): both choose P pairs (ancestor, topic) from P rows of weights. At the end of a block one of the P paths is picked.
public protocol SurvivorPolicy: Sendable {
    /// Sets the scores (P) of copies that are all equal: a sequence is about to start, or all go on from the one path that was picked.
    func begin(scores: UnsafeMutablePointer<Double>, copies: Int)

    /// Chooses the survivors of one step.
    ///
    /// - Parameters:
    ///   - scores: (P), the policy's memory of each copy from step to step (a beam keeps log p(z, w) there);
    ///     those of the copies on entry, those of the survivors on return.
    ///   - random: the stream of this sequence and position; nothing else may be random.
    ///   - ancestors: (P), receives the copy that each survivor goes on from.
    ///   - topics: (P), receives the topic z_t of each survivor.
    func survive(
        _ candidates: Candidates, scores: UnsafeMutablePointer<Double>, random: inout RandomStream,
        ancestors: UnsafeMutablePointer<Int32>, topics: UnsafeMutablePointer<Int32>)

    /// Which survivor's path is taken, below P.
    ///
    /// - Parameters:
    ///   - scores: (P), as `survive` left them.
    ///   - random: a stream for this choice alone.
    func pick(scores: UnsafePointer<Double>, copies: Int, random: inout RandomStream) -> Int
}

extension SurvivorPolicy {
    /// Uniformly: survivors of resampling weigh the same.
    public func pick(scores: UnsafePointer<Double>, copies: Int, random: inout RandomStream) -> Int {
        random.index(below: copies)
    }
}
