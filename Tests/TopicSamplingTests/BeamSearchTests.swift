import Foundation
import Kernels
import TestSupport
import Testing
@testable import TopicSampling

@Suite struct BeamSearchTests {
    static let chains = [
        ParticleTests.chain,
        // Greedy at its first step, this one ends on a path that is not the best.
        TinyChain(
            start: [0.55, 0.25, 0.2],
            transition: [[0.34, 0.33, 0.33], [0.02, 0.96, 0.02], [0.1, 0.1, 0.8]],
            emission: [[0.5, 0.3, 0.2], [0.4, 0.5, 0.1], [0.1, 0.3, 0.6]]),
    ]
    static let items = [0, 1, 2, 1]

    /// The paths in the order of log p(path, w), best first.
    static func ranking(_ chain: TinyChain) -> [(path: Int, logJoint: Double)] {
        chain.joint(items).enumerated().map { (path: $0.offset, logJoint: log($0.element)) }.sorted { $0.logJoint > $1.logJoint }
    }

    /// As wide as there are paths, a beam drops none: it holds them all in order, with their log probabilities.
    @Test(arguments: [81, 100]) func ofFullWidthItFindsTheBestPath(width: Int) throws {
        for chain in BeamSearchTests.chains {
            let ranking = BeamSearchTests.ranking(chain)
            let outcome = try ChainFilter(chain, items: BeamSearchTests.items, copies: width).run(BeamSearch(), seed: 1, sequence: 0)
            #expect(outcome.picked == 0)
            #expect(chain.number(of: outcome.path) == ranking[0].path)
            #expect(abs(outcome.logJoints[0] - ranking[0].logJoint) < 1e-5)
            for (survivor, truth) in ranking.enumerated() {
                #expect(abs(outcome.logJoints[survivor] - truth.logJoint) < 1e-5)
                #expect(abs(outcome.scores[survivor] - (truth.logJoint - ranking[0].logJoint)) < 1e-5)
            }
            #expect(Set(outcome.paths.prefix(81).map(chain.number(of:))).count == 81)
            #expect(outcome.scores.dropFirst(81).allSatisfy { $0 == -.infinity })
        }
    }

    /// Prefixes are dropped only where every longer path was kept, so K^(T-1) copies end with as many of the best paths.
    @Test func aThirdOfTheWidthIsEnough() throws {
        for chain in BeamSearchTests.chains {
            let outcome = try ChainFilter(chain, items: BeamSearchTests.items, copies: 27).run(BeamSearch(), seed: 1, sequence: 0)
            #expect(Set(outcome.paths.map(chain.number(of:))).count == 27)
            for (found, truth) in zip(outcome.logJoints, BeamSearchTests.ranking(chain)) { #expect(abs(found - truth.logJoint) < 1e-5) }
        }
    }

    @Test func ofWidthOneItIsGreedy() throws {
        var misses = 0
        for chain in BeamSearchTests.chains {
            var greedy: [Int] = []
            for item in BeamSearchTests.items {
                let theta = greedy.last.map { chain.transition[$0] } ?? chain.start
                let weights = theta.indices.map { theta[$0] * chain.emission[$0][item] }
                greedy.append(weights.firstIndex(of: weights.max()!)!)
            }
            let outcome = try ChainFilter(chain, items: BeamSearchTests.items, copies: 1).run(BeamSearch(), seed: 1, sequence: 0)
            #expect(outcome.path == greedy)
            #expect(outcome.scores == [0])
            if chain.number(of: greedy) != BeamSearchTests.ranking(chain)[0].path { misses += 1 }
        }
        #expect(misses > 0, "a chain that greed gets right cannot tell the two apart")
    }

    /// Random rows, step after step, against all pairs sorted. Weights of few values make many ties; some are zero.
    @Test(arguments: [1, 2, 3, 16, 17, 40, 100, 1000], [1, 2, 4, 16, 50])
    func agreesWithTheReference(topics: Int, copies: Int) {
        var random = RandomStream(seed: 5, purpose: .other, position: topics, particle: copies)
        for values in [2, 5, 0] {
            var scores = BeamSearch().startScores(copies: copies)
            for _ in 0..<6 {
                let rows = CandidateRows((0..<copies).map { _ in
                    (0..<topics).map { _ in
                        values == 0 ? Float(exp(12 * random.normal())) : Float(random.index(below: values)) / Float(values)
                    }
                })
                let oracle = BeamSearch.reference(rows.candidates(), scores: scores)
                let found = rows.survive(BeamSearch(), scores: scores)
                #expect(found.ancestors == oracle.map(\.ancestor))
                #expect(found.topics == oracle.map(\.topic))
                #expect(found.scores == oracle.map(\.score))
                scores = found.scores
            }
        }
    }

    @Test func tiesGoToTheLowerCopyThenTheLowerTopic() {
        let even = CandidateRows(Array(repeating: Array(repeating: 0.25, count: 40), count: 4))
        let first = even.survive(BeamSearch(), scores: BeamSearch().startScores(copies: 4))
        #expect(first.ancestors == [0, 0, 0, 0] && first.topics == [0, 1, 2, 3] && first.scores == [0, 0, 0, 0])
        let second = even.survive(BeamSearch(), scores: first.scores)
        #expect(second.ancestors == [0, 0, 0, 0] && second.topics == [0, 1, 2, 3])
        // Two topics a copy: the pairs of lower copies fill the beam.
        let pairs = CandidateRows(Array(repeating: [0.5, 0.5], count: 4)).survive(BeamSearch(), scores: first.scores)
        #expect(pairs.ancestors == [0, 0, 1, 1] && pairs.topics == [0, 1, 0, 1])
    }

    /// The first step must not choose one pair P times; what is left over where K < P is valid, and lost for good.
    @Test func fewerPairsThanCopies() {
        let beam = BeamSearch()
        let rows = CandidateRows(Array(repeating: [0.3, 0.6], count: 5))
        let first = rows.survive(beam, scores: beam.startScores(copies: 5))
        #expect(first.ancestors == [0, 0, 0, 0, 0] && first.topics == [1, 0, 1, 1, 1])
        #expect(first.scores.dropFirst(2).allSatisfy { $0 == -.infinity })
        let second = rows.survive(beam, scores: first.scores)
        #expect(second.ancestors == [0, 0, 1, 1, 0] && second.topics == [1, 0, 1, 0, 1])
        #expect(second.scores[4] == -.infinity)
        let third = rows.survive(beam, scores: second.scores)
        #expect(third.scores.allSatisfy { $0.isFinite })
    }

    /// Scores that only grow apart, or only sink, stay finite; here for two million steps.
    @Test func scoresStayFinite() {
        let beam = BeamSearch(), smallest = Float.leastNonzeroMagnitude
        let rows = CandidateRows([[1e-30, 1e-38, smallest], [1e-38, 3e-30, 0], [1e-20, 1e-37, 0.1], [0, 0, smallest]])
        let candidates = rows.candidates()
        var scores = beam.startScores(copies: 4), ancestors = [Int32](repeating: 0, count: 4), topics = ancestors
        var random = RandomStream(seed: 1, purpose: .survivors)
        for _ in 0..<2_000_000 {
            beam.survive(candidates, scores: &scores, random: &random, ancestors: &ancestors, topics: &topics)
        }
        #expect(scores[0] == 0 && scores.allSatisfy { $0.isFinite })
    }

    /// A copy of whose weights nothing was left shows θ, as `weigh` wrote it; it is not to profit from that.
    @Test func anUnderflownRowCountsWithItsAlpha() {
        let tiny = Float.leastNormalMagnitude
        let rows = CandidateRows([[0.5, 0.5], [1e-30, 2e-30]], alphas: [tiny, 3e-30])
        let found = rows.survive(BeamSearch(), scores: [0, 0])
        #expect(found.ancestors == [1, 1] && found.topics == [1, 0])
        let far = rows.survive(BeamSearch(), scores: [0, -200])
        #expect(far.ancestors == [0, 0] && far.topics == [0, 1])
    }

    @Test func brokenWeightsUpstream() {
        // One copy is broken: it dies.
        let one = CandidateRows([[.nan, .nan], [0.2, 0.1]]).survive(BeamSearch(), scores: [0, -3])
        #expect(one.ancestors == [1, 1] && one.topics == [0, 1] && one.scores[0] == 0)
        // All are: each goes on, and what it had scored is kept for better times.
        for weights in [[Float.nan, .nan], [0, 0], [.infinity, 1]] {
            let all = CandidateRows([weights, weights, weights]).survive(BeamSearch(), scores: [0, -3, -.infinity])
            #expect(all.ancestors == [0, 1, 2] && all.topics == [0, 0, 0] && all.scores == [0, -3, -.infinity])
        }
    }

    @Test func picksTheFirstOfTheBest() {
        var random = RandomStream(seed: 1, purpose: .path)
        func pick(_ scores: [Double]) -> Int { BeamSearch().pick(scores: scores, copies: scores.count, random: &random) }
        #expect(pick([0]) == 0)
        #expect(pick([-2, 0, -1, 0]) == 1)
        #expect(pick([-.infinity, -.infinity, -5]) == 2)
        #expect(pick([-.infinity, -.infinity]) == 0)
    }
}
