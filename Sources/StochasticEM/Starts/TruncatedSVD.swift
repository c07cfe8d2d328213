import CGSL
import Kernels

/// The largest singular values of a sparse matrix and their left vectors, by randomised subspace iteration
/// (Halko, Martinsson & Tropp, SIAM Review 2011, algorithm 4.4).
///
/// Single precision: directions with a singular value below a thousandth of the largest are dropped.
struct TruncatedSVD {
    /// U: (rows, d), orthonormal columns; columns that were dropped are zero.
    let left: FloatBuffer
    /// σ (d), descending.
    let singularValues: [Float]

    static let usualOversampling = 10

    /// - Parameters:
    ///   - rank: d, at most the smaller side of the matrix.
    ///   - oversampling: columns of the subspace beyond d; more of them make the last vectors better.
    ///   - iterations: times that the subspace goes through M Mᵀ.
    init(
        _ matrix: SparseMatrix, rank: Int, oversampling: Int = usualOversampling, iterations: Int = 4, seed: UInt64, shards: Shards
    ) {
        let short = min(matrix.rows, matrix.columns)
        precondition(rank > 0 && rank <= short, "the rank is at most the smaller side")
        let width = min(short, rank + oversampling)
        let transposed = matrix.transposed
        let tall = FloatBuffer(count: matrix.rows * width), wide = FloatBuffer(count: matrix.columns * width)
        let y = tall.matrix(matrix.rows, width), z = wide.matrix(matrix.columns, width)

        var random = RandomStream(seed: seed, purpose: .start, position: 1)
        for i in 0..<wide.count { wide.base[i] = Float(random.normal()) }
        matrix.multiply(z, into: y, shards: shards)
        Orthonormal.columns(of: y, shards: shards)
        for _ in 0..<iterations {
            transposed.multiply(y, into: z, shards: shards)
            Orthonormal.columns(of: z, shards: shards)
            matrix.multiply(z, into: y, shards: shards)
            Orthonormal.columns(of: y, shards: shards)
        }

        // M ≈ Q Qᵀ M, and (QᵀM)(QᵀM)ᵀ = E Λ Eᵀ gives U = Q E and σ = √Λ.
        transposed.multiply(y, into: z, shards: shards)
        let (values, vectors) = Orthonormal.eigen(Orthonormal.gram(z, shards: shards), width)
        singularValues = values.prefix(rank).map { Float(max($0, 0).squareRoot()) }
        left = FloatBuffer(count: matrix.rows * rank)
        let rotation = FloatBuffer(count: width * rank)
        for i in 0..<width {
            for j in 0..<rank { rotation.base[i * rank + j] = Float(vectors[i * width + j]) }
        }
        let u = left.matrix(matrix.rows, rank), e = rotation.matrix(width, rank)
        RowChunks(matrix.rows, of: 1024).forEach(shards) { rows, _ in
            GEMM.multiply(y.rows(rows), e, into: u.rows(rows))
        }
    }
}

/// Tall thin matrices made orthonormal by way of their small Gram matrix.
package enum Orthonormal {
    /// Squares of singular values below this share of the largest are noise of single precision.
    static let negligible = 1e-6

    /// Y ← an orthonormal basis of Y's columns: Y E Λ^-1/2 with YᵀY = E Λ Eᵀ, twice, since once leaves what Λ's spread amplifies.
    /// Directions that do not exist come out as columns of zeros.
    static func columns(of y: MatrixView, shards: Shards) {
        let width = y.columns
        let chunks = RowChunks(y.rows, of: 1024)
        for _ in 0..<2 {
            let (values, vectors) = eigen(gram(y, shards: shards), width)
            let factor = FloatBuffer(count: width * width)
            for j in 0..<width where values[j] > negligible * values[0] {
                for i in 0..<width { factor.base[i * width + j] = Float(vectors[i * width + j] / values[j].squareRoot()) }
            }
            let turn = factor.matrix(width, width)
            chunks.forEach(shards) { rows, _ in
                let scratch = FloatBuffer(count: rows.count * width)
                GEMM.multiply(y.rows(rows), turn, into: scratch.matrix(rows.count, width))
                y.row(rows.lowerBound).update(from: scratch.base, count: scratch.count)
            }
        }
    }

    /// YᵀY (width²), chunks of rows in single precision, their sum in Double and in fixed order.
    static func gram(_ y: MatrixView, shards: Shards) -> [Double] {
        let width = y.columns, chunks = RowChunks(y.rows, of: 1024)
        let parts = FloatBuffer(count: chunks.count * width * width)
        chunks.forEach(shards) { rows, chunk in
            GEMM.multiply(y.rows(rows), .transposed, y.rows(rows), .asIs, into: parts.matrix(width, width, from: chunk * width * width))
        }
        var sum = [Double](repeating: 0, count: width * width)
        for chunk in 0..<chunks.count {
            for i in 0..<width * width { sum[i] += Double(parts.base[chunk * width * width + i]) }
        }
        return sum
    }

    /// Eigenvalues, descending, and eigenvectors, as the columns of a row-major matrix, of a symmetric one (n²).
    package static func eigen(_ symmetric: [Double], _ n: Int) -> (values: [Double], vectors: [Double]) {
        var matrix = symmetric, values = [Double](repeating: 0, count: n), vectors = symmetric
        matrix.withUnsafeMutableBufferPointer { a in
            values.withUnsafeMutableBufferPointer { w in
                vectors.withUnsafeMutableBufferPointer { v in
                    var a = gsl_matrix_view_array(a.baseAddress, n, n)
                    var w = gsl_vector_view_array(w.baseAddress, n)
                    var v = gsl_matrix_view_array(v.baseAddress, n, n)
                    let work = gsl_eigen_symmv_alloc(n)
                    gsl_eigen_symmv(&a.matrix, &w.vector, &v.matrix, work)
                    gsl_eigen_symmv_sort(&w.vector, &v.matrix, GSL_EIGEN_SORT_VAL_DESC)
                    gsl_eigen_symmv_free(work)
                }
            }
        }
        return (values, vectors)
    }
}
