import Foundation

/// Damages a folder in many seeded ways, and notes what is said of each.
public struct DamageTrials {
    /// What became of one damage.
    public enum Verdict: Sendable {
        /// Refused, with words that name a file and a remedy.
        case refused
        /// Taken for whole, or refused without such words: what is found out.
        case found(String)
    }

    private let whole: FolderDamage.Files
    private let another: FolderDamage.Files
    private let place: URL
    private let amend: (FolderDamage.Files) throws -> FolderDamage.Files
    private let judge: (String) -> Verdict

    /// - Parameters:
    ///   - folder, another: two of the kind that `judge` reads; neither is changed.
    ///   - place: a folder that is made, overwritten at each trial, and removed at the end.
    ///   - amend: done to the damaged files before they are judged.
    ///   - judge: what is said of a folder.
    public init(
        of folder: String, another: String, at place: String,
        amend: @escaping (FolderDamage.Files) throws -> FolderDamage.Files = { $0 }, judge: @escaping (String) -> Verdict
    ) throws {
        whole = try Self.contents(of: folder)
        self.another = try Self.contents(of: another)
        self.place = URL(fileURLWithPath: place, isDirectory: true)
        self.amend = amend
        self.judge = judge
    }

    /// What came of a run.
    public struct Summary: Sendable {
        /// Damages by kind; neither those that changed no byte are counted, nor those that came to the same as one before.
        public var trials: [FolderDamage.Kind: Int] = [:]
        public var refused = 0
        /// Damage and words of what was found.
        public var findings: [String] = []
        /// Seconds of the longest trial.
        public var longest = 0.0
        public var count: Int { trials.values.reduce(0, +) }
    }

    /// Judges as many damages as `count`.
    ///
    /// - Parameter progress: told of each damage before it is judged, so that a crash can be placed.
    public func run(_ count: Int, seed: UInt64, progress: (Int, FolderDamage) -> Void = { _, _ in }) throws -> Summary {
        var summary = Summary(), number = 0
        var seen: Set<Int> = [whole.hashValue]
        defer { try? FileManager.default.removeItem(at: place) }
        while summary.count < count {
            let damage = FolderDamage(seed: seed, number: number)
            number += 1
            let damaged = damage.applied(to: whole, another: another)
            guard seen.insert(damaged.hashValue).inserted else { continue }
            progress(summary.count, damage)
            try write(amend(damaged))
            let start = Date()
            switch judge(place.path) {
            case .refused: summary.refused += 1
            case .found(let words): summary.findings.append("\(damage): \(words)")
            }
            summary.longest = max(summary.longest, Date().timeIntervalSince(start))
            summary.trials[damage.kind, default: 0] += 1
        }
        return summary
    }

    private func write(_ files: FolderDamage.Files) throws {
        if FileManager.default.fileExists(atPath: place.path) { try FileManager.default.removeItem(at: place) }
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for (name, bytes) in files {
            let file = place.appendingPathComponent(name)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }
    }

    /// Of folders within, too: their names then begin with the folder's.
    private static func contents(of folder: String) throws -> FolderDamage.Files {
        let url = URL(fileURLWithPath: folder, isDirectory: true)
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder).filter {
            try url.appendingPathComponent($0).resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true
        }
        return try Dictionary(uniqueKeysWithValues: files.map { ($0, Array(try Data(contentsOf: url.appendingPathComponent($0)))) })
    }
}
