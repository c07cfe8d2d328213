import Foundation

/// Trials on disk, so that a search that was stopped goes on where it stood: JSON lines, first a header that says which search it
/// is, then a line for each trial, brought to the disk before the next begins.
///
/// A last line that was cut off is dropped. While it is open, no other process can open it.
public final class TrialsFile: TrialLog {
    /// The file, as it was named.
    public let path: String
    public private(set) var trials: [Trial] = []
    private let file: FileHandle

    /// Opens what is there, or begins anew.
    ///
    /// - Throws: `ModelFolderError`: exit code 73 where the file cannot be made, is in use, or is of another search or none; 65 where
    ///   it is damaged or of a later format; 74 where the disk fails.
    public init(_ path: String, header: SearchHeader) throws {
        self.path = path
        let first = try TrialsFile.line(header)
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw ModelFolderError(
                .cannotCreate, file: path, what: "cannot be made (\(systemMessage()))",
                remedy: "check who may write to the folder, and the room on the disk")
        }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        // Where there are no locks at all, as on some network drives, nobody is kept out.
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            throw ModelFolderError(
                .cannotCreate, file: path, what: "another search is writing to it", remedy: "wait for it, or name another output")
        }
        try resume(first)
    }

    public func append(_ trial: Trial) throws {
        try write(try TrialsFile.line(trial))
        trials.append(trial)
    }

    public func contradiction(_ number: Int) -> any Error {
        damaged(line: number + 2, "it is not the trial that this search would have run here")
    }

    /// - Parameter ours: the line that the file is to begin with.
    private func resume(_ ours: Data) throws {
        let bytes = try disk { try file.readToEnd() } ?? Data()
        let feed = UInt8(ascii: "\n")
        guard let end = bytes.lastIndex(of: feed) else {
            // Nothing yet, or the beginning of our own header.
            guard ours.starts(with: bytes) else { throw foreign() }
            try disk { try file.truncate(atOffset: 0) }
            try write(ours)
            StagingFolder.sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
            return
        }
        let lines = bytes[..<end].split(separator: feed, omittingEmptySubsequences: false)
        try check(Data(lines[0]), against: ours)
        let decoder = JSONDecoder()
        for (index, line) in lines.enumerated().dropFirst() {
            do {
                trials.append(try decoder.decode(Trial.self, from: Data(line)))
            } catch {
                throw damaged(line: index + 1, "the line cannot be understood")
            }
        }
        if end + 1 < bytes.endIndex { try disk { try file.truncate(atOffset: UInt64(end + 1)) } }
    }

    private func check(_ theirs: Data, against ours: Data) throws {
        // Why it is no JSON does not matter: it is not ours.
        guard let version = FormatVersion(settings: theirs),
              let there = try? JSONDecoder().decode(JSONValue.self, from: theirs) else { throw foreign() }
        guard version.major <= SearchHeader.formatVersion.major else {
            throw ModelFolderError(
                .newerFormat, file: path, what: "the trials have format version \(version), this program reads up to \(SearchHeader.formatVersion.major)",
                remedy: "use a newer version of lla, or name another output")
        }
        let differences = there.differences(from: try JSONDecoder().decode(JSONValue.self, from: ours))
        guard differences.isEmpty else {
            let shown = differences.prefix(3).joined(separator: ", ") + (differences.count > 3 ? ", …" : "")
            throw ModelFolderError(
                .cannotCreate, file: path, what: "holds the trials of another search, which differs in \(shown)",
                remedy: "give the log and the options of that search, remove the file, or name another output")
        }
    }

    private func foreign() -> ModelFolderError {
        ModelFolderError(
            .cannotCreate, file: path, what: "is there already, and is no file of trials", remedy: "name another output, or remove it yourself")
    }

    private func damaged(line: Int, _ what: String) -> ModelFolderError {
        ModelFolderError(
            .damaged, file: "\(path):\(line)", what: what, remedy: "cut the file off before this line, or remove it to begin anew")
    }

    private static func line(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value) + [UInt8(ascii: "\n")]
    }

    private func write(_ line: Data) throws {
        try disk {
            try file.write(contentsOf: line)
            try file.synchronize()
        }
    }

    private func disk<Result>(_ work: () throws -> Result) throws -> Result {
        do {
            return try work()
        } catch {
            throw ModelFolderError(
                .inputOutput, file: path, what: "cannot be read or written (\(error.localizedDescription))",
                remedy: "check the room on the disk, and the disk")
        }
    }
}
