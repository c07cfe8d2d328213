import Kernels
import TopicSampling
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Whether topics still divide the events among them, and still differ.
///
/// A fit can go wrong without a bad perplexity at once: a few topics swallow the others, or two come to mean the same.
public struct TopicHealth: Sendable, Equatable {
    /// Topics with fewer events than this are dead: an item has to be seen as often to be in the vocabulary (`CorpusOptions.standard`).
    public static let fewestEvents = 5
    /// Topics that are compared two and two: of more, those with the most events.
    public static let mostCompared = 2_048
    /// Cells of the table that they are compared by, 4 bytes each. Of more items, those with the most events that fit in.
    public static let mostCells = 1 << 24

    /// n_k / Σ n_k of each topic (K); all zero where nothing is counted.
    public let shares: [Double]
    /// exp(−Σ share log share): K where all topics have as many events, 1 where one has them all, 0 where nothing is counted.
    public let effectiveTopics: Double
    /// Topics with fewer than `fewestEvents` events, ascending.
    public let deadTopics: [Int]
    /// The two topics that are most alike, dead ones left out; nil where fewer than two are alive.
    public let largestOverlap: Overlap?

    /// How alike two topics are.
    public struct Overlap: Sendable, Equatable {
        /// The topic with the lower number: `first` < `second`.
        public let first: Int
        /// The other topic.
        public let second: Int
        /// Bhattacharyya's coefficient Σ_w √(φ_wa φ_wb): 0 where they share no item, 1 where they are equal.
        /// Where not all items are compared, a bound from below.
        public let coefficient: Double
    }

    /// O(V·K²), as matrix products, while V·K is below `mostCells`; never more than `mostCells` · `mostCompared` multiplications.
    ///
    /// - Parameter shards: threads to use; nothing depends on their number.
    public init(_ counts: TopicCounts, shards: Shards) {
        let total = counts.total, totals = (0..<counts.topics).map { Int(counts.totals[$0]) }
        shares = totals.map { total > 0 ? Double($0) / Double(total) : 0 }
        let entropy = shares.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
        effectiveTopics = total > 0 ? exp(entropy) : 0
        deadTopics = totals.indices.filter { totals[$0] < TopicHealth.fewestEvents }
        let alive = totals.indices.filter { totals[$0] >= TopicHealth.fewestEvents }
        largestOverlap = TopicHealth.largestOverlap(
            among: TopicHealth.largest(TopicHealth.mostCompared, of: alive) { totals[$0] }.sorted(), counts, shards: shards)
    }

    /// Bytes of the table that topics are compared by.
    static func bytes(items: Int, topics: Int) -> Int {
        let compared = min(topics, mostCompared)
        return compared * min(items, mostCells / compared) * 4
    }

    /// The first `count` by falling size; ties by number.
    private static func largest(_ count: Int, of all: [Int], by size: (Int) -> Int) -> [Int] {
        if all.count <= count { return all }
        let sizes = all.map { (number: $0, size: size($0)) }
        return sizes.sorted { $0.size != $1.size ? $0.size > $1.size : $0.number < $1.number }.prefix(count).map(\.number)
    }

    /// All pairs of `topics`, ascending; the first of equals.
    private static func largestOverlap(among topics: [Int], _ counts: TopicCounts, shards: Shards) -> Overlap? {
        guard topics.count > 1 else { return nil }
        let k = topics.count
        let items = largest(mostCells / k, of: Array(0..<counts.items)) { item in
            let row = counts.row(item)
            return (0..<counts.topics).reduce(0) { $0 + Int(row[$1]) }
        }
        let roots = self.roots(items: items, topics: topics, counts, shards: shards)   // (items, k)
        let table = roots.matrix(items.count, k)

        // Rows a ..< b of RᵀR against columns from a on: each pair is met once. Pieces are fixed by k alone.
        let width = 128, pieces = (k + width - 1) / width
        nonisolated(unsafe) let found = UnsafeMutablePointer<Overlap?>.allocate(capacity: pieces)
        found.initialize(repeating: nil, count: pieces)
        defer { found.deinitialize(count: pieces).deallocate() }
        shards.forEach(pieces) { piece in
            let rows = piece * width..<min(k, (piece + 1) * width)
            let columns = rows.lowerBound..<k
            let buffer = FloatBuffer(count: rows.count * columns.count)
            let products = buffer.matrix(rows.count, columns.count)
            GEMM.multiply(table.columns(rows), .transposed, table.columns(columns), .asIs, into: products)
            var best: (a: Int, b: Int, value: Float)?
            for a in 0..<rows.count {
                let row = products.row(a)
                for b in a + 1..<max(a + 1, columns.count) where row[b] > best?.value ?? -1 { best = (a, b, row[b]) }
            }
            found[piece] = best.map {
                // Rounding must not make two topics more than equal.
                Overlap(
                    first: topics[rows.lowerBound + $0.a], second: topics[columns.lowerBound + $0.b],
                    coefficient: min(1, Double($0.value)))
            }
            withExtendedLifetime(buffer) {}
        }
        withExtendedLifetime(roots) {}
        return (0..<pieces).compactMap { found[$0] }.reduce(nil) { best, next in
            next.coefficient > best?.coefficient ?? -1 ? next : best
        }
    }

    /// √φ_wk of some items and topics.
    private static func roots(items: [Int], topics: [Int], _ counts: TopicCounts, shards: Shards) -> FloatBuffer {
        let k = topics.count, pieces = 16
        let roots = FloatBuffer(count: items.count * k)
        shards.forEach(pieces) { piece in
            let inverse = counts.inverseTotals, beta = counts.concentration
            for place in Shards.slice(piece, of: pieces, total: items.count) {
                let row = counts.row(items[place]), to = roots.base + place * k
                for (column, topic) in topics.enumerated() {
                    to[column] = ((Float(row[topic]) + beta) * inverse[topic]).squareRoot()
                }
            }
        }
        return roots
    }
}
