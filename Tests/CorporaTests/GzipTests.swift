import Testing
@testable import Corpora

@Suite struct GzipTests {
    private static let body = "user\titem\n" + (0..<50_000).map { "u\($0 / 100)\titem\(($0 * 7919) % 1013)\n" }.joined()

    private func unpack(_ bytes: [UInt8], portion: Int) throws -> [UInt8] {
        let gzip = try GzipBytes(BytesInMemory(bytes, portion: portion))
        var out: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 10_007)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try gzip.read(into: $0) }
            if count == 0 { return out }
            out += buffer.prefix(count)
        }
    }

    @Test(arguments: [1, 13, 1 << 20])
    func unpacksMembersLaidEndToEnd(portion: Int) throws {
        let bytes = Array(Self.body.utf8.prefix(200_000))
        let cuts = [0, 1, 70_001, 70_001, bytes.count]
        var packed: [UInt8] = []
        for (start, end) in zip(cuts, cuts.dropFirst()) { packed += try gzipped(Array(bytes[start..<end])) }
        #expect(try unpack(packed, portion: portion) == bytes)
        // The zeros with which a tape's last block is filled.
        #expect(try unpack(packed + [UInt8](repeating: 0, count: 512), portion: portion) == bytes)
    }

    @Test func aPackedLogReadsLikeThePlainOne() throws {
        let plain = try LogFile(Self.body), packed = try LogFile(gzipped(Array(Self.body.utf8)), name: "log.tsv.gz")
        // The name does not say what it is: the first bytes do.
        let misnamed = try LogFile(gzipped(Array(Self.body.utf8)), name: "log")
        let expected = try allRows([plain.path])
        #expect(expected.count == 50_000)
        #expect(try allRows([packed.path]) == expected)
        #expect(try allRows([misnamed.path]) == expected)
    }

    @Test func everyTruncationIsAnError() throws {
        let packed = try gzipped(Array("user\titem\nu\ta\nu\tb\n".utf8))
        for length in 3..<packed.count {
            let log = try LogFile(Array(packed.prefix(length)), name: "log.tsv.gz")
            let error = logError { _ = try allRows([log.path]) }
            #expect(error?.message == "truncated gzip: it ends before its data do", "cut at \(length)")
            #expect(error?.kind == .badData)
        }
    }

    @Test func everyDamagedByteOfTheDataIsAnErrorOrHarmless() throws {
        let packed = try gzipped(Array(Self.body.utf8.prefix(3000)))
        let expected = Array(Self.body.utf8.prefix(3000))
        // Behind the ten bytes of the header, whose time and system mean nothing, a checksum guards all.
        for at in 10..<packed.count {
            var damaged = packed
            damaged[at] ^= 0x10
            do {
                let unpacked = try unpack(damaged, portion: 1 << 20)
                #expect(unpacked == expected, "byte \(at)")
            } catch {
                let error = try #require(error as? LogError)
                #expect(error.message.contains("gzip"))
            }
        }
    }

    /// What comes before the damage is read, and as much of it however the bytes are cut.
    @Test func bytesBeforeTheDamageAreHandedOut() throws {
        let plain = Array(Self.body.utf8.prefix(3000)), packed = try gzipped(plain)
        // Long matches, of which a small buffer holds a part.
        let repeated = try gzipped([UInt8](repeating: 0x61, count: 3000))
        let cut = (12..<repeated.count).map { Array(repeated.prefix($0)) }
        let flipped = stride(from: 10, to: packed.count, by: 7).map { at in
            var damaged = packed
            damaged[at] ^= 0x10
            return damaged
        }
        for (number, damaged) in (flipped + cut).enumerated() {
            var outcomes: [(bytes: [UInt8], error: LogError?)] = []
            for (portion, room) in [(1 << 20, 10_000), (1 << 20, 61), (3, 10_000), (1, 1)] {
                let gzip = try GzipBytes(BytesInMemory(damaged, portion: portion))
                var out: [UInt8] = [], buffer = [UInt8](repeating: 0, count: room)
                let error = logError {
                    while true {
                        let count = try buffer.withUnsafeMutableBytes { try gzip.read(into: $0) }
                        if count == 0 { break }
                        out += buffer.prefix(count)
                    }
                }
                outcomes.append((out, error))
            }
            #expect(outcomes.allSatisfy { $0.bytes == outcomes[0].bytes && $0.error == outcomes[0].error }, "damage \(number)")
        }
    }
}
