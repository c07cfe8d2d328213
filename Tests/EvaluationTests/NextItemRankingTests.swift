import Kernels
import Testing
@testable import Evaluation

@Suite struct NextItemRankingTests {
    private func rank(_ scores: [Float], _ target: Int) -> Int {
        scores.withUnsafeBufferPointer { NextItemRanking.rank(of: target, scores: $0) }
    }

    @Test func `Ranks begin with 1, and ties count against us`() {
        #expect(rank([0.1, 0.7, 0.2], 1) == 1)
        #expect(rank([0.1, 0.7, 0.2], 2) == 2)
        #expect(rank([0.1, 0.7, 0.2], 0) == 3)
        #expect(rank([0.5, 0.5, 0.1], 0) == 2)
        #expect(rank([0.5, 0.5, 0.1], 1) == 2)
        #expect(rank([Float](repeating: 0.25, count: 100), 3) == 100)
        #expect(rank([-0.0, 0.0], 0) == 2)
        #expect(rank([-.infinity, .infinity], 0) == 2)
        #expect(rank([7], 0) == 1)
    }

    @Test func `What is not a number never helps`() {
        #expect(rank([.nan, 0.5, 0.1], 1) == 2)
        #expect(rank([.nan, 0.5, 0.1], 0) == 3)
        #expect(rank([.nan, .nan], 1) == 2)
    }

    @Test func `A sorted list agrees, whatever its length`() {
        var random = RandomStream(seed: 3, purpose: .other)
        for count in [1, 7, 16, 17, 33, 64, 1000, 4097] {
            let scores = (0..<count).map { _ in Float(random.index(below: count)) }
            for _ in 0..<20 {
                let target = random.index(below: count)
                // The last place among equals.
                let place = scores.sorted(by: >).lastIndex(of: scores[target])!
                #expect(rank(scores, target) == place + 1)
            }
        }
    }

    @Test func `Recall and reciprocal rank have their closed forms`() {
        var ranking = NextItemRanking()
        #expect(ranking.recall(at: 20) == nil && ranking.meanReciprocalRank(at: 20) == nil)
        for rank in [1, 2, 5, 6, 20, 21, 5000, 1] { ranking.add(rank: rank) }
        // Of eight events two have rank 1, four a rank up to 5, five up to 10, and six up to 20.
        #expect(NextItemRanking.cutoffs.map { ranking.recall(at: $0) } == [0.25, 0.5, 0.625, 0.75])
        let sums: [Double] = [2, 2.7, 2.7 + 1.0 / 6, 2.75 + 1.0 / 6]
        let expected = sums.map { $0 / 8 }
        for (k, value) in zip(NextItemRanking.cutoffs, expected) {
            #expect(abs(ranking.meanReciprocalRank(at: k)! - value) < 1e-15)
        }
        #expect(ranking.recall(at: 0) == 0)
    }

    @Test func `Merging in any order is adding, to the bit`() {
        var random = RandomStream(seed: 4, purpose: .other)
        var whole = NextItemRanking(), parts = [NextItemRanking](repeating: .init(), count: 3)
        for event in 0..<1000 {
            let scores = (0..<50).map { _ in random.uniform() }
            let target = random.index(below: 50)
            scores.withUnsafeBufferPointer {
                whole.add(scores: $0, target: target)
                parts[event % 3].add(scores: $0, target: target)
            }
        }
        var merged = parts[2]
        merged.merge(parts[0])
        merged.merge(parts[1])
        #expect(merged == whole)
        #expect(merged.meanReciprocalRank(at: 20) == whole.meanReciprocalRank(at: 20))
    }
}
