/// Agglomerative clustering: points are merged two and two, the closest clusters first, until one is left.
///
/// Ward's and average linkage over Euclidean distances, in the conventions of `scipy.cluster.hierarchy.linkage`.
/// Points are clusters 0 ..< K; merge number i makes cluster K + i.
///
/// Nearest-neighbour chain (Murtagh 1983; Müllner, arXiv:1109.2378, algorithm 2) with the updates of Lance and
/// Williams (1967): O(K²) time, 8 K² bytes.
///
/// Ties are decided by what was given, not by chance: a chain begins at the cluster with the lowest point in it,
/// stays with the cluster that it came from if no other is strictly closer, and otherwise goes to the one with the
/// lowest point. Among merges at one height the earlier found comes first.
public struct Linkage: Sendable {
    /// What makes two clusters close.
    public enum Method: String, CaseIterable, Sendable {
        /// The merge that adds least to the sum of squared distances from the centres.
        case ward
        /// The mean distance between members (UPGMA).
        case average
    }

    /// Two clusters that become one.
    public struct Merge: Sendable, Equatable {
        /// The cluster with the lower number, `a < b`.
        public let a: Int
        /// The other cluster.
        public let b: Int
        /// Ward: √(2 nₐ n_b / (nₐ + n_b)) · distance of the centres. Average: the mean distance. Never less than that of `a` or `b`.
        public let height: Double
        /// Points of the new cluster.
        public let size: Int
    }

    /// K.
    public let count: Int
    /// K − 1 of them, by height.
    public let merges: [Merge]

    /// - Parameters:
    ///   - points: (K, E), row-major.
    ///   - count: K.
    /// - Throws: `LinkageError` if there is no point, rows are of unequal length, or a value is not finite.
    public init(points: [Float], count: Int, method: Method) throws {
        switch method {
        case .ward: try self.init(points: points, count: count, update: WardUpdate.self)
        case .average: try self.init(points: points, count: count, update: AverageUpdate.self)
        }
    }

    init<Update: LanceWilliamsUpdate>(points: [Float], count: Int, update: Update.Type) throws {
        guard count > 0, points.count.isMultiple(of: count) else {
            throw LinkageError(description: "\(points.count) values are not the rows of \(count) points: give one row a point, all of one length")
        }
        if let bad = points.firstIndex(where: { !$0.isFinite }) {
            let width = points.count / count
            throw LinkageError(description: "value \(bad % width) of point \(bad / width) is \(points[bad]): only finite numbers have distances")
        }
        self.count = count
        var chain = NeighbourChain<Update>(squaredDistances: SquaredDistances.between(points, count: count), count: count)
        merges = Linkage.numbered(chain.merges(), count: count)
    }

    /// Puts merges in the order of their heights, and numbers clusters in that order.
    private static func numbered(_ found: [FoundMerge], count: Int) -> [Merge] {
        let ordered = found.enumerated().sorted { ($0.element.height, $0.offset) < ($1.element.height, $1.offset) }
        // A point's cluster: its number stands at the root of the point's tree.
        var up = Array(0..<count)
        var number = Array(0..<count), size = [Int](repeating: 1, count: count)
        func root(_ point: Int) -> Int {
            var point = point
            while up[point] != point {
                up[point] = up[up[point]]
                point = up[point]
            }
            return point
        }
        return ordered.enumerated().map { index, merge in
            let (first, second) = (root(merge.element.first), root(merge.element.second))
            up[second] = first
            size[first] += size[second]
            defer { number[first] = count + index }
            return Merge(
                a: min(number[first], number[second]), b: max(number[first], number[second]),
                height: merge.element.height, size: size[first])
        }
    }
}

/// Why points have no linkage.
public struct LinkageError: Error, Sendable, CustomStringConvertible {
    public let description: String
}
