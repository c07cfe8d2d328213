import CZlib

/// What a gzip file holds, unpacked as it is read. Members laid end to end are one file (RFC 1952, 2.2).
final class GzipBytes: ByteSource {
    let name: String
    private let source: any ByteSource
    private var stream = z_stream()
    private let packed: UnsafeMutableBufferPointer<UInt8>
    /// Packed bytes not yet unpacked are `packed[next ..< end]`.
    private var next = 0
    private var end = 0
    private var state = State.betweenMembers
    private var members = 0
    /// What is wrong behind the bytes that were last handed out.
    private var failure: LogError?

    private enum State { case betweenMembers, insideMember, finished }

    init(_ source: any ByteSource) throws(LogError) {
        self.source = source
        name = source.name
        packed = .allocate(capacity: 1 << 18)
        // 15 bits of window, and 16 to say that a gzip header comes first.
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw LogError(.noInput, file: name, message: "zlib cannot start", remedy: "check the memory that is left")
        }
    }

    deinit {
        inflateEnd(&stream)
        packed.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
        let out = buffer.bindMemory(to: UInt8.self)
        while true {
            if let failure { throw failure }
            if state == .finished { return 0 }
            if next == end {
                next = 0
                end = try source.read(into: UnsafeMutableRawBufferPointer(packed))
                if end == 0 {
                    guard state == .insideMember else {
                        state = .finished
                        return 0
                    }
                    // zlib may hold back the rest of a match for which there was no room.
                    let count = unpack(into: out)
                    guard count > 0 else { throw failure ?? truncated() }
                    return count
                }
            }
            if state == .betweenMembers {
                if try skipPadding() { continue }
                inflateReset(&stream)
                state = .insideMember
            }
            let count = unpack(into: out)
            if count > 0 { return count }
        }
    }

    /// Some writers fill the last block of a tape with zeros; another member may follow. Returns whether it ate the bytes at hand.
    private func skipPadding() throws(LogError) -> Bool {
        guard members > 0 else { return false }
        while next < end, packed[next] == 0 { next += 1 }
        if next == end { return true }
        guard packed[next] == 0x1F else {
            throw LogError(
                .badData, file: name, message: "corrupt gzip: bytes behind its end that are no gzip",
                remedy: "fetch or pack the file again")
        }
        return false
    }

    /// Returns how many bytes it unpacked; sets `failure` where the packed ones behind them are damaged.
    private func unpack(into out: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard let input = packed.baseAddress else { return 0 }
        let room = min(out.count, Int(UInt32.max))
        stream.next_in = input + next
        stream.avail_in = UInt32(end - next)
        stream.next_out = out.baseAddress
        stream.avail_out = UInt32(room)
        let code = inflate(&stream, Z_NO_FLUSH)
        next = end - Int(stream.avail_in)
        switch code {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END:
            state = .betweenMembers
            members += 1
        default:
            let detail = stream.msg.map { String(cString: $0) } ?? "code \(code)"
            failure = LogError(.badData, file: name, message: "corrupt gzip: \(detail)", remedy: "fetch or pack the file again")
            // What came before the damage is handed out first, however much of it was unpacked in one go.
        }
        return room - Int(stream.avail_out)
    }

    private func truncated() -> LogError {
        LogError(.badData, file: name, message: "truncated gzip: it ends before its data do", remedy: "fetch or pack the file again")
    }
}
