import Corpora
import Kernels
import StochasticEM
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A stepwise model whose state says which topic comes next: p(w | past) = Σ_k θ_k φ_wk.
public protocol StepwiseTopicModel: StepwiseModel, TopicModel {
    /// φ.
    var items: TopicItems { get }

    /// θ (K) of the state.
    func proportions(_ state: State, into theta: UnsafeMutablePointer<Float>)
}

/// φ in both layouts: what an item says of topics, and what topics say of items.
public struct TopicItems: Sendable {
    /// K.
    public let topics: Int
    /// V.
    public let items: Int
    private let phi: FloatBuffer  // (V, K)
    private let transposed: FloatBuffer  // (K, V)

    /// - Parameter phi: (V, K).
    init(_ phi: FloatBuffer, items: Int, topics: Int) {
        self.phi = phi
        self.topics = topics
        self.items = items
        transposed = FloatBuffer(count: items * topics)
        VectorMath.transpose(phi.matrix(items, topics), into: transposed.matrix(topics, items))
    }

    /// φ_w, (K).
    func row(_ item: Int) -> UnsafeMutablePointer<Float> { phi.base + item * topics }

    /// (K, V).
    var byTopic: MatrixView { transposed.matrix(topics, items) }

    /// p (n, V) ← θ (n, K) φᵀ.
    func mix(_ theta: MatrixView, into probabilities: MatrixView) { GEMM.multiply(theta, byTopic, into: probabilities) }

    /// log Σ_k θ_k φ_wk, at least the logarithm of the smallest normal float.
    func logProbability(of item: Int, _ theta: UnsafePointer<Float>) -> Double {
        let phi = row(item)
        return log(max((0..<topics).reduce(0) { $0 + Double(theta[$1] * phi[$1]) }, Double(Float.leastNormalMagnitude)))
    }

    /// θ_k ← θ_k φ_wk / Σ, in place: what a topic's share becomes once an item was seen. Returns Σ = p(w).
    @discardableResult
    func update(_ theta: UnsafeMutablePointer<Float>, with item: Int) -> Float {
        let phi = row(item)
        var sums = Lanes16.zero
        for k in stride(from: 0, to: topics, by: 16) {
            let n = topics - k, product = theta.lanes(k, count: n) * phi.lanes(k, count: n)
            theta.setLanes(k, product, count: n)
            sums += product
        }
        let sum = sums.sum()
        // Products that all underflow say nothing of the topic.
        if !(sum > 0) { return Float.leastNormalMagnitude }
        let scale = 1 / sum
        for k in stride(from: 0, to: topics, by: 16) { theta.setLanes(k, theta.lanes(k, count: topics - k) * scale, count: topics - k) }
        return sum
    }
}

extension StepwiseTopicModel {
    public func predict(_ state: State, into probabilities: UnsafeMutablePointer<Float>) {
        let theta = FloatBuffer(count: items.topics)
        proportions(state, into: theta.base)
        items.mix(theta.matrix(1, items.topics), into: MatrixView(probabilities, rows: 1, columns: items.items))
    }

    public func read(_ corpus: Corpus, first: [Int], shards: Shards, visit: @Sendable (Predictions) -> Void) {
        readSteps(corpus, first: first, shards: shards, width: items.topics, write: proportions) { steps, theta in
            let scores = FloatBuffer(count: theta.rows * items.items), probabilities = scores.matrix(theta.rows, items.items)
            items.mix(theta, into: probabilities)
            visit(
                Predictions(
                    shard: steps.shard, sequences: steps.sequences, positions: steps.positions, items: steps.items,
                    probabilities: probabilities, proportions: theta))
            withExtendedLifetime(scores) {}
        }
    }

    public func logProbabilities(of corpus: Corpus, first: [Int], shards: Shards) -> [Double] {
        ParallelSlots.filled(with: 0.0, count: corpus.items.count) { slots in
            readSteps(corpus, first: first, shards: shards, width: items.topics, write: proportions) { steps, theta in
                for (row, item) in steps.items.enumerated() {
                    guard let item else { continue }
                    slots[corpus.starts[steps.sequences[row]] + steps.positions[row]] = items.logProbability(of: item, theta.row(row))
                }
            }
        }
    }
}
