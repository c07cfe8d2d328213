import Foundation
import Kernels
import TestSupport
@testable import TopicSampling

/// P copies of a chain of which every path is enumerated, led by a policy: θ of each copy comes from the topic that it drew last.
struct ChainFilter {
    let chain: TinyChain
    let items: [Int]
    let copies: Int
    private let counts: TopicCounts
    private let logStart: [Float], logTransition: [[Float]]

    /// What one run leaves.
    struct Outcome {
        /// The path of each survivor, and log p(path, w) by the weights that the policy was shown.
        var paths: [[Int]], logJoints: [Double]
        var scores: [Double]
        /// Π mean(α), the estimate of p(w).
        var likelihood = 1.0
        /// The survivor that the policy picked.
        var picked = 0
        var path: [Int] { paths[picked] }
    }

    init(_ chain: TinyChain, items: [Int], copies: Int) throws {
        self.chain = chain
        self.items = items
        self.copies = copies
        // Counts so large that φ is the emission table up to 1e-6.
        let words = chain.emission[0].count
        counts = try TopicCounts(items: words, topics: chain.topics, concentration: 1e-9)
        for item in 0..<words {
            for k in 0..<chain.topics { counts.table[item * counts.stride + k] = Int32((chain.emission[k][item] * 1e6).rounded()) }
        }
        for k in 0..<chain.topics { counts.sums[k] = 1_000_000 }
        counts.refreshInverseTotals()
        logStart = chain.start.map { Float(log($0)) }
        logTransition = chain.transition.map { $0.map { Float(log($0)) } }
    }

    /// - Parameters:
    ///   - sequence: keys the random numbers, with `seed`.
    ///   - reference: a path that the policy may hold on to.
    func run(_ policy: some SurvivorPolicy, seed: UInt64, sequence: Int, reference: [Int]? = nil) -> Outcome {
        let k = chain.topics, stride = DenseDraw.rowLength(topics: k)
        let rows = FloatBuffer(count: copies * stride), alphas = FloatBuffer(count: copies)
        var ancestors = [Int32](repeating: 0, count: copies), topics = ancestors
        var outcome = Outcome(
            paths: Array(repeating: [], count: copies), logJoints: Array(repeating: 0, count: copies),
            scores: Array(repeating: 0, count: copies))
        policy.begin(scores: &outcome.scores, copies: copies)
        for (t, item) in items.enumerated() {
            for copy in 0..<copies {
                var logits = t == 0 ? logStart : logTransition[outcome.paths[copy][t - 1]]
                alphas.base[copy] = DenseDraw.weigh(
                    logits: &logits, item: item, counts: counts, weights: rows.base + copy * stride)
            }
            outcome.likelihood *= alphas.array.reduce(0) { $0 + Double($1) } / Double(copies)
            var random = RandomStream(seed: seed, purpose: .survivors, sequence: sequence, position: t)
            let candidates = Candidates(
                copies: copies, topics: k, weights: rows.base, rowStride: stride, alphas: alphas.base,
                reference: reference.map { Int32($0[t]) })
            policy.survive(candidates, scores: &outcome.scores, random: &random, ancestors: &ancestors, topics: &topics)
            let last = outcome
            for survivor in 0..<copies {
                let ancestor = Int(ancestors[survivor]), topic = Int(topics[survivor])
                outcome.paths[survivor] = last.paths[ancestor] + [topic]
                outcome.logJoints[survivor] = last.logJoints[ancestor] + log(Double(candidates.row(ancestor)[topic]))
            }
        }
        var random = RandomStream(seed: seed, purpose: .path, sequence: sequence)
        outcome.picked = policy.pick(scores: outcome.scores, copies: copies, random: &random)
        return outcome
    }
}
