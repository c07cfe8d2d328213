/// Where bytes come from: a file, standard input, or what gzip made of them.
protocol ByteSource: AnyObject {
    /// For messages.
    var name: String { get }

    /// Fills the head of `buffer`. Returns how many bytes; 0 at the end only. `buffer` must not be empty.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int
}

/// Opens a log, unpacking it if its first bytes say that it is gzip'd. `-` is standard input.
func openLog(_ path: String) throws(LogError) -> any ByteSource {
    let file = try FileBytes(path)
    return try file.startsWith([0x1F, 0x8B]) ? GzipBytes(file) : file
}
