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
}
