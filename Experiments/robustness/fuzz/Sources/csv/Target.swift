import Harness

/// Rows of a table, and the times in them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    ReaderLaws.check(UnsafeRawBufferPointer(start: bytes, count: count), as: .csv)
    return 0
}
