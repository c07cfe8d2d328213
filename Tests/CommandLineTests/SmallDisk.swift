import Foundation
import TestSupport
import Testing

/// A file system in memory of a size of its own, for as long as a test has it. Only root can mount one.
final class SmallDisk {
    let url: URL
    private let mount: ExternalProgram
    private let unmount: ExternalProgram

    /// Whether tests that need one can run here; who cannot mount is told so.
    static let canBeMounted = (try? SmallDisk(bytes: 4096)) != nil
    static let why: Comment = "it takes root, on Linux, to mount a file system in memory"

    struct CannotMount: Error {}

    init(bytes: Int) throws {
        guard geteuid() == 0, let mount = ExternalProgram(["mount"]), let unmount = ExternalProgram(["umount"]) else { throw CannotMount() }
        (self.mount, self.unmount) = (mount, unmount)
        url = FileManager.default.temporaryDirectory.appendingPathComponent("lla-disk-\(UUID().uuidString)").resolvingSymlinksInPath()
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        guard try mount.run(["-t", "tmpfs", "-o", "size=\(bytes)", "lla-tests", url.path]).status == 0 else {
            try FileManager.default.removeItem(at: url)
            throw CannotMount()
        }
    }

    deinit {
        // What cannot be unmounted stays, in memory alone.
        _ = try? unmount.run(["-l", url.path])
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// From now on nothing can be written to it, by root neither.
    func makeReadOnly() throws {
        guard try mount.run(["-o", "remount,ro", url.path]).status == 0 else { throw CannotMount() }
    }

    /// Takes all the room that there is but for so many bytes, until the file `filling` is removed.
    func fill(leaving bytes: Int = 0) throws {
        let free = try FileManager.default.attributesOfFileSystem(forPath: url.path)[.systemFreeSize] as? NSNumber
        try Data(count: max(0, (free?.intValue ?? 0) - bytes)).write(to: URL(fileURLWithPath: path("filling")))
    }

    /// Names of all that is on it, folders' contents included.
    func entries() throws -> Set<String> { Set(try FileManager.default.subpathsOfDirectory(atPath: url.path)) }

    /// The bytes of all files, by name.
    func contents() throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try entries() { contents[name] = FileManager.default.contents(atPath: path(name)) }
        return contents
    }
}
