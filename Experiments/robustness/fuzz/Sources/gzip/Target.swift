import Harness

/// gzip, however it is damaged: what it holds, or an error; the same however it is cut.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    UnpackingLaw.check(UnsafeRawBufferPointer(start: bytes, count: count))
    return 0
}
