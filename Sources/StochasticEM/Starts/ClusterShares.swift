import Kernels

/// How the events of one item are dealt among the clusters near it.
struct ClusterShares: Sendable {
    /// Nearest first, with the sum of the shares up to and with it; the last sum is 1.
    private let clusters: [(cluster: Int32, upTo: Float)]

    /// The cluster with the largest share.
    var nearest: Int32 { clusters[0].cluster }

    /// All events go to one cluster.
    init(only cluster: Int32) { clusters = [(cluster, 1)] }

    /// Shares ∝ exp(−2 (d² − d²_min) / σ²): how fast they fall was found by trial on click logs (Paper-notes, open-questions).
    ///
    /// - Parameters:
    ///   - squares: d², or what differs from it by a constant, of all clusters.
    ///   - variance: σ², the mean squared distance of a point from its cluster's mean.
    ///   - reach: clusters with a share at most, at least 1.
    init(squares: UnsafeBufferPointer<Float>, variance: Float, reach: Int) {
        // Where two are equally near, the first of them comes first.
        var near: [Int] = []
        for cluster in squares.indices where near.count < reach || squares[cluster] < squares[near[near.count - 1]] {
            if near.count == reach { near.removeLast() }
            near.insert(cluster, at: near.firstIndex { squares[cluster] < squares[$0] } ?? near.count)
        }
        let least = squares[near[0]]
        // With no variance all points lie on means, and none has a second cluster.
        let shares = near.enumerated().map { place, cluster in
            variance > 0 ? Elementwise.exp(Lanes16(repeating: -2 * (squares[cluster] - least) / variance))[0] : place == 0 ? 1 : 0
        }
        let total = shares.reduce(0, +)
        var upTo: Float = 0
        clusters = zip(near, shares).map { cluster, share in
            upTo += share / total
            return (Int32(cluster), upTo)
        }
    }

    /// The shares of each point (n, d) among clusters with the given means (K, d).
    static func all(_ points: MatrixView, means: MatrixView, variance: Float, reach: Int, shards: Shards) -> [ClusterShares] {
        let halves = (0..<means.rows).map { VectorMath.dot(means.row($0), means.row($0), count: means.columns) / 2 }
        var shares = [ClusterShares](repeating: ClusterShares(only: 0), count: points.rows)
        shares.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let shares = buffer
            RowChunks(points.rows, of: 256).forEach(shards) { rows, _ in
                let products = FloatBuffer(count: rows.count * means.rows)
                GEMM.multiply(points.rows(rows), .asIs, means, .transposed, into: products.matrix(rows.count, means.rows))
                for (place, point) in rows.enumerated() {
                    let row = products.base + place * means.rows
                    // |x − c|² − |x|²
                    for cluster in 0..<means.rows { row[cluster] = 2 * (halves[cluster] - row[cluster]) }
                    shares[point] = ClusterShares(
                        squares: UnsafeBufferPointer(start: row, count: means.rows), variance: variance, reach: reach)
                }
            }
        }
        return shares
    }

    /// The cluster whose part of [0, 1) `uniform` lies in.
    func cluster(at uniform: Float) -> Int32 {
        // The sum may be rounded to less than 1: then what lies behind it is the nearest's.
        clusters.first { uniform < $0.upTo }?.cluster ?? nearest
    }
}
