import Foundation
import Kernels
import Testing
@testable import StochasticEM

@Suite struct ClusterSharesTests {
    private typealias Shares = ([Float], Float, Int) -> [Double]

    /// Share of each cluster, read off by a grid over [0, 1).
    private func shares(_ squares: [Float], variance: Float, reach: Int) -> [Double] {
        let dealt = squares.withUnsafeBufferPointer { ClusterShares(squares: $0, variance: variance, reach: reach) }
        var counts = [Double](repeating: 0, count: squares.count)
        for step in 0..<20_000 { counts[Int(dealt.cluster(at: (Float(step) + 0.5) / 20_000))] += 1.0 / 20_000 }
        return counts
    }

    /// The formula in Double, over a plain sort.
    private func expected(_ squares: [Float], variance: Float, reach: Int, factor: Double = 2) -> [Double] {
        let near = squares.indices.sorted { (squares[$0], $0) < (squares[$1], $1) }.prefix(reach)
        var shares = [Double](repeating: 0, count: squares.count)
        for k in near { shares[k] = exp(-factor * Double(squares[k] - squares[near[0]]) / Double(variance)) }
        let total = shares.reduce(0, +)
        return shares.map { $0 / total }
    }

    static let cases: [([Float], Float, Int)] = [
        ([0.9, 0.2, 0.5, 0.3, 1.4], 0.5, 3), ([0.9, 0.2, 0.5, 0.3, 1.4], 0.5, 5), ([0.9, 0.2, 0.5, 0.3, 1.4], 0.5, 1),
        ([0.9, 0.2, 0.5], 0.2, 9), ([-3, -3.1, -2.9, -3.05], 0.4, 2), ([0.4, 0.4, 0.4, 0.4], 1, 3), ([7], 1, 4),
    ]

    @Test(arguments: cases.indices) func followTheFormula(index: Int) {
        let (squares, variance, reach) = Self.cases[index]
        let found = shares(squares, variance: variance, reach: reach), wanted = expected(squares, variance: variance, reach: reach)
        for (a, b) in zip(found, wanted) { #expect(abs(a - b) < 2e-4) }
    }

    /// The checker bites: shares that fall half as fast are told apart.
    @Test func anotherTemperatureIsNoticed() {
        let (squares, variance, reach) = Self.cases[0]
        let wrong = expected(squares, variance: variance, reach: reach, factor: 1)
        #expect(zip(shares(squares, variance: variance, reach: reach), wrong).contains { abs($0 - $1) > 0.02 })
    }

    @Test func withoutVarianceTheNearestTakesAll() {
        #expect(shares([0.3, 0, 0.2], variance: 0, reach: 3) == [0, 1, 0] || shares([0.3, 0, 0.2], variance: 0, reach: 3)[1] > 0.999_99)
    }

    /// Points by points and means, as products give them, are those of differences squared.
    @Test func allPointsGetTheirOwn() {
        var random = RandomStream(seed: 2, purpose: .other)
        let points = FloatBuffer(count: 600 * 7), means = FloatBuffer(count: 9 * 7)
        for i in 0..<points.count { points.base[i] = Float(random.normal()) }
        for i in 0..<means.count { means.base[i] = Float(random.normal()) }
        let all = ClusterShares.all(points.matrix(600, 7), means: means.matrix(9, 7), variance: 3, reach: 4, shards: Shards(threads: 2))
        for i in stride(from: 0, to: 600, by: 37) {
            let squares = (0..<9).map { k in (0..<7).reduce(Float(0)) { $0 + pow(points.base[i * 7 + $1] - means.base[k * 7 + $1], 2) } }
            let wanted = expected(squares, variance: 3, reach: 4)
            var upTo = 0.0
            for k in squares.indices.sorted(by: { squares[$0] < squares[$1] }).prefix(4) {
                #expect(all[i].cluster(at: Float(upTo + wanted[k] / 2)) == Int32(k))
                upTo += wanted[k]
            }
        }
    }
}
