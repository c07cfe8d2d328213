import Kernels
import Testing
@testable import StochasticEM

@Suite struct KMeansTests {
    /// Clouds around the corners of a simplex.
    private func clouds(_ groups: Int, size: Int, spread: Double, seed: UInt64 = 3) -> (FloatBuffer, labels: [Int32]) {
        var random = RandomStream(seed: seed, purpose: .other)
        let points = FloatBuffer(count: groups * size * groups)
        for i in 0..<groups * size {
            for j in 0..<groups { points.base[i * groups + j] = (i % groups == j ? 1 : 0) + Float(spread * random.normal()) }
        }
        return (points, (0..<groups * size).map { Int32($0 % groups) })
    }

    private let one = Shards(threads: 1)

    @Test func cloudsAreFound() {
        let (points, labels) = clouds(7, size: 60, spread: 0.05)
        let found = KMeans(points.matrix(420, 7), groups: 7, seed: 1, shards: one)
        #expect(sameParts(found.groups, labels))
    }

    /// Twenty clouds are found by one run in most of twenty trials; means drawn one at a time would miss one nearly always.
    @Test func oneRunFindsManyClouds() {
        let (points, labels) = clouds(20, size: 30, spread: 0.05)
        let found = (1...20).count { seed in
            sameParts(KMeans(points.matrix(600, 20), groups: 20, restarts: 1, seed: UInt64(seed), shards: one).groups, labels)
        }
        #expect(found >= 15)
    }

    @Test(arguments: [3, 20, 150]) func inertiaNeverRises(groups: Int) {
        let (points, _) = clouds(10, size: 60, spread: 0.6)
        let found = KMeans(points.matrix(600, 10), groups: groups, restarts: 1, seed: 4, shards: one)
        #expect(found.inertias.count > 2)
        for (before, after) in zip(found.inertias, found.inertias.dropFirst()) { #expect(after <= before * (1 + 1e-6)) }
        // What it says is what it left: distances to the means of the last groups but one round.
        let exact = inertia(points.matrix(600, 10), found)
        #expect(exact <= found.inertias[found.inertias.count - 1] * (1 + 1e-4))
    }

    private func inertia(_ points: MatrixView, _ found: KMeans) -> Double {
        (0..<points.rows).reduce(0) { sum, i in
            sum + (0..<points.columns).reduce(0) {
                let gap = Double(points.row(i)[$1] - found.means.base[Int(found.groups[i]) * points.columns + $1])
                return $0 + gap * gap
            }
        }
    }

    @Test func noGroupStaysEmpty() {
        // Two places only, but five groups, and all points alike, but three.
        let two = FloatBuffer((0..<40).map { $0 % 4 < 2 ? 1 : 0 })
        #expect(Set(KMeans(two.matrix(20, 2), groups: 5, seed: 1, shards: one).groups).count == 5)
        let alike = FloatBuffer([Float](repeating: 0.5, count: 12))
        #expect(Set(KMeans(alike.matrix(6, 2), groups: 3, seed: 1, shards: one).groups).count == 3)
    }

    @Test func asManyGroupsAsPoints() {
        let (points, _) = clouds(4, size: 3, spread: 0.3)
        let found = KMeans(points.matrix(12, 4), groups: 12, seed: 1, shards: one)
        #expect(Set(found.groups).count == 12)
        #expect((found.inertias.last ?? 1) < 1e-5)
    }

    @Test func threadsDoNotMatter() {
        let (points, _) = clouds(10, size: 200, spread: 0.6)
        let first = KMeans(points.matrix(2000, 10), groups: 40, seed: 2, shards: one)
        for threads in [2, 8] {
            let other = KMeans(points.matrix(2000, 10), groups: 40, seed: 2, shards: Shards(threads: threads))
            #expect(first.groups == other.groups && first.inertias == other.inertias)
        }
    }

    // MARK: Weights

    /// Σ weight · |x − weighted mean|² of given parts, in Double.
    private func cost(_ points: MatrixView, _ weights: [Float], _ groups: [Int32], k: Int) -> Double {
        (0..<Int32(k)).reduce(0) { sum, group in
            let mine = (0..<points.rows).filter { groups[$0] == group }, mass = mine.reduce(0) { $0 + Double(weights[$1]) }
            return sum + (0..<points.columns).reduce(0) { sum, j in
                let mean = mine.reduce(0) { $0 + Double(weights[$1] * points.row($1)[j]) } / mass
                return sum + mine.reduce(0) { sum, i in
                    let gap = Double(points.row(i)[j]) - mean
                    return sum + Double(weights[i]) * gap * gap
                }
            }
        }
    }

    /// The least cost of all ways to part the points.
    private func leastCost(_ points: MatrixView, _ weights: [Float], k: Int) -> Double {
        let ways = (0..<points.rows).reduce(1) { count, _ in count * k }
        return (0..<ways).map { way in
            var rest = way
            return cost(points, weights, (0..<points.rows).map { _ in
                defer { rest /= k }
                return Int32(rest % k)
            }, k: k)
        }.min() ?? .infinity
    }

    /// Eight points in two dimensions, and what each counts for: once in most cases, five times in some.
    private func few(seed: UInt64) -> (points: FloatBuffer, weights: [Float]) {
        var random = RandomStream(seed: seed, purpose: .other)
        let points = FloatBuffer((0..<16).map { _ in Float(random.normal()) })
        return (points, (0..<8).map { _ in random.uniform() < 0.6 ? 1 : Float(2 + random.index(below: 4)) })
    }

    /// With thirty restarts the best parts are found, and they are those of a log in which each point stands as often as it weighs.
    @Test func weightsAreRepetitions() {
        var blind = 0
        for seed in 1...12 as ClosedRange<UInt64> {
            let (buffer, weights) = few(seed: seed), points = buffer.matrix(8, 2), k = 3
            let least = leastCost(points, weights, k: k)
            let found = KMeans(points, weights: weights, groups: k, restarts: 30, seed: seed, shards: one)
            #expect(abs(cost(points, weights, found.groups, k: k) / least - 1) < 1e-4)
            #expect(abs(found.inertias.last! / least - 1) < 1e-4)

            let copies = (0..<8).flatMap { i in [Int](repeating: i, count: Int(weights[i])) }
            let repeated = FloatBuffer(copies.flatMap { [points.row($0)[0], points.row($0)[1]] })
            let plain = KMeans(repeated.matrix(copies.count, 2), groups: k, restarts: 30, seed: seed, shards: one)
            #expect(abs(plain.inertias.last! / least - 1) < 1e-4)
            #expect(sameParts(plain.groups, copies.map { found.groups[$0] }))

            // Broken twin: weights that are not looked at.
            let unweighted = KMeans(points, groups: k, restarts: 30, seed: seed, shards: one)
            if cost(points, weights, unweighted.groups, k: k) > least * 1.01 { blind += 1 }
            withExtendedLifetime(repeated) {}
        }
        #expect(blind > 2)
    }

    /// Weights that are all alike change nothing, and their size only the scale of the inertia.
    @Test func equalWeightsAreNone() {
        let (buffer, _) = clouds(10, size: 60, spread: 0.6), points = buffer.matrix(600, 10)
        let plain = KMeans(points, groups: 12, seed: 3, shards: one)
        for weight in [1, 4, 0.25] as [Float] {
            let found = KMeans(points, weights: [Float](repeating: weight, count: 600), groups: 12, seed: 3, shards: one)
            #expect(found.groups == plain.groups && found.means.array == plain.means.array)
            #expect(found.inertias == plain.inertias.map { $0 * Double(weight) })
        }
    }

    /// Where a run ends each mean is the weighted mean of its points, and each point is with the mean next to it; on the way
    /// the weighted inertia never rises.
    @Test(arguments: [5, 40]) func weightedRunsEndAtAFixedPoint(groups: Int) {
        let (buffer, _) = clouds(10, size: 60, spread: 0.6), points = buffer.matrix(600, 10)
        var random = RandomStream(seed: 8, purpose: .other)
        let weights = (0..<600).map { _ in Float(1 + random.index(below: 1000)) }
        let found = KMeans(points, weights: weights, groups: groups, restarts: 1, rounds: 500, seed: 4, shards: one)
        for (before, after) in zip(found.inertias, found.inertias.dropFirst()) { #expect(after <= before * (1 + 1e-6)) }
        #expect(abs(cost(points, weights, found.groups, k: groups) / found.inertias.last! - 1) < 1e-4)
        func distance(_ i: Int, _ group: Int) -> Double {
            (0..<10).reduce(0) {
                let gap = Double(points.row(i)[$1] - found.means.base[group * 10 + $1])
                return $0 + gap * gap
            }
        }
        for i in 0..<600 {
            let nearest = (0..<groups).map { distance(i, $0) }.min() ?? 0
            #expect(distance(i, Int(found.groups[i])) <= nearest + 1e-5)
        }
        // Broken twin: the plain means of the same parts are elsewhere.
        var farthest = 0.0
        for group in 0..<groups {
            let mine = (0..<600).filter { found.groups[$0] == Int32(group) }
            for j in 0..<10 {
                func mean(_ weight: (Int) -> Double) -> Double {
                    mine.reduce(0) { $0 + weight($1) * Double(points.row($1)[j]) } / mine.reduce(0) { $0 + weight($1) }
                }
                let value = Double(found.means.base[group * 10 + j])
                #expect(abs(mean { Double(weights[$0]) } - value) < 1e-5)
                farthest = max(farthest, abs(mean { _ in 1 } - value))
            }
        }
        #expect(farthest > 1e-2)
    }

    @Test func threadsDoNotMatterWithWeights() {
        let (points, _) = clouds(10, size: 200, spread: 0.6), weights = (0..<2000).map { Float(1 + $0 % 7) }
        let first = KMeans(points.matrix(2000, 10), weights: weights, groups: 40, seed: 2, shards: one)
        for threads in [2, 8] {
            let other = KMeans(points.matrix(2000, 10), weights: weights, groups: 40, seed: 2, shards: Shards(threads: threads))
            #expect(first.groups == other.groups && first.inertias == other.inertias)
        }
    }
}
