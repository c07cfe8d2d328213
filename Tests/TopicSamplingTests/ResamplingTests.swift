import Kernels
import TestSupport
import Testing
@testable import TopicSampling

@Suite struct ResamplingTests {
    private func ancestors(_ alphas: [Float], offset: Float) -> [Int] {
        var result = [Int32](repeating: -1, count: alphas.count)
        Resampling.systematic(alphas, count: alphas.count, offset: offset, into: &result)
        return result.map(Int.init)
    }

    @Test func everyCopySurvivesAsOftenAsItsShareSays() {
        var random = RandomStream(seed: 2, purpose: .survivors)
        for copies in [1, 2, 5, 16, 33] {
            var hits = [Double](repeating: 0, count: copies)
            let alphas = (0..<copies).map { _ in random.uniform() + 0.01 }, total = alphas.reduce(0, +)
            for _ in 0..<2000 {
                let chosen = ancestors(alphas, offset: random.uniform())
                #expect(chosen == chosen.sorted())
                for copy in 0..<copies {
                    let times = Double(chosen.count { $0 == copy }), share = Double(alphas[copy] / total) * Double(copies)
                    #expect(times >= share.rounded(.down) - 1e-3 && times <= (share + 1e-5).rounded(.up))
                    hits[copy] += times
                }
            }
            // Counts move by less than one, so the mean of 2,000 lies within 5 · 0.5 / √2000 of its expectation.
            for copy in 0..<copies {
                #expect(abs(hits[copy] / 2000 - Double(alphas[copy] / total) * Double(copies)) < 0.056)
            }
        }
    }

    @Test func copiesWithoutWeightDieOut() {
        for offset in [0, 0.3, Float(1).nextDown] {
            #expect(ancestors([0, 1e-30, 0, 3e-30, 0], offset: offset).allSatisfy { $0 == 1 || $0 == 3 })
            #expect(ancestors([0, 0, 7], offset: offset) == [2, 2, 2])
        }
    }

    @Test func withoutAnyWeightEachGoesOn() {
        #expect(ancestors([0, 0, 0], offset: 0.5) == [0, 1, 2])
        #expect(ancestors([.infinity, 1, 1], offset: 0.5) == [0, 1, 2])
        #expect(ancestors([.nan, .nan], offset: 0.5) == [0, 1])
        #expect(ancestors([.nan, 1], offset: 0.5) == [1, 1])
    }

    @Test func effectiveSampleSizeCountsCopiesThatMatter() {
        #expect(Resampling.effectiveSampleSize([2, 2, 2, 2], count: 4) == 4)
        #expect(Resampling.effectiveSampleSize([0, 5, 0], count: 3) == 1)
        #expect(Resampling.effectiveSampleSize([0, 0], count: 2) == 0)
    }
}
