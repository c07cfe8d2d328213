import Kernels
import StochasticEM

/// Topics that are counts of items, and a state that sums up what a sequence's events said of topics, fading from event to event:
///
///     θ_k = (m_k + α) / (m + K α),   p(w | past) = Σ_k θ_k φ_wk,   m_k ← a (m_k + θ_k φ_wk / p(w | past))     (Paper-notes B1, B3)
///
/// With a = 1 nothing fades: latent Dirichlet allocation, read in sequence.
public protocol FadingTopicModel: StepwiseTopicModel, CountedTopicModel where State == FadingCounts {
    /// α.
    var alpha: Float { get }
    /// a, in [0, 1].
    var decay: Float { get }
}

/// What a sequence's events said of topics so far.
public struct FadingCounts: Sendable {
    /// m_k, and their sum m.
    fileprivate var sums: [Float]
    fileprivate var total: Float = 0
}

extension FadingTopicModel {
    public func start() -> FadingCounts { FadingCounts(sums: [Float](repeating: 0, count: items.topics)) }

    public func proportions(_ state: FadingCounts, into theta: UnsafeMutablePointer<Float>) {
        let scale = 1 / (state.total + Float(items.topics) * alpha), k = items.topics
        state.sums.withUnsafeBufferPointer { buffer in
            guard let sums = buffer.baseAddress else { return }
            for i in stride(from: 0, to: k, by: 16) { theta.setLanes(i, (sums.lanes(i, count: k - i) + alpha) * scale, count: k - i) }
        }
    }

    public func observe(_ item: Int, in state: inout FadingCounts) {
        let k = items.topics, posterior = FloatBuffer(count: k)
        proportions(state, into: posterior.base)
        items.update(posterior.base, with: item)
        state.total = decay * (state.total + 1)
        state.sums.withUnsafeMutableBufferPointer { buffer in
            guard let sums = buffer.baseAddress else { return }
            for i in stride(from: 0, to: k, by: 16) {
                sums.setLanes(i, faded(sums.lanes(i, count: k - i) + posterior.base.lanes(i, count: k - i), by: decay), count: k - i)
            }
        }
    }
}

/// x a, and 0 where that is too little to matter: numbers on their way to zero would be slow to multiply.
@inline(__always)
func faded(_ x: Lanes16, by decay: Float) -> Lanes16 {
    let y = x * decay
    return y.replacing(with: 0, where: y .< 1e-20)
}
