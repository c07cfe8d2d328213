import Kernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Points in K groups, each around its mean (Lloyd, 1982), started by greedy k-means++ (Arthur & Vassilvitskii, 2007).
///
/// Distances come from products of matrices: |x - c|² = |x|² - 2 (x·c - |c|²/2). A group that loses its
/// last point takes the point that lies farthest from its own mean.
struct KMeans {
    /// The group of each point.
    let groups: [Int32]
    /// (K, d).
    let means: FloatBuffer
    /// Σ weight · |x - mean|² after each round; never rises.
    let inertias: [Double]
    /// The last of them.
    var inertia: Double { inertias.last ?? 0 }

    /// Mean squared distances are sums over chunks of this many points.
    private static let chunk = 256

    /// The best of several runs.
    ///
    /// - Parameters:
    ///   - points: (n, d), n ≥ K.
    ///   - weights: what each point counts for, (n), all above 0; nil: the same for all.
    ///   - rounds: at most; a run ends as soon as no point changes its group.
    init(_ points: MatrixView, weights: [Float]? = nil, groups k: Int, restarts: Int = 3, rounds: Int = 50, seed: UInt64, shards: Shards) {
        precondition(k > 0 && points.rows >= k && restarts > 0 && rounds > 0, "at least one point a group")
        let chunks = RowChunks(points.rows, of: KMeans.chunk)
        let norms = FloatBuffer(count: points.rows), weights = weights ?? [Float](repeating: 1, count: points.rows)
        for i in 0..<points.rows { norms.base[i] = VectorMath.dot(points.row(i), points.row(i), count: points.columns) }

        var best: Run?
        for restart in 0..<restarts {
            var random = RandomStream(seed: seed, purpose: .start, sequence: restart, position: 2)
            var run = Run(points: points, weights: weights, norms: norms, chunks: chunks, k: k)
            run.seed(&random, shards)
            for _ in 0..<rounds where !run.settled { run.round(shards) }
            if run.inertia < best?.inertia ?? .infinity { best = run }
        }
        let chosen = best ?? Run(points: points, weights: weights, norms: norms, chunks: chunks, k: k)
        groups = chosen.groups
        means = chosen.means
        inertias = chosen.inertias
    }
}

/// One run from one seeding.
private struct Run {
    let points: MatrixView
    let weights: [Float]       // (n)
    let norms: FloatBuffer     // (n), |x|²
    let chunks: RowChunks
    let means: FloatBuffer     // (K, d)
    let k: Int
    var groups: [Int32]
    var distances: [Float]     // (n), to the own mean
    var inertias: [Double] = []
    var settled = false

    var inertia: Double { inertias.last ?? .infinity }

    init(points: MatrixView, weights: [Float], norms: FloatBuffer, chunks: RowChunks, k: Int) {
        self.points = points
        self.weights = weights
        self.norms = norms
        self.chunks = chunks
        self.k = k
        means = FloatBuffer(count: k * points.columns)
        groups = [Int32](repeating: -1, count: points.rows)
        distances = [Float](repeating: .infinity, count: points.rows)
    }

    /// Means at points drawn in proportion to their weighted squared distance from the means so far: of a few such points the one that
    /// leaves the least of it. A single one lands too often where a mean is already, and Lloyd's rounds do not part the two again.
    mutating func seed(_ random: inout RandomStream, _ shards: Shards) {
        let d = points.columns, trials = 2 + Int(log(Double(k)))
        let candidates = FloatBuffer(count: trials * d), squares = FloatBuffer(count: points.rows * trials)
        var costs = weights.map(Double.init)
        for group in 0..<k {
            let total = costs.reduce(0, +)
            // Where all points lie on means, any point will do.
            let drawn = (0..<trials).map { _ in Run.draw(from: costs, at: random.uniformDouble() * total) }
            for (place, point) in drawn.enumerated() { (candidates.base + place * d).update(from: points.row(point), count: d) }
            let best = nearest(drawn, candidates.matrix(trials, d), squares: squares.matrix(points.rows, trials), shards)
            (means.base + group * d).update(from: candidates.base + best * d, count: d)
            for i in 0..<points.rows {
                distances[i] = min(distances[i], squares.base[i * trials + best])
                costs[i] = Double(distances[i] * weights[i])
            }
        }
    }

    /// The place at which the running sum of the costs exceeds `target`: never one that costs nothing, unless all do.
    private static func draw(from costs: [Double], at target: Double) -> Int {
        var left = target, last = 0
        for (i, cost) in costs.enumerated() where cost > 0 {
            last = i
            left -= cost
            if left < 0 { break }
        }
        return last
    }

    /// Of some points that may become a mean, the one after which Σ weight · d² is least; squared distances (n, trials) from each are left behind.
    private func nearest(_ drawn: [Int], _ candidates: MatrixView, squares: MatrixView, _ shards: Shards) -> Int {
        let points = points, norms = norms, trials = drawn.count
        chunks.forEach(shards) { rows, _ in
            GEMM.multiply(points.rows(rows), .asIs, candidates, .transposed, into: squares.rows(rows))
            for i in rows {
                let row = squares.row(i)
                for trial in 0..<trials { row[trial] = max(0, norms.base[i] + norms.base[drawn[trial]] - 2 * row[trial]) }
            }
        }
        var sums = [Double](repeating: 0, count: trials)
        for i in 0..<points.rows {
            for trial in 0..<trials { sums[trial] += Double(min(distances[i], squares.row(i)[trial]) * weights[i]) }
        }
        return sums.indices.min { sums[$0] < sums[$1] } ?? 0
    }

    /// Every point to the nearest mean, then every mean to the middle of its points.
    mutating func round(_ shards: Shards) {
        let old = groups
        assign(shards)
        fillEmptyGroups()
        inertias.append(zip(distances, weights).reduce(0) { $0 + Double($1.0 * $1.1) })
        settled = old == groups
        move()
    }

    private mutating func assign(_ shards: Shards) {
        let d = points.columns, k = k, points = points, norms = norms, means = means
        let halves = FloatBuffer(count: k)
        for group in 0..<k {
            halves.base[group] = VectorMath.dot(means.base + group * d, means.base + group * d, count: d) / 2
        }
        groups.withUnsafeMutableBufferPointer { groupBuffer in
            distances.withUnsafeMutableBufferPointer { distanceBuffer in
                nonisolated(unsafe) let groups = groupBuffer
                nonisolated(unsafe) let distances = distanceBuffer
                chunks.forEach(shards) { rows, _ in
                    let products = FloatBuffer(count: rows.count * k)
                    let view = products.matrix(rows.count, k)
                    GEMM.multiply(points.rows(rows), .asIs, means.matrix(k, d), .transposed, into: view)
                    for (place, i) in rows.enumerated() {
                        let row = view.row(place)
                        // Where two means are equally near, the point stays, or takes the first.
                        var best = groups[i] < 0 ? 0 : Int(groups[i]), score = row[best] - halves.base[best]
                        for group in 0..<k where row[group] - halves.base[group] > score {
                            best = group
                            score = row[group] - halves.base[group]
                        }
                        groups[i] = Int32(best)
                        distances[i] = max(0, norms.base[i] - 2 * score)
                    }
                }
            }
        }
    }

    private mutating func fillEmptyGroups() {
        var sizes = [Int](repeating: 0, count: k)
        for group in groups { sizes[Int(group)] += 1 }
        let empty = sizes.indices.filter { sizes[$0] == 0 }
        if empty.isEmpty { return }
        // Farthest first, by weight; among equals, the first point.
        let costs = zip(distances, weights).map { $0 * $1 }
        var far = costs.indices.sorted { costs[$0] != costs[$1] ? costs[$0] > costs[$1] : $0 < $1 }[...]
        for group in empty {
            while let point = far.first, sizes[Int(groups[point])] < 2 { far.removeFirst() }
            guard let point = far.popFirst() else { return }
            sizes[Int(groups[point])] -= 1
            sizes[group] = 1
            groups[point] = Int32(group)
            distances[point] = 0
        }
    }

    private func move() {
        let d = points.columns
        var sizes = [Float](repeating: 0, count: k)
        means.clear()
        for i in 0..<points.rows {
            let group = Int(groups[i])
            sizes[group] += weights[i]
            VectorMath.add(points.row(i), times: weights[i], to: means.base + group * d, count: d)
        }
        for group in 0..<k where sizes[group] > 0 {
            let share = 1 / sizes[group]
            for j in 0..<d { means.base[group * d + j] *= share }
        }
    }
}
