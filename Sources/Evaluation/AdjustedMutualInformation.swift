import CGSL
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How much two partitions of the same things tell of each other, beyond what chance would have them tell: adjusted mutual information.
///
///     AMI = (I − E[I]) / ((H_a + H_b) / 2 − E[I])
///
/// (Vinh, Epps and Bailey, JMLR 2010.) E[I] is over all pairs of partitions with clusters of these sizes, where the number n of things that cluster i
/// of one and j of the other share is hypergeometric:
///
///     E[I] = Σ_ij Σ_n  n/N · log(N n / (a_i b_j)) · a_i! b_j! (N − a_i)! (N − b_j)! / (N! n! (a_i − n)! (b_j − n)! (N − a_i − b_j + n)!)
///
/// 1 for equal partitions, 0 on average for independent ones; it can be below. O(Σ min(a_i, b_j)) over sizes that differ.
///
/// - Parameters:
///   - a: of each thing, the cluster that it is in: any number.
///   - b: the same for the other partition, of the same things.
/// - Returns: nil where there is nothing. Where neither partition has any choice (all things in one cluster, or each alone, in both), 1 if they are
///   the same and 0 if not.
public func adjustedMutualInformation(_ a: [Int], _ b: [Int]) -> Double? {
    precondition(a.count == b.count, "both partitions are of the same things")
    if a.isEmpty { return nil }
    let table = ContingencyTable(a, b)
    let information = table.mutualInformation, expected = table.expectedMutualInformation
    let mean = (ContingencyTable.entropy(table.rows, of: a.count) + ContingencyTable.entropy(table.columns, of: a.count)) / 2
    let room = mean - expected
    // What is left of rounding where both have to be as they are.
    if abs(room) <= 1e-12 * max(1, mean) { return table.isOneToOne ? 1 : 0 }
    return (information - expected) / room
}

/// How many things two clusters share, one of each partition.
struct ContingencyTable {
    /// a_i and b_j.
    private(set) var rows: [Int] = []
    private(set) var columns: [Int] = []
    /// n_ij where it is not 0, in order of i, then j.
    private(set) var cells: [(row: Int, column: Int, count: Int)] = []
    private let things: Int

    init(_ a: [Int], _ b: [Int]) {
        things = a.count
        let rowNumbers = ContingencyTable.numbered(a, sizes: &rows), columnNumbers = ContingencyTable.numbered(b, sizes: &columns)
        let pairs = zip(rowNumbers, columnNumbers).sorted { $0 < $1 }
        for pair in pairs {
            if let last = cells.last, (last.row, last.column) == pair {
                cells[cells.count - 1].count += 1
            } else {
                cells.append((pair.0, pair.1, 1))
            }
        }
    }

    /// Clusters numbered by first appearance.
    private static func numbered(_ clusters: [Int], sizes: inout [Int]) -> [Int] {
        var numbers: [Int: Int] = [:]
        return clusters.map { cluster in
            let number = numbers[cluster] ?? sizes.count
            if number == sizes.count {
                numbers[cluster] = number
                sizes.append(0)
            }
            sizes[number] += 1
            return number
        }
    }

    /// Whether the partitions are the same but for the clusters' names.
    var isOneToOne: Bool { cells.count == rows.count && cells.count == columns.count }

    static func entropy(_ sizes: [Int], of things: Int) -> Double {
        let n = Double(things)
        return -sizes.reduce(0) { $0 + Double($1) / n * log(Double($1) / n) }
    }

    var mutualInformation: Double {
        let n = Double(things)
        return cells.reduce(0) { sum, cell in
            sum + Double(cell.count) / n * log(n * Double(cell.count) / (Double(rows[cell.row]) * Double(columns[cell.column])))
        }
    }

    var expectedMutualInformation: Double {
        let n = Double(things)
        let logFactorials = (0...things).map { gsl_sf_lngamma(Double($0) + 1) }
        var sum = 0.0
        for (a, timesA) in ContingencyTable.distinct(rows) {
            for (b, timesB) in ContingencyTable.distinct(columns) {
                let constant = logFactorials[a] + logFactorials[b] + logFactorials[things - a] + logFactorials[things - b] - logFactorials[things]
                var expected = 0.0
                // More than both hold cannot be shared, nor less than what has no room elsewhere; 0 shared tell nothing.
                for shared in max(1, a + b - things)...min(a, b) {
                    let logChance = constant - logFactorials[shared] - logFactorials[a - shared] - logFactorials[b - shared] - logFactorials[things - a - b + shared]
                    expected += Double(shared) / n * log(n * Double(shared) / (Double(a) * Double(b))) * exp(logChance)
                }
                sum += Double(timesA * timesB) * expected
            }
        }
        return sum
    }

    /// Each size once, rising, and how often it comes.
    private static func distinct(_ sizes: [Int]) -> [(size: Int, times: Int)] {
        var found: [(size: Int, times: Int)] = []
        for size in sizes.sorted() {
            if let last = found.last, last.size == size { found[found.count - 1].times += 1 } else { found.append((size, 1)) }
        }
        return found
    }
}
