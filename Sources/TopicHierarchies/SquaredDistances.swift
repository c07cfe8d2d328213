/// Squared Euclidean distances of points from each other.
enum SquaredDistances {
    private typealias Lanes = SIMD8<Double>

    /// (K, K), symmetric, zeros on the diagonal. Differences are squared and summed in Double.
    ///
    /// - Parameter points: (K, E), row-major.
    static func between(_ points: [Float], count: Int) -> [Double] {
        let width = points.count / count
        let blocks = (width + Lanes.scalarCount - 1) / Lanes.scalarCount
        // (K, blocks), the last block of a row filled up with zeros.
        var rows = [Lanes](repeating: .zero, count: count * blocks)
        for point in 0..<count {
            for column in 0..<width {
                rows[point * blocks + column / Lanes.scalarCount][column % Lanes.scalarCount] = Double(points[point * width + column])
            }
        }
        var distances = [Double](repeating: 0, count: count * count)
        rows.withUnsafeBufferPointer { rows in
            for i in 0..<count {
                for j in 0..<i {
                    var sum = Lanes.zero
                    for block in 0..<blocks {
                        let difference = rows[i * blocks + block] - rows[j * blocks + block]
                        sum += difference * difference
                    }
                    distances[i * count + j] = sum.sum()
                    distances[j * count + i] = distances[i * count + j]
                }
            }
        }
        return distances
    }
}
