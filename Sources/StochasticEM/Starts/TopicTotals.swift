import Kernels

/// n_k, how many events each topic has, and what LDA's sampler multiplies by in place of dividing by them.
final class TopicTotals: @unchecked Sendable {
    /// K.
    let topics: Int
    private let smoothing: Double
    private(set) var counts: [Int]         // (K)
    private let inverses: FloatBuffer      // (2, K)

    /// 1 / (n_k + Vβ), K of them.
    var inverse: UnsafePointer<Float> { UnsafePointer(inverses.base) }
    /// The same for an event of topic k, itself left out: 1 / (n_k - 1 + Vβ). Of an empty topic it means nothing.
    var inverseWithout: UnsafePointer<Float> { UnsafePointer(inverses.base + topics) }

    /// - Parameters:
    ///   - counts: n_k (K).
    ///   - smoothing: Vβ.
    init(_ counts: [Int], smoothing: Double) {
        self.counts = counts
        self.smoothing = smoothing
        topics = counts.count
        inverses = FloatBuffer(count: 2 * topics)
        refresh()
    }

    /// Moves n_k by the sum of some gains, (K) each.
    func add(_ gains: [[Int32]]) {
        for topic in 0..<topics { counts[topic] += gains.reduce(0) { $0 + Int($1[topic]) } }
        refresh()
    }

    private func refresh() {
        for topic in 0..<topics {
            let total = Double(counts[topic])
            inverses.base[topic] = Float(1 / (total + smoothing))
            inverses.base[topics + topic] = Float(1 / (max(total, 1) - 1 + smoothing))
        }
    }
}
