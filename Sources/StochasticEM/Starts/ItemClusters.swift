import Corpora
import Kernels

/// Topics are groups of items that come before and after the same items; the events of an item are dealt among the groups near it.
///
/// Directed neighbours as positive PMI (`NeighbourMatrix`) → their d largest singular directions, U √Σ → each row scaled to
/// length 1 → k-means over events, so that an item counts as often as it comes: frequent items get topics of their own, and
/// rare ones share theirs, which is what a likelihood of events asks for. On click logs this start leaves LLA better than LDA's does, since what tells
/// clicks apart is their place in a walk.
///
/// An event draws its topic from the nearest groups, in proportion to exp(−2 (d² − d²_min) / σ²), with d its item's distance
/// from a group's mean and σ² the mean squared distance of events from their own. Where all events of an item had one
/// topic, φ would keep the others out of reach, and no SE-step could move an event: few do, and joint training
/// gains little (Paper-notes, open-questions).
public struct ItemClusters: Start {
    /// d.
    public let dimensions: Int
    /// Runs of k-means of which the best counts.
    public let restarts: Int
    /// Groups that the events of an item are dealt among at most; 1: all of them are of the item's own group.
    public let reach: Int

    /// Values below 1 count as 1.
    public init(dimensions: Int = 100, restarts: Int = 10, reach: Int = 4) {
        self.dimensions = max(1, dimensions)
        self.restarts = max(1, restarts)
        self.reach = max(1, reach)
    }

    public func topics(for corpus: Corpus, topics: Int, seed: UInt64, shards: Shards) -> [Int32] {
        let shares = self.shares(of: corpus, count: topics, seed: seed, shards: shards)
        return corpus.items.enumerated().map { event, item in
            var random = RandomStream(seed: seed, purpose: .start, sequence: event, position: 3)
            return shares[Int(item)].cluster(at: random.uniform())
        }
    }

    /// The clusters that each item's events are dealt among (V), all below `count`.
    ///
    /// With no more items than clusters, each item is its own. Items without informative neighbours go, one after the
    /// other, to the cluster that has fewest items.
    func shares(of corpus: Corpus, count: Int, seed: UInt64, shards: Shards) -> [ClusterShares] {
        let v = corpus.vocabulary.count
        if v <= count { return (0..<v).map { ClusterShares(only: Int32($0)) } }
        let (vectors, items) = self.vectors(of: corpus, seed: seed, shards: shards)
        var shares = [ClusterShares?](repeating: nil, count: v)
        if items.count <= count {
            for (cluster, item) in items.enumerated() { shares[item] = ClusterShares(only: Int32(cluster)) }
        } else {
            let points = vectors.matrix(items.count, vectors.count / items.count)
            var events = [Float](repeating: 0, count: v)
            for item in corpus.items { events[Int(item)] += 1 }
            let weights = items.map { events[$0] }
            let found = KMeans(points, weights: weights, groups: count, restarts: restarts, seed: seed, shards: shards)
            let variance = Float(found.inertia) / weights.reduce(0, +)
            let means = found.means.matrix(count, points.columns)
            for (item, share) in zip(items, ClusterShares.all(points, means: means, variance: variance, reach: reach, shards: shards)) {
                shares[item] = share
            }
        }
        return ItemClusters.dealRest(of: shares, count: count)
    }

    /// Vectors of length 1 (items, d), and the items that have one.
    func vectors(of corpus: Corpus, seed: UInt64, shards: Shards) -> (FloatBuffer, items: [Int]) {
        let matrix = NeighbourMatrix.positivePMI(of: corpus, shards: shards)
        let items = (0..<matrix.rows).filter { !matrix.entries(of: $0).isEmpty }
        guard !items.isEmpty else { return (FloatBuffer(count: 0), []) }
        let d = min(dimensions, matrix.rows)
        let svd = TruncatedSVD(matrix, rank: d, seed: seed, shards: shards)
        let roots = svd.singularValues.map { $0.squareRoot() }
        let vectors = FloatBuffer(count: items.count * d)
        for (place, item) in items.enumerated() {
            let vector = vectors.base + place * d, source = svd.left.base + item * d
            for j in 0..<d { vector[j] = source[j] * roots[j] }
            let length = VectorMath.dot(vector, vector, count: d).squareRoot()
            // An item of which the d directions hold nothing stays at the origin.
            if length > 0 { for j in 0..<d { vector[j] /= length } }
        }
        return (vectors, items)
    }

    private static func dealRest(of shares: [ClusterShares?], count: Int) -> [ClusterShares] {
        var sizes = [Int](repeating: 0, count: count)
        for share in shares { if let share { sizes[Int(share.nearest)] += 1 } }
        return shares.map { share in
            if let share { return share }
            let smallest = sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0
            sizes[smallest] += 1
            return ClusterShares(only: Int32(smallest))
        }
    }
}
