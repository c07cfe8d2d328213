import Corpora
import Kernels

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What comes right after each item, and what right before it, as positive pointwise mutual information: (V, 2V).
///
///     c_wv      = how often v follows w;   c_w,V+v = how often v precedes w
///     M_wc      = max(0, log( c_wc Σ_·· / (c_w· c_·c) ))                          (Levy & Goldberg, 2014)
///
/// Keeping the two directions apart tells items that are entered from the same places
/// from items that lead to the same places, which is what a model of order needs.
enum NeighbourMatrix {
    static func positivePMI(of corpus: Corpus, shards: Shards) -> SparseMatrix {
        let after = successors(of: corpus, shards: shards)
        let before = after.transposed
        let v = after.rows

        // c_w· counts both directions; column v is reached as often as v is entered, column V+v as often as v is left.
        func rowSum(_ m: SparseMatrix, _ row: Int) -> Double { m.entries(of: row).reduce(0) { $0 + Double(m.values[$1]) } }
        let left = (0..<v).map { rowSum(after, $0) }, entered = (0..<v).map { rowSum(before, $0) }
        let total = left.reduce(0, +) + entered.reduce(0, +)

        var starts = [0], columns: [UInt32] = [], values: [Float] = []
        starts.reserveCapacity(v + 1)
        columns.reserveCapacity(2 * after.values.count)
        values.reserveCapacity(2 * after.values.count)
        for w in 0..<v {
            for (half, matrix, sums) in [(0, after, entered), (1, before, left)] {
                for entry in matrix.entries(of: w) {
                    let column = Int(matrix.columnNumbers[entry])
                    let information = log(Double(matrix.values[entry]) * total / ((left[w] + entered[w]) * sums[column]))
                    if information > 0 {
                        columns.append(UInt32(half * v + column))
                        values.append(Float(information))
                    }
                }
            }
            starts.append(values.count)
        }
        return SparseMatrix(rows: v, columns: 2 * v, starts: starts, columnNumbers: columns, values: values)
    }

    /// About how many c_wv are not zero, by linear counting (Whang, Vander-Zanden & Taylor, 1990): a bit for each of 2^24 classes of
    /// pairs, of which as many stay clear as chance would have it. Within a percent up to some tens of millions of pairs.
    static func pairs(of corpus: Corpus) -> Int {
        let bits = 1 << 24
        var seen = [UInt64](repeating: 0, count: bits / 64)
        for n in 0..<corpus.count {
            for t in corpus.range(n).dropLast() {
                var key = (UInt64(corpus.items[t]) << 32 | UInt64(corpus.items[t + 1])) &* 0x9E37_79B9_7F4A_7C15
                key = (key ^ key >> 32) &* 0xBF58_476D_1CE4_E5B9
                let place = Int(key >> 40)
                seen[place / 64] |= 1 << UInt64(place % 64)
            }
        }
        let clear = seen.reduce(bits) { $0 - $1.nonzeroBitCount }
        // No log has more pairs than events.
        return min(corpus.items.count, Int((-Double(bits) * log(Double(max(clear, 1)) / Double(bits))).rounded()))
    }

    /// c_wv over all sequences: (V, V).
    static func successors(of corpus: Corpus, shards: Shards) -> SparseMatrix {
        let v = corpus.vocabulary.count
        // All successors of an item side by side, then sorted and counted row by row.
        var starts = [Int](repeating: 0, count: v + 1)
        for n in 0..<corpus.count {
            for t in corpus.range(n).dropLast() { starts[Int(corpus.items[t]) + 1] += 1 }
        }
        for w in 0..<v { starts[w + 1] += starts[w] }
        var place = starts
        var followers = [UInt32](repeating: 0, count: starts[v])
        for n in 0..<corpus.count {
            for t in corpus.range(n).dropLast() {
                let w = Int(corpus.items[t])
                followers[place[w]] = corpus.items[t + 1]
                place[w] += 1
            }
        }
        followers.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let followers = buffer
            let starts = starts
            RowChunks(v, of: 64).forEach(shards) { rows, _ in
                for w in rows { followers[starts[w]..<starts[w + 1]].sort() }
            }
        }

        var ends = [0], columns: [UInt32] = [], values: [Float] = []
        ends.reserveCapacity(v + 1)
        for w in 0..<v {
            let first = columns.count
            for follower in followers[starts[w]..<starts[w + 1]] {
                if columns.count > first, columns[columns.count - 1] == follower {
                    values[values.count - 1] += 1
                } else {
                    columns.append(follower)
                    values.append(1)
                }
            }
            ends.append(columns.count)
        }
        return SparseMatrix(rows: v, columns: v, starts: ends, columnNumbers: columns, values: values)
    }
}
