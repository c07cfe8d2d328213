import Kernels
import StochasticEM

/// Numbers of events that are expected somewhere, from zero on.
final class ExpectedCounts: @unchecked Sendable {
    let base: UnsafeMutablePointer<Double>

    init(count: Int) {
        base = .allocate(capacity: count)
        base.initialize(repeating: 0, count: count)
    }

    deinit { base.deallocate() }
}

/// The three laws of a hidden Markov model.
struct HiddenMarkovLaws: Sendable {
    /// π, (K).
    let start: FloatBuffer
    /// A (K, K): row i is the law of the topic behind topic i.
    let steps: FloatBuffer
    /// φ.
    let items: TopicItems

    var topics: Int { items.topics }

    init(start: FloatBuffer, steps: FloatBuffer, items: TopicItems) {
        self.start = start
        self.steps = steps
        self.items = items
    }

    /// The most probable laws given expected numbers of starts, steps and items, under Dirichlet priors of concentration 1 + α and 1 + β:
    ///
    ///     π_i ∝ n_i + α,   A_ij ∝ n_ij + α,   φ_wk ∝ n_wk + β                                          (Paper-notes B2)
    ///
    /// - Parameters:
    ///   - starts, steps, itemCounts: (K), (K, K) and (V, K). Items are counted in double precision: to a float of 2^24 nothing below 1 can be added.
    init(starts: FloatBuffer, steps counts: FloatBuffer, itemCounts: ExpectedCounts, items v: Int, alpha: Double, beta: Double) {
        let k = starts.count
        start = FloatBuffer(count: k)
        steps = FloatBuffer(count: k * k)
        HiddenMarkovLaws.normalise(starts.base, plus: alpha, into: start.base, count: k)
        for i in 0..<k { HiddenMarkovLaws.normalise(counts.base + i * k, plus: alpha, into: steps.base + i * k, count: k) }
        let phi = FloatBuffer(count: v * k)
        var totals = [Double](repeating: Double(v) * beta, count: k)
        for w in 0..<v { for topic in 0..<k { totals[topic] += itemCounts.base[w * k + topic] } }
        for w in 0..<v {
            for topic in 0..<k { phi.base[w * k + topic] = Float((itemCounts.base[w * k + topic] + beta) / totals[topic]) }
        }
        items = TopicItems(phi, items: v, topics: k)
    }

    private static func normalise(_ counts: UnsafePointer<Float>, plus prior: Double, into law: UnsafeMutablePointer<Float>, count: Int) {
        let total = (0..<count).reduce(Double(count) * prior) { $0 + Double(counts[$1]) }
        for i in 0..<count { law[i] = Float((Double(counts[i]) + prior) / total) }
    }
}
