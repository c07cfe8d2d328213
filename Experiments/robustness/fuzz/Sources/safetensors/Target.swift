import Harness

/// Tensors, from bytes without a checksum: what is accepted is written back as tensors of the same numbers.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    TensorLaw.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
