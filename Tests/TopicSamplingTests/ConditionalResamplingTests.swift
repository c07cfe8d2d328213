import Kernels
import TestSupport
import Testing
@testable import TopicSampling

/// Particle Gibbs on a chain of which every path is enumerated: each run's pick is the next run's reference.
@Suite struct ConditionalResamplingTests {
    static let draws = 2000
    /// Runs between two draws that count. A pick's first topic correlates by 0.966 with that of the run before at P = 2, and by 0.01 after so many.
    static let thinning = 135

    /// p-value of a long chain against the posterior: χ² over 2,000 draws, 135 runs apart; one false alarm in 10⁴ seeds. It starts on
    /// the least likely path.
    static func chainFit(_ policy: some SurvivorPolicy, copies: Int) throws -> Double {
        let filter = try ParticleTests.filter(copies: copies), chain = filter.chain
        let posterior = chain.joint(filter.items)
        var path = chain.digits(of: posterior.firstIndex(of: posterior.min()!)!, length: filter.items.count)
        var hits = [Int](repeating: 0, count: posterior.count)
        for draw in 0...draws {
            for run in 0..<thinning {
                path = filter.run(policy, seed: 31, sequence: draw * thinning + run, reference: path).path
            }
            // The first is where the chain forgets its start.
            if draw > 0 { hits[chain.number(of: path)] += 1 }
        }
        return chiSquare(observed: hits, expected: posterior)
    }

    /// p-value of single runs, each from a reference that is itself a draw from the posterior: whatever the chain's memory,
    /// draws are independent, so that the χ² is exact.
    static func stepFit(_ policy: some SurvivorPolicy, copies: Int, runs: Int = 40_000) throws -> Double {
        let filter = try ParticleTests.filter(copies: copies), chain = filter.chain
        let posterior = chain.joint(filter.items), total = posterior.reduce(0, +)
        var hits = [Int](repeating: 0, count: posterior.count)
        var random = RandomStream(seed: 12, purpose: .start)
        for n in 0..<runs {
            var left = random.uniformDouble() * total
            let number = posterior.firstIndex { left -= $0; return left < 0 } ?? 0
            let reference = chain.digits(of: number, length: filter.items.count)
            hits[chain.number(of: filter.run(policy, seed: 32, sequence: n, reference: reference).path)] += 1
        }
        return chiSquare(observed: hits, expected: posterior)
    }

    @Test(arguments: [2, 3, 5]) func leavesThePosteriorInvariant(copies: Int) throws {
        #expect(try ConditionalResamplingTests.stepFit(ConditionalResampling(), copies: copies) > falseAlarm)
        #expect(try ConditionalResamplingTests.chainFit(ConditionalResampling(), copies: copies) > falseAlarm)
    }

    /// Without its reference it is an ordinary particle filter, whose bias two copies show.
    @Test func losingTheReferenceIsFound() throws {
        #expect(try ConditionalResamplingTests.stepFit(ForgettingTheReference(), copies: 2) < falseAlarm)
        #expect(try ConditionalResamplingTests.chainFit(ForgettingTheReference(), copies: 2) < falseAlarm)
    }

    @Test func resamplingBehindTheDrawIsFound() throws {
        #expect(try ConditionalResamplingTests.stepFit(ResamplingBehindTheDraw(), copies: 2) < falseAlarm)
        #expect(try ConditionalResamplingTests.chainFit(ResamplingBehindTheDraw(), copies: 2) < falseAlarm)
    }

    /// Systematic resampling around a kept reference looks right and is not.
    @Test func systematicResamplingAroundAReferenceIsFound() throws {
        #expect(try ConditionalResamplingTests.stepFit(SystematicAroundTheReference(), copies: 2) < falseAlarm)
    }

    /// The memory that `thinning` has to outlast: correlation of "the first topic is 0" between draws.
    @Test func drawsThatCountAreNearlyIndependent() throws {
        let filter = try ParticleTests.filter(copies: 2)
        var path = [0, 0, 0, 0], first: [Double] = []
        for n in 0..<300_000 {
            path = filter.run(ConditionalResampling(), seed: 33, sequence: n, reference: path).path
            first.append(path[0] == 0 ? 1 : 0)
        }
        let mean = first.reduce(0, +) / Double(first.count), variance = mean * (1 - mean)
        func correlation(_ lag: Int) -> Double {
            (0..<first.count - lag).reduce(0) { $0 + (first[$1] - mean) * (first[$1 + lag] - mean) }
                / (Double(first.count - lag) * variance)
        }
        #expect(correlation(10) > 0.2, "a chain without memory would need no thinning")
        // Runs that resemble 57 others count as 5,000: four standard errors, and what may be left. A false alarm in 10⁴ seeds.
        #expect(abs(correlation(ConditionalResamplingTests.thinning)) < 0.06)
    }

    @Test func theReferenceLivesOn() {
        // Even where it has no weight at all.
        let rows = CandidateRows([[0, 0, 0], [0.1, 0.2, 0]])
        for seed in 0..<50 as Range<UInt64> {
            let found = rows.survive(ConditionalResampling(), scores: [0, 0], seed: seed, reference: 2)
            #expect(found.ancestors == [0, 1])
            #expect(found.topics[0] == 2 && found.topics[1] < 2)
        }
    }

    @Test func brokenWeightsUpstream() {
        let rows = CandidateRows(Array(repeating: [Float.nan, .nan], count: 3))
        let found = rows.survive(ConditionalResampling(), scores: [0, 0, 0], reference: 1)
        #expect(found.ancestors == [0, 1, 2])
        #expect(found.topics[0] == 1 && found.topics.allSatisfy { (0..<2).contains($0) })
    }

    /// Nothing to condition on: every copy chooses its ancestor by α alone.
    @Test func withoutAReferenceCopiesAreAlike() {
        let rows = CandidateRows([[0.1, 0], [0.2, 0.1], [0, 0.6]])
        var hits = [[Int]](repeating: [0, 0, 0], count: 3)
        for seed in 0..<10_000 as Range<UInt64> {
            let found = rows.survive(ConditionalResampling(), scores: [0, 0, 0], seed: seed)
            for survivor in 0..<3 { hits[survivor][found.ancestors[survivor]] += 1 }
        }
        for survivor in 0..<3 { #expect(chiSquare(observed: hits[survivor], expected: [0.1, 0.3, 0.6]) > falseAlarm / 3) }
    }
}

/// Broken: resamples all copies freely.
private struct ForgettingTheReference: SurvivorPolicy {
    func begin(scores: UnsafeMutablePointer<Double>, copies: Int) { ConditionalResampling().begin(scores: scores, copies: copies) }

    func survive(
        _ candidates: Candidates, scores: UnsafeMutablePointer<Double>, random: inout RandomStream,
        ancestors: UnsafeMutablePointer<Int32>, topics: UnsafeMutablePointer<Int32>
    ) {
        let forgetful = Candidates(
            copies: candidates.copies, topics: candidates.topics, weights: candidates.weights, rowStride: candidates.rowStride,
            alphas: candidates.alphas, reference: nil)
        ConditionalResampling().survive(forgetful, scores: scores, random: &random, ancestors: ancestors, topics: topics)
    }
}

/// Broken: keeps the reference, but the others draw a topic for each copy first, and carry it to whoever is resampled.
private struct ResamplingBehindTheDraw: SurvivorPolicy {
    func begin(scores: UnsafeMutablePointer<Double>, copies: Int) { ConditionalResampling().begin(scores: scores, copies: copies) }

    func survive(
        _ candidates: Candidates, scores: UnsafeMutablePointer<Double>, random: inout RandomStream,
        ancestors: UnsafeMutablePointer<Int32>, topics: UnsafeMutablePointer<Int32>
    ) {
        ConditionalResampling().survive(candidates, scores: scores, random: &random, ancestors: ancestors, topics: topics)
        for copy in 1..<candidates.copies {
            topics[copy] = Int32(DenseDraw.topic(of: candidates.row(copy), topics: candidates.topics, at: random.uniform()))
        }
    }
}

/// Broken: resamples as the free filter does, and then puts the reference over copy 0.
private struct SystematicAroundTheReference: SurvivorPolicy {
    func begin(scores: UnsafeMutablePointer<Double>, copies: Int) { Resampling().begin(scores: scores, copies: copies) }

    func survive(
        _ candidates: Candidates, scores: UnsafeMutablePointer<Double>, random: inout RandomStream,
        ancestors: UnsafeMutablePointer<Int32>, topics: UnsafeMutablePointer<Int32>
    ) {
        Resampling().survive(candidates, scores: scores, random: &random, ancestors: ancestors, topics: topics)
        guard let reference = candidates.reference else { return }
        ancestors[0] = 0
        topics[0] = reference
    }
}
