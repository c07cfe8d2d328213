import CZlib
import Foundation
@testable import Corpora

/// A log on disk for the length of a test.
final class LogFile {
    let path: String

    init(_ bytes: [UInt8], name: String = "log.tsv") throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("corpora-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appendingPathComponent(name).path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    convenience init(_ text: String, name: String = "log.tsv") throws {
        try self.init(Array(text.utf8), name: name)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent)
    }
}

/// One gzip member, as the gzip program would write it.
func gzipped(_ bytes: [UInt8]) throws -> [UInt8] {
    struct Failure: Error {}
    var stream = z_stream()
    guard deflateInit2_(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { throw Failure() }
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
    let count: Int? = input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(target.count)
            return deflate(&stream, Z_FINISH) == Z_STREAM_END ? target.count - Int(stream.avail_out) : nil
        }
    }
    guard let count else { throw Failure() }
    return Array(output.prefix(count))
}

/// An event as text, as the readers see it.
struct TextEvent: Equatable, CustomStringConvertible {
    var user: String
    var time: String?
    var item: String
    var line = 0

    var description: String { "\(line): \(user) \(time ?? "-") \(item)" }
}

/// All rows of some logs, copied out.
func allRows(_ logs: [String], layout: LogLayout = LogLayout()) throws -> [TextEvent] {
    let rows = try LogRows(logs, layout: layout)
    var events: [TextEvent] = [], row = Row()
    while try rows.next(&row) {
        events.append(TextEvent(
            user: String(decoding: row.user, as: UTF8.self), time: row.time.map { String(decoding: $0, as: UTF8.self) },
            item: String(decoding: row.item, as: UTF8.self), line: row.line))
    }
    return events
}

/// What is thrown, if it is a LogError.
func logError(_ body: () throws -> Void) -> LogError? {
    do {
        try body()
        return nil
    } catch {
        return error as? LogError
    }
}

extension Corpus {
    /// Sequences with external names.
    var spelled: [[String]] { (0..<count).map { sequence($0).map { vocabulary.items[Int($0)] } } }
}
