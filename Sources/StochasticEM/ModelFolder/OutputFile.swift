import Foundation

/// A new file that keeps the digest of what is written to it.
final class OutputFile {
    /// What it is called in errors.
    private let name: String
    private let descriptor: Int32
    private let digest = SHA256()

    /// - Parameter name: the path that it will have once it is whole, which is what a reader knows.
    /// - Throws: `ModelFolderError` if the file is there already, or cannot be made.
    init(_ path: String, for name: String) throws {
        self.name = name
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw ModelFolderError(
                .cannotCreate, file: name, what: "cannot be made (\(systemMessage()))",
                remedy: "check who may write to the folder, and the room on the disk")
        }
    }

    deinit { close(descriptor) }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        digest.update(bytes)
        var done = 0
        while done < bytes.count {
            let n = Foundation.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            if n < 0 && errno == EINTR { continue }
            guard n > 0 else { throw failure("cannot be written") }
            done += n
        }
    }

    /// Brings everything to the disk; nothing may be written after.
    ///
    /// - Returns: the digest of the file.
    func finish() throws -> String {
        guard fsync(descriptor) == 0 else { throw failure("cannot be brought to the disk") }
        return digest.finish()
    }

    private func failure(_ what: String) -> ModelFolderError {
        ModelFolderError(
            .inputOutput, file: name, what: "\(what) (\(systemMessage()))", remedy: "check the room on the disk, and the disk")
    }
}
