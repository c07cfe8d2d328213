import Kernels

/// Points in K groups, each around its mean (Lloyd, 1982), started by k-means++ (Arthur & Vassilvitskii, 2007).
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

    /// Means at points drawn in proportion to their weighted squared distance from the means so far.
    mutating func seed(_ random: inout RandomStream, _ shards: Shards) {
        let d = points.columns, n = points.rows, points = points, weights = weights, norms = norms, chunks = chunks, means = means
        var chosen = random.index(below: n)
        for group in 0..<k {
            let mean = means.base + group * d
            nonisolated(unsafe) let readable = UnsafePointer(mean)
            mean.update(from: points.row(chosen), count: d)
            let square = norms.base[chosen]
            let total = distances.withUnsafeMutableBufferPointer { buffer in
                nonisolated(unsafe) let distances = buffer
                return chunks.sum(shards) { rows in
                    var sum = 0.0
                    for i in rows {
                        let distance = norms.base[i] + square - 2 * VectorMath.dot(points.row(i), readable, count: d)
                        distances[i] = min(distances[i], max(0, distance))
                        sum += Double(distances[i] * weights[i])
                    }
                    return sum
                }
            }
            var left = random.uniformDouble() * total
            chosen = n - 1
            for i in 0..<n where distances[i] > 0 {
                chosen = i
                left -= Double(distances[i] * weights[i])
                if left < 0 { break }
            }
        }
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
