#if canImport(COneDNN)
import COneDNN

/// oneDNN's code for products of ``BFloat16`` matrices of one shape, or for laying a matrix out for them.
///
/// No run of it changes it: any number may be under way at the same time, each with a `PrimitiveCall` of its own.
final class HalfPrimitive: @unchecked Sendable {
    /// How the left matrix stands in memory: row after row, or column after column, so many numbers apart.
    enum Left { case rows(stride: Int), columns(stride: Int) }
    /// How the right one does: row after row, in oneDNN's own order, or in the order of another primitive's.
    enum Right { case rows(stride: Int), packed, packedAs(HalfPrimitive) }

    /// Of the result.
    let rows: Int
    let description: dnnl_primitive_desc_t
    let code: dnnl_primitive_t
    /// The processor. Nothing changes it.
    nonisolated(unsafe) static let engine: dnnl_engine_t = {
        var engine: dnnl_engine_t?
        check(dnnl_engine_create(&engine, dnnl_cpu, 0))
        return engine!
    }()

    /// C (rows, columns) ← A (rows, terms) · B (terms, columns) + keep · C, with C row after row, `stride` floats apart; keep is 0 or 1.
    init(rows: Int, columns: Int, terms: Int, left: Left, right: Right, stride: Int, keep: Float) {
        let (transposed, leftStride): (Int32, Int) = switch left {
        case .rows(let stride): (0, stride)
        case .columns(let stride): (1, stride)
        }
        let (order, shared, rightStride): (lla_right, dnnl_primitive_desc_t?, Int) = switch right {
        case .rows(let stride): (lla_right_rows, nil, stride)
        case .packed: (lla_right_own, nil, 0)
        case .packedAs(let other): (lla_right_shared, other.description, 0)
        }
        self.rows = rows
        (description, code) = Self.made {
            lla_product_create(
                &$0, Self.engine, dnnl_dim_t(rows), dnnl_dim_t(columns), dnnl_dim_t(terms), transposed, dnnl_dim_t(leftStride), order,
                shared, dnnl_dim_t(rightStride), dnnl_dim_t(stride), keep == 0 ? 0 : 1)
        }
    }

    /// Takes op(`matrix`), (terms, columns), to the order that a product has its right matrix in.
    init(packing matrix: HalfMatrix, _ op: GEMM.Operand, terms: Int, columns: Int, for product: HalfPrimitive) {
        rows = terms
        let (down, across) = op == .asIs ? (matrix.stride, 1) : (1, matrix.stride)
        (description, code) = Self.made {
            lla_packing_create(
                &$0, Self.engine, dnnl_dim_t(terms), dnnl_dim_t(columns), dnnl_dim_t(down), dnnl_dim_t(across), product.description)
        }
    }

    deinit {
        dnnl_primitive_destroy(code)
        dnnl_primitive_desc_destroy(description)
    }

    /// Bytes of one of the matrices that it works on.
    func bytes(_ part: dnnl_query_t) -> Int { lla_bytes(description, part) }

    /// Working memory for any of several, one at a time.
    static func scratch(for primitives: [HalfPrimitive]) -> HalfMatrix {
        HalfMatrix(rows: 1, columns: primitives.map { ($0.bytes(dnnl_query_scratchpad_md) + 1) / 2 }.max() ?? 0)
    }

    private static func made(_ describe: (inout dnnl_primitive_desc_t?) -> dnnl_status_t) -> (dnnl_primitive_desc_t, dnnl_primitive_t) {
        // Work is cut for as many threads as OpenMP has now: one, for parallelism is over shards.
        omp_set_num_threads(1)
        var description: dnnl_primitive_desc_t?, code: dnnl_primitive_t?
        check(describe(&description))
        check(dnnl_primitive_create(&code, description))
        return (description!, code!)
    }

    static func check(_ status: dnnl_status_t) {
        precondition(status == dnnl_success, "oneDNN refused a product whose shapes were checked")
    }
}
#endif
