import Foundation

/// A file that is written whole or not at all.
package enum ReplaceableFile {
    /// Writes under another name beside `path`, brings it to the disk, and gives it the name: what had the name before is replaced.
    /// Where `path` is a link, all that is done to the file that it leads to, and the link stays as it is.
    ///
    /// - Throws: `ModelFolderError` of kind `cannotCreate` or `inputOutput`; then what had the name still has it.
    package static func write(_ contents: Data, to path: String) throws {
        let place = end(of: path), url = URL(fileURLWithPath: place), folder = url.deletingLastPathComponent().path
        let temporary = "\(folder)/.\(url.lastPathComponent).writing-\(String(UInt32.random(in: 0 ... .max), radix: 16))"
        do {
            let file = try OutputFile(temporary, for: path)
            try contents.withUnsafeBytes { try file.write($0) }
            _ = try file.finish()
            guard rename(temporary, place) == 0 else {
                throw ModelFolderError(
                    .inputOutput, file: path, what: "cannot be put in place (\(systemMessage()))", remedy: "check who may write to \(folder)")
            }
        } catch {
            // What is left of it does no harm, and the error that matters is the first.
            unlink(temporary)
            throw error
        }
        StagingFolder.sync(folder)
    }

    /// Refuses at once what `write` would refuse after long work.
    ///
    /// - Returns: whether a file of that name is there already.
    /// - Throws: `ModelFolderError` of kind `cannotCreate`.
    package static func checkCanWrite(to path: String) throws -> Bool {
        func refuse(_ what: String, _ remedy: String) -> ModelFolderError {
            ModelFolderError(.cannotCreate, file: path.isEmpty ? "\"\"" : path, what: what, remedy: remedy)
        }
        guard !path.isEmpty, !path.hasSuffix("/") else { throw refuse("is not a name for a file", "name one") }
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, stat(path, &status) != 0 {
            throw refuse("leads nowhere (\(systemMessage()))", "remove it, or name another file")
        }
        let folder = URL(fileURLWithPath: end(of: path)).deletingLastPathComponent().path
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw refuse("the folder \(folder) that is to hold it is not there", "make it first, or name another file")
        }
        guard access(folder, W_OK) == 0 else { throw refuse("nothing can be written to \(folder) (\(systemMessage()))", "check who may write there") }
        guard stat(path, &status) == 0 else { return false }
        guard status.st_mode & S_IFMT == S_IFREG else { throw refuse("is there already and is not a file", "name another file") }
        return true
    }

    /// Where links lead; where nothing is yet, the path as it was given.
    private static func end(of path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
