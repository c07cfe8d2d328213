#if canImport(COneDNN)
import COneDNN

/// A primitive and what it works on: runs again and again, one at a time, and allocates nothing.
final class PrimitiveCall: @unchecked Sendable {
    private let primitive: HalfPrimitive
    private let arguments: [(place: Int32, memory: PrimitiveMemory)]
    /// The same, as oneDNN takes them.
    private let list: UnsafeMutablePointer<dnnl_exec_arg_t>
    private let result: PrimitiveMemory
    private let stream: dnnl_stream_t

    private init(_ primitive: HalfPrimitive, _ arguments: [(place: Int32, memory: PrimitiveMemory)], result: PrimitiveMemory) {
        self.primitive = primitive
        self.arguments = arguments
        self.result = result
        list = .allocate(capacity: arguments.count)
        for (i, argument) in arguments.enumerated() {
            (list + i).initialize(to: dnnl_exec_arg_t(arg: argument.place, memory: argument.memory.memory))
        }
        var stream: dnnl_stream_t?
        HalfPrimitive.check(dnnl_stream_create(&stream, HalfPrimitive.engine, UInt32(dnnl_stream_default_flags.rawValue)))
        self.stream = stream!
    }

    /// A product.
    ///
    /// - Parameter scratch: made by `HalfPrimitive.scratch` for it among others; calls that are never under way together may share it.
    convenience init(_ product: HalfPrimitive, left: HalfMatrix, right: PrimitiveMemory, scratch: HalfMatrix) {
        let result = PrimitiveMemory(elsewhere: dnnl_query_dst_md, of: product)
        self.init(
            product,
            [
                (DNNL_ARG_SRC, PrimitiveMemory(dnnl_query_src_md, of: product, over: left)), (DNNL_ARG_WEIGHTS, right),
                (DNNL_ARG_DST, result), (DNNL_ARG_SCRATCHPAD, PrimitiveMemory(dnnl_query_scratchpad_md, of: product, over: scratch)),
            ], result: result)
    }

    /// A packing.
    convenience init(_ packing: HalfPrimitive, from plain: HalfMatrix, to packed: PrimitiveMemory) {
        self.init(
            packing, [(DNNL_ARG_SRC, PrimitiveMemory(dnnl_query_src_md, of: packing, over: plain)), (DNNL_ARG_DST, packed)], result: packed)
    }

    deinit {
        dnnl_stream_destroy(stream)
        list.deallocate()
    }

    /// Runs, and returns when it is done.
    func run() {
        // A store to thread-local memory: each product stays on its own thread (GEMM).
        omp_set_num_threads(1)
        HalfPrimitive.check(dnnl_primitive_execute(primitive.code, stream, Int32(arguments.count), list))
        HalfPrimitive.check(dnnl_stream_wait(stream))
    }

    /// As above, with the result at `c`.
    func run(into c: UnsafeMutablePointer<Float>) {
        HalfPrimitive.check(dnnl_memory_set_data_handle(result.memory, c))
        run()
    }
}
#endif
