import Corpora
import Kernels
import StochasticEM

/// Latent Dirichlet allocation, each event scored given all before it.
///
/// φ comes from collapsed Gibbs sampling with a sequence as a document. A sequence's topic counts are then filtered: each
/// event adds its posterior over topics,
///
///     θ_k = (n_k + α) / (n + K α),   p(w | past) = Σ_k θ_k φ_wk,   n_k += θ_k φ_wk / p(w | past)
public struct SequentialLDA: StepwiseModel {
    public let vocabulary: Vocabulary
    private let topics: Int
    private let alpha: Float
    let phi: FloatBuffer  // (V, K)
    private let transposed: FloatBuffer  // (K, V)

    /// - Throws: `InvalidParameter` for a setting of the sampler that is out of range.
    public init(_ corpus: Corpus, topics: Int, alpha: Float = 0.1, beta: Float = 0.01, sweeps: Int = 200, seed: UInt64, shards: Shards) throws {
        vocabulary = corpus.vocabulary
        self.topics = topics
        self.alpha = alpha
        let training = corpus.training, v = corpus.vocabulary.count
        let drawn = try LatentDirichletAllocation(sweeps: sweeps, alpha: alpha, beta: beta).topics(
            for: training, topics: topics, seed: seed, shards: shards)
        var totals = [Float](repeating: beta * Float(v), count: topics)
        let phi = FloatBuffer(count: v * topics)
        phi.base.update(repeating: beta, count: v * topics)
        for (event, item) in training.items.enumerated() {
            phi.base[Int(item) * topics + Int(drawn[event])] += 1
            totals[Int(drawn[event])] += 1
        }
        for w in 0..<v { for k in 0..<topics { phi.base[w * topics + k] /= totals[k] } }
        self.phi = phi
        transposed = FloatBuffer(count: v * topics)
        VectorMath.transpose(phi.matrix(v, topics), into: transposed.matrix(topics, v))
    }

    public struct State {
        /// n_k, sums of posteriors; and n.
        var counts: [Float]
        var total: Float = 0
    }

    public func start() -> State { State(counts: [Float](repeating: 0, count: topics)) }

    private func proportion(_ k: Int, _ state: State) -> Float {
        (state.counts[k] + alpha) / (state.total + Float(topics) * alpha)
    }

    public func observe(_ item: Int, in state: inout State) {
        let row = phi.base + item * topics
        var weights = [Float](repeating: 0, count: topics), sum: Float = 0
        for k in 0..<topics {
            weights[k] = proportion(k, state) * row[k]
            sum += weights[k]
        }
        for k in 0..<topics { state.counts[k] += weights[k] / sum }
        state.total += 1
    }

    public func predict(_ state: State, into probabilities: UnsafeMutablePointer<Float>) {
        let v = vocabulary.count
        var theta = (0..<topics).map { proportion($0, state) }
        theta.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            GEMM.multiply(
                MatrixView(base, rows: 1, columns: topics), transposed.matrix(topics, v),
                into: MatrixView(probabilities, rows: 1, columns: v))
        }
    }
}
