import Foundation

/// A folder beside the place that it is to take, in which a model is put together.
///
/// It is locked for as long as its process lives, so that what a killed process left can be told from work under way.
final class StagingFolder {
    let path: String
    /// The path that it is to have.
    let target: String
    private let parent: String
    private let descriptor: Int32
    private var isPublished = false

    /// How the names begin of folders under work, and of old models on their way out, for a model called `name`.
    static func prefixes(for name: String) -> [String] { [".\(name).writing-", ".\(name).replaced-"] }

    /// - Throws: `ModelFolderError` (exit code 73).
    init(for target: ReplaceableFolder) throws {
        (parent, self.target) = (target.parent, target.path)
        while true {
            let prefix = StagingFolder.prefixes(for: target.name)[0]
            let candidate = "\(target.parent)/\(prefix)\(String(UInt32.random(in: 0 ... .max), radix: 16))"
            guard mkdir(candidate, 0o777) == 0 else {
                if errno == EEXIST { continue }
                throw ModelFolderError(
                    .cannotCreate, file: target.path, what: "cannot be made in \(target.parent) (\(systemMessage()))",
                    remedy: "check who may write there, or name another folder")
            }
            let opened = open(candidate, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            // Where locks are not to be had, as on some network drives, leftovers are not cleared away either.
            _ = flock(opened, LOCK_EX | LOCK_NB)
            // Somebody who clears away leftovers may have come between the making and the lock.
            var status = stat()
            if opened >= 0, stat(candidate, &status) != 0 {
                close(opened)
                continue
            }
            (path, descriptor) = (candidate, opened)
            return
        }
    }

    deinit {
        if !isPublished { StagingFolder.remove(path) }
        close(descriptor)
    }

    /// Takes a folder of `target` over, if it has it: by links where the file system has them, so that `target` stays whole.
    func adopt(_ folder: String, of target: ReplaceableFolder) throws {
        let source = "\(target.path)/\(folder)", copy = "\(path)/\(folder)"
        let files = FileManager.default
        var isFolder: ObjCBool = false
        guard files.fileExists(atPath: source, isDirectory: &isFolder), isFolder.boolValue else { return }
        do {
            try files.createDirectory(atPath: copy, withIntermediateDirectories: false)
            for file in try files.contentsOfDirectory(atPath: source) {
                if link("\(source)/\(file)", "\(copy)/\(file)") != 0 {
                    try files.copyItem(atPath: "\(source)/\(file)", toPath: "\(copy)/\(file)")
                }
            }
        } catch {
            throw ModelFolderError(
                .inputOutput, file: source, what: "cannot be taken over into the new model (\(error.localizedDescription))",
                remedy: "check the room on the disk")
        }
        StagingFolder.sync(copy)
    }

    /// Gives the folder the name that it was made for. What had the name is gone when this returns.
    ///
    /// - Throws: `ModelFolderError` (exit code 74); then what had the name still has it.
    func publish(as target: ReplaceableFolder) throws {
        StagingFolder.sync(path)
        // rename(2) takes a free name or that of an empty folder, and never that of a folder with something in it.
        if rename(path, target.path) == 0 {
            isPublished = true
        } else if !target.isOccupied {
            throw failure(target)
        } else if exchange(path, target.path) == 0 {
            // The old model has the working name now.
            isPublished = true
            StagingFolder.sync(parent)
            StagingFolder.remove(path)
        } else {
            try publishInTwoSteps(as: target)
        }
        StagingFolder.sync(parent)
        clearLeftovers(of: target)
    }

    /// For file systems without an exchange: the old model steps aside first. A process that is killed
    /// between the steps leaves it under that other name, whole.
    func publishInTwoSteps(as target: ReplaceableFolder) throws {
        let aside = "\(parent)/\(StagingFolder.prefixes(for: target.name)[1])\(String(UInt32.random(in: 0 ... .max), radix: 16))"
        guard rename(target.path, aside) == 0 else { throw failure(target) }
        guard rename(path, target.path) == 0 else {
            let error = failure(target)
            _ = rename(aside, target.path)
            throw error
        }
        isPublished = true
        StagingFolder.sync(parent)
        StagingFolder.remove(aside)
    }

    /// Gives a folder its name again that stepped aside for one that never came, where a process was killed between those two steps.
    static func putBack(_ path: String) {
        let url = URL(fileURLWithPath: path), parent = url.deletingLastPathComponent().path
        let aside = prefixes(for: url.lastPathComponent)[1]
        // What cannot be listed has nothing to be put back.
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        // Fails where there is something under the name, and is then not needed. An empty folder there would be nobody's.
        for entry in entries.sorted() where entry.hasPrefix(aside) && !FileManager.default.fileExists(atPath: path) {
            _ = rename("\(parent)/\(entry)", path)
        }
    }

    /// Removes what killed processes left for the same target: of no use now that a new model is in place.
    private func clearLeftovers(of target: ReplaceableFolder) {
        // What cannot be listed or removed stays: the model is written, and that is what was asked for.
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        for entry in entries where StagingFolder.prefixes(for: target.name).contains(where: entry.hasPrefix) {
            let leftover = "\(parent)/\(entry)"
            let opened = open(leftover, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            if opened < 0 { continue }
            if flock(opened, LOCK_EX | LOCK_NB) == 0 { StagingFolder.remove(leftover) }
            close(opened)
        }
    }

    private func failure(_ target: ReplaceableFolder) -> ModelFolderError {
        ModelFolderError(
            .inputOutput, file: target.path, what: "cannot be put in place (\(systemMessage()))",
            remedy: "check who may write to \(parent)")
    }

    private static func remove(_ path: String) {
        // A leftover does no harm, and the next model that is written here clears it away.
        try? FileManager.default.removeItem(atPath: path)
    }

    static func sync(_ folder: String) {
        let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // Some file systems do not sync folders; there is nothing that a caller could do about it.
        if opened >= 0 {
            _ = fsync(opened)
            close(opened)
        }
    }
}

/// Swaps the names of two folders in one step; not zero where the system or the file system has no such step.
func exchange(_ first: String, _ second: String) -> Int32 {
    #if os(Linux)
    // Swift does not see the function: its header shows it to GNU sources only.
    typealias RenameAt2 = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    guard let symbol = dlsym(nil, "renameat2") else { return -1 }
    let RENAME_EXCHANGE: UInt32 = 2
    return unsafeBitCast(symbol, to: RenameAt2.self)(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE)
    #else
    return renamex_np(first, second, UInt32(RENAME_SWAP))
    #endif
}
