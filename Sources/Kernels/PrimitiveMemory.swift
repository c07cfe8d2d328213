#if canImport(COneDNN)
import COneDNN

/// A matrix as one of oneDNN's primitives sees it: bytes, and how they are laid out.
final class PrimitiveMemory: @unchecked Sendable {
    let memory: dnnl_memory_t
    /// Whoever owns the bytes; nil where each run says anew where they are.
    private let owner: AnyObject?

    private init(_ primitive: HalfPrimitive, _ part: dnnl_query_t, bytes: UnsafeMutableRawPointer?, owner: AnyObject?) {
        var memory: dnnl_memory_t?
        HalfPrimitive.check(lla_memory_create(&memory, primitive.description, part, HalfPrimitive.engine, bytes))
        self.memory = memory!
        self.owner = owner
    }

    deinit { dnnl_memory_destroy(memory) }

    /// `matrix`, in a part of a primitive that has its layout.
    convenience init(_ part: dnnl_query_t, of primitive: HalfPrimitive, over matrix: HalfMatrix) {
        self.init(primitive, part, bytes: matrix.base, owner: matrix)
    }

    /// As many bytes as the part takes, zeros, of its own.
    convenience init(_ part: dnnl_query_t, of primitive: HalfPrimitive) {
        let bytes = HalfMatrix(rows: 1, columns: (primitive.bytes(part) + 1) / 2)
        self.init(primitive, part, bytes: bytes.base, owner: bytes)
    }

    /// Floats that each run says the place of.
    convenience init(elsewhere part: dnnl_query_t, of primitive: HalfPrimitive) {
        self.init(primitive, part, bytes: nil, owner: nil)
    }
}
#endif
