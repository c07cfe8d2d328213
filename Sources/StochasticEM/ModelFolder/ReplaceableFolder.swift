import Foundation

/// A place where a model may be put: nothing is there, or an empty folder, or a model.
struct ReplaceableFolder {
    /// The folder that holds it; exists.
    let parent: String
    let name: String
    /// Whether something has to make room.
    let isOccupied: Bool

    var path: String { parent == "/" ? "/\(name)" : "\(parent)/\(name)" }

    /// - Throws: `ModelFolderError` (exit code 73) that says why this is no place for a model.
    init(_ path: String) throws {
        func refuse(_ what: String, _ remedy: String) -> ModelFolderError {
            ModelFolderError(.cannotCreate, file: path.isEmpty ? "\"\"" : path, what: what, remedy: remedy)
        }
        var status = stat()
        if lstat(path, &status) == 0 {
            // The folder itself, when a link leads to it: the link stays as it is.
            guard let resolved = realpath(path, nil) else {
                throw refuse("leads nowhere (\(systemMessage()))", "remove it, or name another folder")
            }
            defer { free(resolved) }
            let url = URL(fileURLWithPath: String(cString: resolved))
            (parent, name) = (url.deletingLastPathComponent().path, url.lastPathComponent)
            let entries = try ReplaceableFolder.entries(of: url.path, refuse)
            isOccupied = !entries.isEmpty
            if let foreign = ReplaceableFolder.foreignEntry(entries) {
                throw refuse("is a folder that holds other things than a model (\(foreign))", "name a new folder, or remove it yourself")
            }
            var above = stat()
            if stat(url.path, &status) == 0, stat(parent, &above) == 0, status.st_dev != above.st_dev {
                throw refuse("is where a file system is mounted, and cannot be replaced as a whole", "name a folder inside it")
            }
            if url.path == FileManager.default.currentDirectoryPath {
                throw refuse("is the folder that you are in", "name a new folder inside it")
            }
        } else {
            let url = URL(fileURLWithPath: path)
            (parent, name, isOccupied) = (url.deletingLastPathComponent().path, url.lastPathComponent, false)
            guard !path.isEmpty, name != ".." else { throw refuse("is not a name for a folder", "name one") }
            guard stat(parent, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                throw refuse("the folder \(parent) that is to hold it is not there", "make it first, or name another folder")
            }
        }
    }

    private static func entries(of folder: String, _ refuse: (String, String) -> ModelFolderError) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw refuse("is there already and is not a folder that can be read", "name a new folder, or remove it yourself")
        }
    }

    /// An entry for which the folder is not ours to replace, or nil if it is empty or a model.
    private static func foreignEntry(_ entries: [String]) -> String? {
        let passing: Set = [ModelFolder.checkpointFolder, FolderLock.file]
        let own = Set(ModelFolder.summedFiles + [ModelFolder.sumsFile]).union(passing)
        let leftBehind = StagingFolder.prefixes(for: ModelFolder.checkpointFolder)
        let foreign = entries.first { entry in !own.contains(entry) && !leftBehind.contains { entry.hasPrefix($0) } }
        if let foreign { return foreign }
        // Other programs have a settings.json too. A fit that has not ended yet has nothing but its checkpoint.
        let files = Set(entries).intersection(own).subtracting(passing)
        return files.isEmpty || files.isSuperset(of: [ModelFolder.tensorFile, ModelFolder.sumsFile]) ? nil : files.sorted().first
    }
}
