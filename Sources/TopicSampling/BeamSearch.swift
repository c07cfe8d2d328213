import Kernels

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The beam: survivors are the P best of the P·K pairs (ancestor, topic) by log p(z_1..z_t, w_1..w_t).
///
///     score(p, k) = score(p) + log θ_k φ_wk
///
/// Nothing is random. Survivors stand in the order of their scores, best first, so that a sequence which starts where
/// another one ended, from copy 0, is traced back to the best path of that one. Ties go to the lower copy, then to the
/// lower topic. Zaheer, Ahmed & Smola (2017) mention a beam and leave its form open; this is the plain one. It climbs to
/// a likely path and does not sample the posterior: counts made from it are more peaked than the truth.
///
/// **Scores** are relative: the best is 0 after every step, so that they stay finite however long a sequence is. A score
/// of -∞ marks a copy that is none: at a start all copies are equal and only the first one counts, and where fewer
/// than P pairs have a positive weight (K < P, at first) the survivors left over repeat the best pair.
/// **Underflow**: where `DenseDraw.weigh` put θ in place of weights that vanished, the row counts with its α all the same.
/// **NaN**: a copy whose α is not finite dies. Should no pair have a positive weight, each copy goes on as its own ancestor,
/// with topic 0 and the score that it had.
///
/// Cost: one comparison for each 16 weights, a look at those 16 where their sum could hold one that enters, and a
/// logarithm for each that does. Scratch is on the stack for P up to 40.
public struct BeamSearch: SurvivorPolicy {
    /// There is nothing to set.
    public init() {}

    public func begin(scores: UnsafeMutablePointer<Double>, copies: Int) {
        scores.update(repeating: -.infinity, count: copies)
        scores[0] = 0
    }

    public func survive(
        _ candidates: Candidates, scores: UnsafeMutablePointer<Double>, random: inout RandomStream,
        ancestors: UnsafeMutablePointer<Int32>, topics: UnsafeMutablePointer<Int32>
    ) {
        let copies = candidates.copies
        withUnsafeTemporaryAllocation(of: Double.self, capacity: copies) { best in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: copies) { weights in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: copies) { heaviest in
                    guard let best = best.baseAddress, let weights = weights.baseAddress, let heaviest = heaviest.baseAddress else { return }
                    survive(candidates, scores: scores, ancestors: ancestors, topics: topics, best: best, row: (heaviest, weights))
                }
            }
        }
    }

    /// - Parameters:
    ///   - best: room for P scores.
    ///   - row: room for P topics of one copy, and their weights.
    private func survive(
        _ candidates: Candidates, scores: UnsafeMutablePointer<Double>, ancestors: UnsafeMutablePointer<Int32>, topics: UnsafeMutablePointer<Int32>,
        best: UnsafeMutablePointer<Double>, row: (topics: UnsafeMutablePointer<Int32>, weights: UnsafeMutablePointer<Float>)
    ) {
        let copies = candidates.copies
        var found = 0
        for copy in 0..<copies {
            let base = BeamSearch.base(candidates, copy: copy, score: scores[copy])
            guard base > -.infinity else { continue }
            // Pairs of this copy are in order among themselves, so they are ranked by weight, and few logarithms are taken.
            let bound = found == copies ? BeamSearch.bound(score: best[copies - 1], base: base) : 0
            let pairs = DenseDraw.heaviest(
                of: candidates.row(copy), topics: candidates.topics, count: copies, above: bound, indices: row.topics, weights: row.weights)
            for pair in 0..<pairs {
                let score = base + log(Double(row.weights[pair]))
                if found == copies {
                    guard score > best[copies - 1] else { break }
                } else {
                    found += 1
                }
                // Behind its equals, which come from lower copies or are lower topics.
                var place = found - 1
                while place > 0 && best[place - 1] < score {
                    best[place] = best[place - 1]
                    ancestors[place] = ancestors[place - 1]
                    topics[place] = topics[place - 1]
                    place -= 1
                }
                best[place] = score
                ancestors[place] = Int32(copy)
                topics[place] = row.topics[pair]
            }
        }
        guard found > 0 else {
            for copy in 0..<copies {
                ancestors[copy] = Int32(copy)
                topics[copy] = 0
            }
            return
        }
        for survivor in 0..<found { scores[survivor] = best[survivor] - best[0] }
        for survivor in found..<copies {
            ancestors[survivor] = ancestors[0]
            topics[survivor] = topics[0]
            scores[survivor] = -.infinity
        }
    }

    /// The best path, the first among equals.
    public func pick(scores: UnsafePointer<Double>, copies: Int, random: inout RandomStream) -> Int {
        var best = 0
        for copy in 1..<max(1, copies) where scores[copy] > scores[best] { best = copy }
        return best
    }

    /// What the logarithm of a weight is added to: the copy's score, and log(α / Σ weights), which is 0 unless all products underflowed.
    static func base(_ candidates: Candidates, copy: Int, score: Double) -> Double {
        let alpha = candidates.alphas[copy]
        guard alpha.isFinite else { return -.infinity }
        let total = DenseDraw.total(of: candidates.row(copy), topics: candidates.topics)
        return alpha == total ? score : score + log(Double(alpha) / Double(total))
    }

    /// A weight that is no larger than one whose pair would score `score`: what does not exceed it need not be looked at.
    private static func bound(score: Double, base: Double) -> Float {
        // Lower than exact by more than the rounding to single precision, which is coarse below the normal numbers.
        let weight = exp(score - base) * (1 - 0x1p-20)
        return weight < Double(Float.leastNormalMagnitude) ? 0 : Float(weight)
    }
}
