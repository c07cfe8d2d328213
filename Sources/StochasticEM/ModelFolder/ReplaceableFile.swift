import Foundation

/// A file that is written whole or not at all.
enum ReplaceableFile {
    /// Writes under another name beside `path`, brings it to the disk, and gives it the name: what had the name before is replaced.
    ///
    /// - Throws: `ModelFolderError` of kind `cannotCreate` or `inputOutput`; then what had the name still has it.
    static func write(_ contents: Data, to path: String) throws {
        let url = URL(fileURLWithPath: path), folder = url.deletingLastPathComponent().path
        let temporary = "\(folder)/.\(url.lastPathComponent).writing-\(String(UInt32.random(in: 0 ... .max), radix: 16))"
        do {
            let file = try OutputFile(temporary)
            try contents.withUnsafeBytes { try file.write($0) }
            _ = try file.finish()
            guard rename(temporary, path) == 0 else {
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
}
