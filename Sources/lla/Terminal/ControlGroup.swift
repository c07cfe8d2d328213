import Foundation

/// The group that Linux counts a process's memory in: of a container, of a job, of a service. (cgroups(7))
struct ControlGroup {
    /// `/proc/PID/cgroup`; empty on systems without.
    let membership: String
    /// The text of a file, nil where there is none.
    let read: (String) -> String?

    static var ofThisProcess: ControlGroup {
        // Files of these systems are made as they are read: there is no size to ask for before.
        func text(_ path: String) -> String? { FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } }
        return ControlGroup(membership: text("/proc/self/cgroup") ?? "", read: text)
    }

    /// Bytes that the group and all groups around it leave; nil where none sets a limit.
    var memoryLimit: Int? { limitFiles.compactMap(limit).min() }

    /// Where a limit may stand. In a container the groups' names may be those of the machine around it, which cannot be seen from
    /// inside: then the limit is that of the root, so that all groups from the process's own to the root are asked.
    private var limitFiles: [String] {
        membership.split(separator: "\n").flatMap { line -> [String] in
            // hierarchy : controllers : path
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return [] }
            if fields[0] == "0", fields[1].isEmpty {
                return ControlGroup.ancestors(fields[2]).map { "/sys/fs/cgroup\($0)/memory.max" }
            }
            guard fields[1].split(separator: ",").contains("memory") else { return [] }
            return ControlGroup.ancestors(fields[2]).map { "/sys/fs/cgroup/memory\($0)/memory.limit_in_bytes" }
        }
    }

    /// `/a/b`, `/a` and the root, which is written as nothing.
    private static func ancestors(_ path: Substring) -> [String] {
        let names = path.split(separator: "/")
        return (0...names.count).reversed().map { names.prefix($0).map { "/\($0)" }.joined() }
    }

    /// Version 2 writes "max" where there is no limit. Version 1 writes the largest number of whole pages, more than any machine has.
    private func limit(_ file: String) -> Int? {
        read(file).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }
}
