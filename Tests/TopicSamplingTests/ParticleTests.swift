import Foundation
import Kernels
import TestSupport
import Testing
@testable import TopicSampling

/// Particles on a chain of which every path is enumerated.
@Suite struct ParticleTests {
    /// A chain in which the first topic decides how well later items are explained: forward draws get it wrong.
    static let chain = TinyChain(
        start: [0.6, 0.3, 0.1],
        transition: [[0.8, 0.15, 0.05], [0.1, 0.8, 0.1], [0.05, 0.05, 0.9]],
        emission: [[0.5, 0.4, 0.1], [0.3, 0.6, 0.1], [0.1, 0.1, 0.8]])
    static let items = [0, 1, 2, 2]

    /// One run of P copies: the path of one of them, picked uniformly, and Π mean(α) as the estimate of p(w).
    static func run<Policy: SurvivorPolicy>(
        _ policy: Policy, copies: Int, seed: UInt64, sequence: Int
    ) throws -> (path: [Int], likelihood: Double, best: [[Int]]) {
        let K = chain.topics, stride = DenseDraw.rowLength(topics: K)
        let rows = FloatBuffer(count: copies * stride), alphas = FloatBuffer(count: copies), logits = FloatBuffer(count: K)
        var scores = [Double](repeating: 0, count: copies)
        var ancestors = [Int32](repeating: 0, count: copies), topics = ancestors
        // Counts so large that φ is the emission table up to 1e-6.
        let counts = try TopicCounts(items: 3, topics: K, concentration: 1e-9)
        for item in 0..<3 {
            for k in 0..<K { counts.table[item * counts.stride + k] = Int32((chain.emission[k][item] * 1e6).rounded()) }
        }
        for k in 0..<K { counts.sums[k] = 1_000_000 }
        counts.refreshInverseTotals()

        var paths = [[Int]](repeating: [], count: copies), likelihood = 1.0
        policy.begin(scores: &scores, copies: copies)
        for (t, item) in items.enumerated() {
            for copy in 0..<copies {
                let theta = t == 0 ? chain.start : chain.transition[paths[copy][t - 1]]
                for k in 0..<K { logits.base[k] = Float(log(theta[k])) }
                alphas.base[copy] = DenseDraw.weigh(
                    logits: logits.base, item: item, counts: counts, weights: rows.base + copy * stride)
            }
            likelihood *= alphas.array.reduce(0) { $0 + Double($1) } / Double(copies)
            var random = RandomStream(seed: seed, purpose: .survivors, sequence: sequence, position: t)
            policy.survive(
                Candidates(copies: copies, topics: K, weights: rows.base, rowStride: stride, alphas: alphas.base),
                scores: &scores, random: &random, ancestors: &ancestors, topics: &topics)
            paths = (0..<copies).map { paths[Int(ancestors[$0])] + [Int(topics[$0])] }
        }
        var random = RandomStream(seed: seed, purpose: .path, sequence: sequence)
        return (paths[random.index(below: copies)], likelihood, paths)
    }

    /// p-value of the picked paths against the posterior over all K^T of them.
    static func fit(_ policy: some SurvivorPolicy, copies: Int, runs: Int = 4000) throws -> Double {
        let posterior = chain.joint(items)
        var hits = [Int](repeating: 0, count: posterior.count)
        for n in 0..<runs { hits[chain.number(of: try run(policy, copies: copies, seed: 21, sequence: n).path)] += 1 }
        return chiSquare(observed: hits, expected: posterior)
    }

    /// With 256 copies the bias, of order 1/P, is far below what 4,000 runs can see.
    @Test func pathsFollowThePosterior() throws {
        #expect(try ParticleTests.fit(Resampling(), copies: 256) > falseAlarm)
    }

    /// One copy draws forward only, as Algorithm 1 of the paper: Π γ_t is not the posterior.
    @Test func aSingleCopyIsNotEnough() throws {
        #expect(try ParticleTests.fit(Resampling(), copies: 1) < falseAlarm)
    }

    @Test func neverResamplingIsFound() throws {
        #expect(try ParticleTests.fit(NeverResampling(), copies: 256) < falseAlarm)
    }

    @Test func resamplingByTheWrongWeightsIsFound() throws {
        #expect(try ParticleTests.fit(UniformResampling(), copies: 256) < falseAlarm)
    }

    /// Π mean(α) is unbiased for p(w) at any P: here 3.
    @Test func theLikelihoodIsUnbiased() throws {
        let exact = ParticleTests.chain.joint(ParticleTests.items).reduce(0, +)
        #expect(zTest(samples: try likelihoods(Resampling()), expected: exact) > falseAlarm)
        #expect(zTest(samples: try likelihoods(NeverResampling()), expected: exact) < falseAlarm)
    }

    /// Weighted by the estimated likelihood, the picked path is unbiased too: E[L · 1(path)] = p(path, w), at P = 2.
    @Test func weightedPathsAreUnbiased() throws {
        let joint = ParticleTests.chain.joint(ParticleTests.items)
        let runs = try (0..<20_000).map { try ParticleTests.run(Resampling(), copies: 2, seed: 4, sequence: $0) }
        // Twelve tests at once, so that each has a twelfth of the false alarms.
        for number in joint.indices.sorted(by: { joint[$0] > joint[$1] }).prefix(12) {
            let samples = runs.map { ParticleTests.chain.number(of: $0.path) == number ? $0.likelihood : 0 }
            #expect(zTest(samples: samples, expected: joint[number]) > falseAlarm / 12)
        }
    }

    private func likelihoods(_ policy: some SurvivorPolicy) throws -> [Double] {
        try (0..<20_000).map { try ParticleTests.run(policy, copies: 3, seed: 17, sequence: $0).likelihood }
    }

    /// The seam carries a beam as well: the best P of P·K pairs find the P best paths where P = K^(T-1).
    @Test func aBeamFitsTheSeam() throws {
        let chain = ParticleTests.chain, joint = chain.joint(ParticleTests.items)
        let best = try ParticleTests.run(BestPairs(), copies: 27, seed: 1, sequence: 0).best
        #expect(Set(best.map(chain.number(of:))) == Set(joint.indices.sorted { joint[$0] > joint[$1] }.prefix(27)))
    }
}

/// Broken: each copy goes on as its own heir, whatever its α.
private struct NeverResampling: SurvivorPolicy {
    func begin(scores: UnsafeMutablePointer<Double>, copies: Int) {}

    func survive(
        _ candidates: Candidates, scores: UnsafeMutablePointer<Double>, random: inout RandomStream,
        ancestors: UnsafeMutablePointer<Int32>, topics: UnsafeMutablePointer<Int32>
    ) {
        for copy in 0..<candidates.copies {
            ancestors[copy] = Int32(copy)
            topics[copy] = Int32(DenseDraw.topic(of: candidates.row(copy), topics: candidates.topics, at: random.uniform()))
        }
    }
}

/// Broken: resamples, but all copies alike.
private struct UniformResampling: SurvivorPolicy {
    func begin(scores: UnsafeMutablePointer<Double>, copies: Int) {}

    func survive(
        _ candidates: Candidates, scores: UnsafeMutablePointer<Double>, random: inout RandomStream,
        ancestors: UnsafeMutablePointer<Int32>, topics: UnsafeMutablePointer<Int32>
    ) {
        for copy in 0..<candidates.copies {
            ancestors[copy] = Int32(random.index(below: candidates.copies))
            topics[copy] = Int32(DenseDraw.topic(
                of: candidates.row(Int(ancestors[copy])), topics: candidates.topics, at: random.uniform()))
        }
    }
}

/// The plainest beam: sorts all P·K pairs.
private struct BestPairs: SurvivorPolicy {
    func begin(scores: UnsafeMutablePointer<Double>, copies: Int) {
        // One copy starts; its twins would only repeat it.
        for copy in 0..<copies { scores[copy] = copy == 0 ? 0 : -.infinity }
    }

    func survive(
        _ candidates: Candidates, scores: UnsafeMutablePointer<Double>, random: inout RandomStream,
        ancestors: UnsafeMutablePointer<Int32>, topics: UnsafeMutablePointer<Int32>
    ) {
        let pairs = (0..<candidates.copies * candidates.topics).map { pair in
            let (copy, topic) = pair.quotientAndRemainder(dividingBy: candidates.topics)
            return (score: scores[copy] + log(Double(candidates.row(copy)[topic])), copy: copy, topic: topic)
        }
        for (survivor, pair) in pairs.sorted(by: { $0.score > $1.score }).prefix(candidates.copies).enumerated() {
            ancestors[survivor] = Int32(pair.copy)
            topics[survivor] = Int32(pair.topic)
            scores[survivor] = pair.score
        }
    }
}
