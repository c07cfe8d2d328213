#if canImport(COneDNN)
import COneDNN
#endif

/// The one seam through which matrices are multiplied: C ← op(A)·op(B) + keep·C, row-major, single precision.
public enum GEMM {
    /// How an operand is read.
    public enum Operand: Sendable { case asIs, transposed }

    /// C (M×N) ← op(A) (M×K) · op(B) (K×N) + keep · C.
    ///
    /// - Parameter keep: 0 overwrites C, 1 adds to it.
    @inlinable
    public static func multiply(
        _ a: MatrixView, _ opA: Operand, _ b: MatrixView, _ opB: Operand,
        into c: MatrixView, keep: Float = 0
    ) {
        let (m, k) = opA == .asIs ? (a.rows, a.columns) : (a.columns, a.rows)
        let n = opB == .asIs ? b.columns : b.rows
        precondition(k == (opB == .asIs ? b.rows : b.columns) && c.rows == m && c.columns == n, "shapes must agree")
        if m == 0 || n == 0 { return }
        #if canImport(COneDNN)
        // oneDNN refuses rows of no floats; the sum of no terms is still a product.
        if k == 0 { return reference(a, opA, b, opB, into: c, keep: keep) }
        oneDNN(a, opA, b, opB, into: c, keep: keep, m: m, n: n, k: k)
        #else
        reference(a, opA, b, opB, into: c, keep: keep)
        #endif
    }

    /// C ← A·B + keep · C.
    @inlinable
    public static func multiply(_ a: MatrixView, _ b: MatrixView, into c: MatrixView, keep: Float = 0) {
        multiply(a, .asIs, b, .asIs, into: c, keep: keep)
    }

    #if canImport(COneDNN)
    @usableFromInline
    static func oneDNN(
        _ a: MatrixView, _ opA: Operand, _ b: MatrixView, _ opB: Operand,
        into c: MatrixView, keep: Float, m: Int, n: Int, k: Int
    ) {
        // Per-thread setting of the OpenMP run-time, a store to thread-local memory:
        // parallelism is over shards, so each product has to stay on its own thread.
        omp_set_num_threads(1)
        let status = dnnl_sgemm(
            CChar(bitPattern: opA == .asIs ? UInt8(ascii: "N") : UInt8(ascii: "T")),
            CChar(bitPattern: opB == .asIs ? UInt8(ascii: "N") : UInt8(ascii: "T")),
            dnnl_dim_t(m), dnnl_dim_t(n), dnnl_dim_t(k), 1,
            a.base, dnnl_dim_t(a.stride), b.base, dnnl_dim_t(b.stride), keep, c.base, dnnl_dim_t(c.stride))
        precondition(status == dnnl_success, "oneDNN refused a product whose shapes were checked")
    }
    #endif

    /// The textbook triple loop, with the sum in Double: the oracle for the fast path, and the fallback where oneDNN is absent.
    public static func reference(
        _ a: MatrixView, _ opA: Operand, _ b: MatrixView, _ opB: Operand,
        into c: MatrixView, keep: Float = 0
    ) {
        let inner = opA == .asIs ? a.columns : a.rows
        for i in 0..<c.rows {
            for j in 0..<c.columns {
                var sum = 0.0
                for l in 0..<inner {
                    let left = opA == .asIs ? a.row(i)[l] : a.row(l)[i]
                    let right = opB == .asIs ? b.row(l)[j] : b.row(j)[l]
                    sum += Double(left) * Double(right)
                }
                // 0 · C would keep a NaN alive that C is to forget.
                c.row(i)[j] = Float(sum) + (keep == 0 ? 0 : keep * c.row(i)[j])
            }
        }
    }
}
