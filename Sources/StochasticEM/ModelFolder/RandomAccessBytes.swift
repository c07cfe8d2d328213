import Foundation

/// Bytes that can be read from any place: a file, or memory.
protocol RandomAccessBytes {
    /// What errors call it.
    var name: String { get }
    var count: Int { get }
    /// Fills `buffer` with the bytes from `offset` on.
    ///
    /// - Throws: `ModelFolderError` where there are not enough of them.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws
}

extension RandomAccessBytes {
    /// A copy of some bytes, which must lie inside.
    func bytes(in range: Range<Int>) throws -> [UInt8] {
        // All empty arrays are one, and to fill it with nothing is to write to it: two threads would at the same time.
        guard !range.isEmpty else { return [] }
        return try Array(unsafeUninitializedCapacity: range.count) { buffer, initialized in
            try read(into: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: range.count), at: range.lowerBound)
            initialized = range.count
        }
    }

    /// A copy of everything.
    func allBytes() throws -> [UInt8] { try bytes(in: 0..<count) }

    /// The digest of everything, as `SHA256.finish` writes it.
    func sha256() throws -> String {
        let digest = SHA256()
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { piece.deallocate() }
        var offset = 0
        while offset < count {
            let part = UnsafeMutableRawBufferPointer(rebasing: piece[..<min(piece.count, count - offset)])
            try read(into: part, at: offset)
            digest.update(UnsafeRawBufferPointer(part))
            offset += part.count
        }
        return digest.finish()
    }
}

struct BytesInMemory: RandomAccessBytes {
    let name: String
    let bytes: [UInt8]
    var count: Int { bytes.count }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        guard offset >= 0, offset + buffer.count <= bytes.count else { throw ModelFolderError.damaged(name, "it ends too early") }
        bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + buffer.count])) }
    }
}

/// A regular file, open for reading. What was opened stays readable when its name is taken away.
final class InputFile: RandomAccessBytes {
    let name: String
    let count: Int
    private let descriptor: Int32

    /// - Parameter folder: the folder that `file` is a name in; nil if `file` is a path.
    /// - Throws: `ModelFolderError`.
    init(_ file: String, in folder: OpenFolder? = nil) throws {
        name = folder.map { "\($0.path)/\(file)" } ?? file
        // Not to wait for a writer, should it be a pipe.
        descriptor = openat(folder?.descriptor ?? AT_FDCWD, file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw ModelFolderError(
                .notFound, file: name, what: "cannot be opened (\(systemMessage()))", remedy: "check the path and who may read it")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ModelFolderError(.notFound, file: name, what: "is not a regular file", remedy: "name one")
        }
        count = Int(status.st_size)
    }

    deinit { close(descriptor) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        var done = 0
        while done < buffer.count {
            let n = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
            if n < 0 && errno == EINTR { continue }
            if n < 0 {
                throw ModelFolderError(
                    .inputOutput, file: name, what: "cannot be read (\(systemMessage()))", remedy: "check the disk")
            }
            if n == 0 { throw ModelFolderError.damaged(name, "it ends too early") }
            done += n
        }
    }
}

/// A folder, held open: its files are reached through it even when another folder takes its name.
final class OpenFolder {
    let path: String
    let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ModelFolderError(
                .notFound, file: path, what: "is not a folder that can be read (\(systemMessage()))",
                remedy: "name a folder that `lla fit` has written")
        }
    }

    deinit { close(descriptor) }

    /// Whether there is something of that name in it.
    func contains(_ name: String) -> Bool { faccessat(descriptor, name, F_OK, 0) == 0 }

    /// Whether the folder's name still leads to it.
    var isStillInPlace: Bool {
        var held = stat(), named = stat()
        return fstat(descriptor, &held) == 0 && stat(path, &named) == 0
            && held.st_ino == named.st_ino && held.st_dev == named.st_dev
    }
}

/// What the system says of its last error.
func systemMessage() -> String { String(cString: strerror(errno)) }
