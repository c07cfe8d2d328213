/// How a log is written down.
public enum LogFormat: Sendable, Equatable {
    /// A header line, then rows, fields divided by commas (or by semicolons, if the header has those and no comma);
    /// quotes as in RFC 4180.
    case csv
    /// The same, divided by tabs.
    case tsv
    /// One JSON object a line.
    case jsonLines
    /// One document a line; its words are the items, in order, and it is named by its line number.
    case text

    /// By the file's name: `.csv`, `.tsv`, `.tab`, `.jsonl`, `.ndjson`, `.json`, each with or without `.gz`.
    init?(path: String) {
        var name = path.lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) }
        switch name.split(separator: ".", omittingEmptySubsequences: false).last {
        case "csv": self = .csv
        case "tsv", "tab": self = .tsv
        case "jsonl", "ndjson", "json": self = .jsonLines
        default: return nil
        }
    }

    /// By the first bytes: an object is JSON; else it is a table, and the first line tells the separator.
    init(contents: UnsafeRawBufferPointer) {
        let blanks: [UInt8] = [0x20, 0x09, 0x0D, 0x0A]
        if contents.first(where: { !blanks.contains($0) }) == UInt8(ascii: "{") {
            self = .jsonLines
        } else {
            let header = contents.prefix { $0 != 0x0A }
            self = header.contains(0x09) || !(header.contains(UInt8(ascii: ",")) || header.contains(UInt8(ascii: ";"))) ? .tsv : .csv
        }
    }
}

/// What is no text at all, told by its first bytes: the message says so, in place of a complaint about line 1.
func rejectForeignFormat(_ head: UnsafeRawBufferPointer, file: String) throws(LogError) {
    let foreign: [(magic: [UInt8], name: String, remedy: String)] = [
        ([0x50, 0x4B, 0x03, 0x04], "a zip archive", "unpack it first"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd data", "unpack it and hand it in by a pipe: zstd -dc FILE | lla … -"),
        ([0x42, 0x5A, 0x68], "bzip2 data", "unpack it and hand it in by a pipe: bzip2 -dc FILE | lla … -"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz data", "unpack it and hand it in by a pipe: xz -dc FILE | lla … -"),
        ([0x1F, 0x8B], "gzip data within gzip data", "unpack it once: gzip -d"),
        ([0x50, 0x41, 0x52, 0x31], "a Parquet file", "write it out as CSV first"),
        ([0xFF, 0xFE], "UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8"),
        ([0xFE, 0xFF], "UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8"),
    ]
    for (magic, name, remedy) in foreign where head.starts(with: magic) {
        throw LogError(.badData, file: file, line: 1, message: "this is \(name), not a log", remedy: remedy)
    }
}
