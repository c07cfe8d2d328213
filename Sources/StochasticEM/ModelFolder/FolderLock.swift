import Foundation

/// Keeps a model's folder to one fit at a time: a file in it that is locked for as long as the fit's process lives.
///
/// The lock is the system's, so that a fit that was killed leaves none behind; the file that it leaves is in nobody's way.
/// A model that replaces the folder takes the place of the file as well.
final class FolderLock: @unchecked Sendable {
    static let file = "fit.lock"

    private let folder: String
    private let descriptor: Int32
    /// Whether the folder was not there before.
    private let madeFolder: Bool
    private let mutex = NSLock()
    private var isHeld = true

    private var path: String { "\(folder)/\(FolderLock.file)" }

    /// Makes the folder, if there is none, and locks it.
    ///
    /// - Throws: `ModelFolderError` (exit code 73), also where another fit has it.
    init(_ target: ReplaceableFolder) throws {
        folder = target.path
        let path = "\(folder)/\(FolderLock.file)"
        var made = false
        while true {
            if mkdir(folder, 0o777) == 0 { made = true } else if errno != EEXIST { throw FolderLock.refusal(folder) }
            let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            if opened < 0 {
                // The folder went away between the two calls.
                if errno == ENOENT { continue }
                throw FolderLock.refusal(folder)
            }
            // Where there are no locks at all, as on some network drives, nobody is kept out.
            if flock(opened, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
                close(opened)
                throw ModelFolderError(
                    .cannotCreate, file: folder, what: "another fit is writing to it", remedy: "wait for it, or name another folder")
            }
            // Whoever held it may have removed the file, or the folder, since it was opened.
            guard FolderLock.leads(path, to: opened) else {
                close(opened)
                continue
            }
            (descriptor, madeFolder) = (opened, made)
            return
        }
    }

    deinit { release() }

    /// Lets others in, and leaves nothing behind that was not there before. May be called from any thread, and again.
    func release() {
        mutex.withLock {
            guard isHeld else { return }
            isHeld = false
            // Under the name may lie another fit's by now, in a folder that took the place of ours.
            if FolderLock.leads(path, to: descriptor) { unlink(path) }
            // Only an empty folder goes.
            if madeFolder { rmdir(folder) }
            close(descriptor)
        }
    }

    private static func leads(_ path: String, to descriptor: Int32) -> Bool {
        var held = stat(), named = stat()
        return fstat(descriptor, &held) == 0 && stat(path, &named) == 0 && held.st_ino == named.st_ino && held.st_dev == named.st_dev
    }

    private static func refusal(_ folder: String) -> ModelFolderError {
        ModelFolderError(
            .cannotCreate, file: folder, what: "nothing can be made in it (\(systemMessage()))",
            remedy: "check who may write there, and the room on the disk")
    }
}
