import Corpora
import Kernels

/// Topics are groups of items that come before and after the same items: all events of an item share one topic.
///
/// Directed neighbours as positive PMI (`NeighbourMatrix`) → their d largest singular directions, U √Σ → each row scaled to
/// length 1 → k-means over events, so that an item counts as often as it comes: frequent items get topics of their own, and
/// rare ones share theirs, which is what a likelihood of events asks for. On click logs this start leaves LLA better than LDA's does, since what tells
/// clicks apart is their place in a walk (Paper-notes, open-questions).
public struct ItemClusters: Start {
    /// d.
    public let dimensions: Int
    /// Runs of k-means of which the best counts.
    public let restarts: Int

    /// Values below 1 count as 1.
    public init(dimensions: Int = 100, restarts: Int = 3) {
        self.dimensions = max(1, dimensions)
        self.restarts = max(1, restarts)
    }

    public func topics(for corpus: Corpus, topics: Int, seed: UInt64, shards: Shards) -> [Int32] {
        let clusters = self.clusters(of: corpus, count: topics, seed: seed, shards: shards)
        return corpus.items.map { clusters[Int($0)] }
    }

    /// The cluster of each item (V), below `count`.
    ///
    /// With no more items than clusters, each item is its own. Items without informative neighbours go, one after the
    /// other, to the cluster that has fewest items.
    public func clusters(of corpus: Corpus, count: Int, seed: UInt64, shards: Shards) -> [Int32] {
        let v = corpus.vocabulary.count
        if v <= count { return (0..<v).map(Int32.init) }
        let (vectors, items) = self.vectors(of: corpus, seed: seed, shards: shards)
        var clusters = [Int32](repeating: -1, count: v)
        if items.count <= count {
            for (cluster, item) in items.enumerated() { clusters[item] = Int32(cluster) }
        } else {
            let points = vectors.matrix(items.count, vectors.count / items.count)
            var events = [Float](repeating: 0, count: v)
            for item in corpus.items { events[Int(item)] += 1 }
            let found = KMeans(points, weights: items.map { events[$0] }, groups: count, restarts: restarts, seed: seed, shards: shards)
            for (place, item) in items.enumerated() { clusters[item] = found.groups[place] }
        }
        ItemClusters.dealRest(of: &clusters, count: count)
        return clusters
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

    private static func dealRest(of clusters: inout [Int32], count: Int) {
        guard clusters.contains(-1) else { return }
        var sizes = [Int](repeating: 0, count: count)
        for cluster in clusters where cluster >= 0 { sizes[Int(cluster)] += 1 }
        for item in clusters.indices where clusters[item] < 0 {
            let smallest = sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0
            clusters[item] = Int32(smallest)
            sizes[smallest] += 1
        }
    }
}
