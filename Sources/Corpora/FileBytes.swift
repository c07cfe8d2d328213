#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The bytes of a file as they lie on disk, or of standard input.
final class FileBytes: ByteSource {
    let name: String
    private let descriptor: Int32
    /// Bytes that were read ahead to see what kind of file it is.
    private var ahead: [UInt8] = []

    init(_ path: String) throws(LogError) {
        guard path != "-" else {
            name = "standard input"
            descriptor = STDIN_FILENO
            return
        }
        name = path
        guard !path.utf8.contains(0) else {
            throw LogError(.noInput, file: path, message: "a file name cannot hold a NUL byte", remedy: "check the path")
        }
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else {
            let remedy = errno == ENOENT ? "check the path; - reads standard input" : "check who may read it"
            throw LogError(.noInput, file: path, message: "cannot open: \(reason(errno))", remedy: remedy)
        }
        descriptor = opened
        var status = stat()
        if fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw LogError(.noInput, file: path, message: "is a directory", remedy: "name the log files in it: \(path)/*")
        }
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    /// Whether the file's first bytes, not yet handed out, are these.
    func startsWith(_ magic: [UInt8]) throws(LogError) -> Bool {
        while ahead.count < magic.count {
            var byte: UInt8 = 0
            let count = try withUnsafeMutableBytes(of: &byte) { (one) throws(LogError) in try readAll(one) }
            if count == 0 { break }
            ahead.append(byte)
        }
        return ahead.starts(with: magic)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
        guard !ahead.isEmpty else { return try readAll(buffer) }
        let count = min(ahead.count, buffer.count)
        buffer.copyBytes(from: ahead.prefix(count))
        ahead.removeFirst(count)
        return count
    }

    private func readAll(_ buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
        while true {
            #if canImport(Darwin)
            let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #elseif canImport(Musl)
            let count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
            #else
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if count >= 0 { return count }
            if errno != EINTR {
                throw LogError(.noInput, file: name, message: "cannot read: \(reason(errno))", remedy: "check the disk or the pipe")
            }
        }
    }
}

/// What the system says of an error number.
private func reason(_ number: Int32) -> String {
    String(cString: strerror(number))
}
