import Kernels

/// Particles: copies are resampled in proportion to α, *then* each survivor draws its topic from θ_k φ_wk / α.
///
/// α does not depend on z_t, so this order loses nothing, and no two survivors of one ancestor need have the same
/// topic (the fully adapted filter of Pitt & Shephard, 1999). P = 1 draws forward only, as Algorithm 1 of the paper does.
///
/// Resampling is systematic (Kitagawa, 1996): with one offset U, copy i survives as often as
/// points (U + j) / P fall into its share of Σα; that is ⌊P·share⌋ or ⌈P·share⌉ times, with the right mean and
/// less noise than independent choices. Every step resamples, so survivors weigh the same and
/// Π_t mean(α_t) is an unbiased estimate of p(w).
///
/// Scores are not used. Should no copy have a positive α (a NaN upstream), each goes on as its own ancestor.
public struct Resampling: SurvivorPolicy {
    /// There is nothing to set.
    public init() {}

    public func begin(scores: UnsafeMutablePointer<Double>, copies: Int) {
        scores.update(repeating: 0, count: copies)
    }

    public func survive(
        _ candidates: Candidates, scores: UnsafeMutablePointer<Double>, random: inout RandomStream,
        ancestors: UnsafeMutablePointer<Int32>, topics: UnsafeMutablePointer<Int32>
    ) {
        let copies = candidates.copies
        if copies == 1 {
            ancestors[0] = 0
        } else {
            Resampling.systematic(candidates.alphas, count: copies, offset: random.uniform(), into: ancestors)
        }
        for survivor in 0..<copies {
            let row = candidates.row(Int(ancestors[survivor]))
            topics[survivor] = Int32(DenseDraw.topic(of: row, topics: candidates.topics, at: random.uniform()))
        }
    }

    /// Ancestors, ascending, for the points (offset + j) / P.
    ///
    /// - Parameter offset: uniform on [0, 1).
    public static func systematic(
        _ alphas: UnsafePointer<Float>, count: Int, offset: Float, into ancestors: UnsafeMutablePointer<Int32>
    ) {
        guard var walk = AncestorWalk(alphas, count: count) else {
            for copy in 0..<count { ancestors[copy] = Int32(copy) }
            return
        }
        let spacing = walk.total / Double(count)
        for survivor in 0..<count {
            ancestors[survivor] = walk.advance(to: (Double(offset) + Double(survivor)) * spacing)
        }
    }

    /// (Σα)² / Σα²: between 1, where a single copy counts, and P, where all count alike.
    ///
    /// As in resampling, a copy without a positive α does not count. 0 where none does, or their sum is infinite.
    public static func effectiveSampleSize(_ alphas: UnsafePointer<Float>, count: Int) -> Double {
        var sum = 0.0, squares = 0.0
        for copy in 0..<count where alphas[copy] > 0 {
            sum += Double(alphas[copy])
            squares += Double(alphas[copy]) * Double(alphas[copy])
        }
        return squares > 0 && sum.isFinite ? sum * sum / squares : 0
    }
}
