import CZlib

/// A change as libFuzzer makes them.
@_silgen_name("LLVMFuzzerMutate")
private func change(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int) -> Int

/// Changes the input, and then, half of the time, puts the checksums and lengths right: a changed byte seldom comes with them, and what lies
/// behind them would be seen by nobody.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int, _ seed: UInt32) -> Int {
    let count = change(bytes, count, most)
    return seed % 2 == 0 ? count : sealed(bytes, count, most)
}

/// Gives each member the trailer of what it holds, up to the first that cannot be unpacked; a trailer that is cut off is completed.
private func sealed(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ most: Int) -> Int {
    var at = 0, count = count
    while let body = body(of: UnsafeMutableBufferPointer(start: bytes, count: count), at) {
        var stream = z_stream(), sum = crc32(0, nil, 0)
        // 15 bits of window, and minus: without header and trailer.
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return count }
        defer { inflateEnd(&stream) }
        (stream.next_in, stream.avail_in) = (bytes + body, UInt32(count - body))
        var code = Z_OK
        while code == Z_OK {
            code = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4096) { room in
                (stream.next_out, stream.avail_out) = (room.baseAddress, 4096)
                let code = inflate(&stream, Z_NO_FLUSH)
                sum = crc32(sum, room.baseAddress, 4096 - stream.avail_out)
                return code
            }
        }
        let trailer = count - Int(stream.avail_in)
        guard code == Z_STREAM_END, trailer + 8 <= most else { return count }
        for place in 0..<4 {
            bytes[trailer + place] = UInt8(truncatingIfNeeded: sum >> (8 * UInt(place)))
            bytes[trailer + 4 + place] = UInt8(truncatingIfNeeded: stream.total_out >> (8 * UInt(place)))
        }
        at = trailer + 8
        count = max(count, at)
    }
    return count
}

/// Where the deflated bytes of the member begin that comes at or behind `at` (RFC 1952, 2.3); nil where there is none.
private func body(of bytes: UnsafeMutableBufferPointer<UInt8>, _ at: Int) -> Int? {
    guard let start = bytes[at...].firstIndex(where: { $0 != 0 }), start + 10 < bytes.count, bytes[start] == 0x1F, bytes[start + 1] == 0x8B else { return nil }
    let flags = bytes[start + 3]
    var next = start + 10
    if flags & 4 != 0 {
        guard next + 2 < bytes.count else { return nil }
        next += 2 + Int(bytes[next]) + Int(bytes[next + 1]) << 8
    }
    // The name, and a comment: each ends with a zero.
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
        guard next < bytes.count, let end = bytes[next...].firstIndex(of: 0) else { return nil }
        next = end + 1
    }
    if flags & 2 != 0 {
        guard next + 2 < bytes.count else { return nil }
        let sum = crc32(0, bytes.baseAddress! + start, UInt32(next - start))
        (bytes[next], bytes[next + 1]) = (UInt8(truncatingIfNeeded: sum), UInt8(truncatingIfNeeded: sum >> 8))
        next += 2
    }
    return next < bytes.count ? next : nil
}
