import Kernels

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension DenseDraw {
    /// The same as `weigh`, one topic after another in Double: the oracle of the fast version, and how to read it.
    ///
    /// - Returns: θ (K), the weights θ_k φ_wk (K), and α.
    public static func reference(
        logits: [Float], item: Int, counts: TopicCounts
    ) -> (theta: [Double], weights: [Double], alpha: Double) {
        let top = logits.max() ?? 0
        let e = logits.map { exp(Double(max($0 - top, floor))) }
        let sum = e.reduce(0, +)
        let theta = e.map { $0 / sum }
        let weights = theta.indices.map { k in
            theta[k] * (Double(counts.count(item, k)) + Double(counts.concentration))
                / (Double(counts.totals[k]) + Double(counts.items) * Double(counts.concentration))
        }
        return (theta, weights, weights.reduce(0, +))
    }
}
