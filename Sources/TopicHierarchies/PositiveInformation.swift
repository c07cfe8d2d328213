#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What a row of a table has more of than rows have on the whole (Paper-notes H5).
///
///     i(w, k) = √p_k max(0, log(a_wk a_·· / (a_w· a_·k))),   p_k = a_·k / a_··
///
/// The squared distance of two rows is what their information differs by, squared, on average over what the table holds: a column that holds
/// little tells little, and what it tells is mostly chance. Rows are near each other where the same columns are more than they would be by chance,
/// however much a row holds.
public enum PositiveInformation {
    /// (V, K) as `table` has it, with zeros in rows and columns that hold nothing.
    ///
    /// - Parameters:
    ///   - table: (V, K), row-major, nothing in it negative.
    ///   - count: V.
    public static func rows(of table: [Double], count: Int) -> [Float] {
        precondition(count > 0 && table.count.isMultiple(of: count), "the rows of a table are of one length")
        let width = table.count / count
        var rows = [Double](repeating: 0, count: count), columns = [Double](repeating: 0, count: width)
        for row in 0..<count {
            for column in 0..<width {
                rows[row] += table[row * width + column]
                columns[column] += table[row * width + column]
            }
        }
        let total = rows.reduce(0, +)
        var information = [Float](repeating: 0, count: table.count)
        for row in 0..<count {
            for column in 0..<width where table[row * width + column] > 0 {
                let ratio = table[row * width + column] * total / (rows[row] * columns[column])
                if ratio > 1 { information[row * width + column] = Float((columns[column] / total).squareRoot() * log(ratio)) }
            }
        }
        return information
    }
}
