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

    static func filter(copies: Int) throws -> ChainFilter { try ChainFilter(chain, items: items, copies: copies) }

    /// p-value of the picked paths against the posterior over all K^T of them.
    static func fit(_ policy: some SurvivorPolicy, copies: Int, runs: Int = 4000) throws -> Double {
        let filter = try filter(copies: copies), posterior = chain.joint(items)
        var hits = [Int](repeating: 0, count: posterior.count)
        for n in 0..<runs { hits[chain.number(of: filter.run(policy, seed: 21, sequence: n).path)] += 1 }
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
        let filter = try ParticleTests.filter(copies: 2)
        let runs = (0..<20_000).map { filter.run(Resampling(), seed: 4, sequence: $0) }
        // Twelve tests at once, so that each has a twelfth of the false alarms.
        for number in joint.indices.sorted(by: { joint[$0] > joint[$1] }).prefix(12) {
            let samples = runs.map { ParticleTests.chain.number(of: $0.path) == number ? $0.likelihood : 0 }
            #expect(zTest(samples: samples, expected: joint[number]) > falseAlarm / 12)
        }
    }

    private func likelihoods(_ policy: some SurvivorPolicy) throws -> [Double] {
        let filter = try ParticleTests.filter(copies: 3)
        return (0..<20_000).map { filter.run(policy, seed: 17, sequence: $0).likelihood }
    }

    /// Total variation distance of the survivors' paths, over many runs, from the posterior.
    ///
    /// All survivors' paths count, not only the one picked: that has the same law, since the pick is uniform, and less noise.
    static func distance(_ policy: some SurvivorPolicy, copies: Int, runs: Int, seed: UInt64 = 8) throws -> Double {
        let filter = try filter(copies: copies), joint = chain.joint(items), total = joint.reduce(0, +)
        var shares = [Double](repeating: 0, count: joint.count)
        for n in 0..<runs {
            for path in filter.run(policy, seed: seed, sequence: n).paths {
                shares[chain.number(of: path)] += 1 / Double(copies * runs)
            }
        }
        return zip(shares, joint).reduce(0) { $0 + abs($1.0 - $1.1 / total) } / 2
    }

    /// The bias is of order 1/P. Over six seeds the distances are .40 to .41, .128 to .133, .043 to .045, and .012 to .014.
    ///
    /// One run of R moves a distance by 1/R at most, so it is off its mean by √(ln(4·10⁴) / 2R) = 0.0115 or more in
    /// one of 4·10⁴ seeds (McDiarmid). The gaps and the bound below leave room for that; one false alarm in 10⁴ seeds for all.
    @Test func pathsApproachThePosteriorAsCopiesGrow() throws {
        let distances = try [1, 4, 16, 64].map { try ParticleTests.distance(Resampling(), copies: $0, runs: 40_000) }
        for (fewer, more) in zip(distances, distances.dropFirst()) { #expect(more < fewer) }
        #expect(distances[3] < 0.026)
        // What does not weigh its copies comes no nearer, however many there are.
        #expect(try ParticleTests.distance(UniformResampling(), copies: 64, runs: 1000) > 0.3)
    }
}

/// Broken: each copy goes on as its own heir, whatever its α.
struct NeverResampling: SurvivorPolicy {
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
struct UniformResampling: SurvivorPolicy {
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
