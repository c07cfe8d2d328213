import CGSL
import Kernels
import Testing
@testable import StochasticEM

@Suite struct TruncatedSVDTests {
    /// A third of the entries, of a spectrum that falls slowly: the hard case for a random subspace.
    static let matrix = sparse(rows: 60, columns: 90, seed: 5) { $0.uniform() < 0.33 ? Float($0.normal()) : 0 }

    static func sparse(rows: Int, columns: Int, seed: UInt64, _ entry: (inout RandomStream) -> Float) -> SparseMatrix {
        var random = RandomStream(seed: seed, purpose: .other)
        var starts = [0], numbers: [UInt32] = [], values: [Float] = []
        for _ in 0..<rows {
            for column in 0..<columns {
                let value = entry(&random)
                if value != 0 {
                    numbers.append(UInt32(column))
                    values.append(value)
                }
            }
            starts.append(values.count)
        }
        return SparseMatrix(rows: rows, columns: columns, starts: starts, columnNumbers: numbers, values: values)
    }

    /// U (rows × rows, columns are vectors) and σ by GSL, which wants a tall matrix: so of Mᵀ, whose right vectors are M's left ones.
    static func dense(_ m: SparseMatrix) -> (left: [Double], values: [Double]) {
        guard let a = gsl_matrix_calloc(m.columns, m.rows), let v = gsl_matrix_alloc(m.rows, m.rows),
            let s = gsl_vector_alloc(m.rows), let work = gsl_vector_alloc(m.rows)
        else { return ([], []) }
        for row in 0..<m.rows {
            for e in m.entries(of: row) { gsl_matrix_set(a, Int(m.columnNumbers[e]), row, Double(m.values[e])) }
        }
        gsl_linalg_SV_decomp(a, v, s, work)
        let left = (0..<m.rows * m.rows).map { gsl_matrix_get(v, $0 / m.rows, $0 % m.rows) }
        let values = (0..<m.rows).map { gsl_vector_get(s, $0) }
        gsl_matrix_free(a)
        gsl_matrix_free(v)
        gsl_vector_free(s)
        gsl_vector_free(work)
        return (left, values)
    }

    /// The largest relative error of the first `rank` singular values.
    private func worst(_ svd: TruncatedSVD, against values: [Double]) -> Double {
        zip(svd.singularValues, values).map { abs(Double($0) / $1 - 1) }.max() ?? .infinity
    }

    @Test func agreesWithADenseDecomposition() {
        let m = TruncatedSVDTests.matrix, (left, values) = TruncatedSVDTests.dense(m)
        let svd = TruncatedSVD(m, rank: 8, iterations: 30, seed: 1, shards: Shards(threads: 1))
        #expect(worst(svd, against: values) < 1e-4)
        for j in 0..<8 {
            let cosine = (0..<m.rows).reduce(0.0) { $0 + left[$1 * m.rows + j] * Double(svd.left.base[$1 * 8 + j]) }
            #expect(abs(abs(cosine) - 1) < 1e-3)
        }
    }

    /// The checker bites: a subspace that was never iterated misses this spectrum.
    @Test func aRandomSubspaceAloneIsFound() {
        let (_, values) = TruncatedSVDTests.dense(TruncatedSVDTests.matrix)
        let svd = TruncatedSVD(TruncatedSVDTests.matrix, rank: 8, iterations: 0, seed: 1, shards: Shards(threads: 1))
        #expect(worst(svd, against: values) > 1e-2)
    }

    @Test func leftVectorsAreOrthonormal() {
        let svd = TruncatedSVD(TruncatedSVDTests.matrix, rank: 60, seed: 1, shards: Shards(threads: 1))
        let gram = Orthonormal.gram(svd.left.matrix(60, 60), shards: Shards(threads: 1))
        for i in 0..<60 {
            for j in 0..<60 { #expect(abs(gram[i * 60 + j] - (i == j ? 1 : 0)) < 1e-4) }
        }
    }

    /// Rank 2 asked for 5: two directions, the rest zero, nothing that is not a number.
    @Test func missingDirectionsAreZero() {
        var starts = [0], numbers: [UInt32] = [], values: [Float] = []
        for row in 0..<30 {
            for column in 0..<40 {
                numbers.append(UInt32(column))
                values.append(Float(row + 1) + Float((row * row) % 7 * column))
            }
            starts.append(values.count)
        }
        let m = SparseMatrix(rows: 30, columns: 40, starts: starts, columnNumbers: numbers, values: values)
        let svd = TruncatedSVD(m, rank: 5, seed: 1, shards: Shards(threads: 1))
        #expect(svd.singularValues[1] > 1 && svd.singularValues[2] < svd.singularValues[0] * 1e-3)
        #expect(svd.left.array.allSatisfy { $0.isFinite })
    }

    @Test func threadsDoNotMatter() {
        let m = TruncatedSVDTests.sparse(rows: 2500, columns: 300, seed: 2) { $0.uniform() < 0.02 ? $0.uniform() : 0 }
        let one = TruncatedSVD(m, rank: 12, seed: 1, shards: Shards(threads: 1))
        for threads in [2, 8] {
            let many = TruncatedSVD(m, rank: 12, seed: 1, shards: Shards(threads: threads))
            #expect(one.left.array == many.left.array && one.singularValues == many.singularValues)
        }
    }

    @Test func transposingTwiceGivesTheMatrixBack() {
        let m = TruncatedSVDTests.matrix, t = m.transposed, back = t.transposed
        #expect(t.rows == 90 && t.columns == 60)
        #expect(back.starts == m.starts && back.columnNumbers == m.columnNumbers && back.values == m.values)
    }
}
