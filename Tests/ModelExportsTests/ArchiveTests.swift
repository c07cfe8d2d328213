import Foundation
import TestSupport
import Testing
@testable import ModelExports

/// Archives and arrays, byte by byte and as another program reads them.
@Suite struct ArchiveTests {
    /// A header is as long as makes the numbers begin at a multiple of 64 bytes, and the numbers are little-endian.
    @Test(arguments: [[6], [2, 3], [1, 1, 6]]) func arraysAreThoseOfTheFormat(shape: [Int]) throws {
        let bytes = NumpyArray([1, -2.5, 0, 4, 5, Float.infinity], shape: shape).bytes
        #expect(Array(bytes.prefix(8)) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
        let length = Int(bytes[8]) | Int(bytes[9]) << 8
        #expect((10 + length) % 64 == 0 && bytes[9 + length] == UInt8(ascii: "\n") && bytes.count == 10 + length + 24)
        let header = String(decoding: bytes[10..<10 + length], as: UTF8.self)
        #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape.map(String.init).joined(separator: ", "))"))
        #expect(Array(bytes[(14 + length)..<(18 + length)]) == [0, 0, 0x20, 0xC0])
    }

    /// Names are as long as the longest of them: one is enough to make an array that no archive takes, and no memory is to be taken for it.
    @Test(arguments: [(200_000, 8000), (2_000_000, 3_000_000), (1, 1_100_000_000 / 1000)])
    func namesThatComeToTooMuchAreRefused(count: Int, longest: Int) throws {
        let names = [String](repeating: "a", count: count - 1) + [String(repeating: "b", count: longest)]
        if count * longest * 4 > Int(UInt32.max) {
            #expect(throws: ArchiveTooLarge.self) { try NumpyArray(names) }
        } else {
            #expect(try NumpyArray(names).bytes.count > 4 * longest)
        }
    }

    /// As `zipfile` of Python's standard library reads it, checksums included; a byte that is another is noticed.
    @Test(.enabled(if: ExternalProgram.python != nil)) func archivesAreThoseOfTheFormat() throws {
        var archive = ZipArchive()
        try archive.add("first.npy", NumpyArray([1.0, 2, 3], shape: [3]).bytes)
        try archive.add("名前.txt", Data("🧀".utf8))
        try archive.add("nothing", Data())
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lla-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1]) as archive:
                print(archive.testzip(), archive.namelist(), [len(archive.read(name)) for name in archive.namelist()], archive.read(archive.namelist()[1]).decode())
            """
        func read(_ bytes: Data) throws -> (status: Int32, said: String) {
            let file = folder.appendingPathComponent("archive.zip")
            try bytes.write(to: file)
            let outcome = try #require(ExternalProgram.python).run(["-c", script, file.path])
            return (outcome.status, String(decoding: outcome.output, as: UTF8.self))
        }
        let whole = try read(archive.bytes)
        #expect(whole.status == 0 && whole.said == "None ['first.npy', '名前.txt', 'nothing'] [140, 4, 0] 🧀\n")
        // Broken twin: one bit of the first array.
        var damaged = archive.bytes
        damaged[60] ^= 1
        let seen = try read(damaged)
        #expect(seen.status != 0 || seen.said.hasPrefix("first.npy"))
    }

    @Test(arguments: [("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\r\nb", "\"a\r\nb\""), ("", "")])
    func fieldsAreQuotedWhereTheyWouldBeCut(name: String, field: String) {
        #expect(TableExport.field(name) == field)
    }
}
