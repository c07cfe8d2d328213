import Foundation

/// A fitted model on disk: a folder that is there whole, or not at all.
///
///     model.safetensors   all tensors, counts included
///     vocabulary.tsv      the items' names and how often each was seen
///     settings.json       everything that was asked for, and `format_version`
///     training.jsonl      one line an epoch
///     SHA256SUMS          of the four above, for `sha256sum -c SHA256SUMS`
///     checkpoint/         if a fit left one to go on from; a folder of the same kind (`CheckpointFolder`)
///     fit.lock            while a fit is under way; what a killed one left of it is in nobody's way
public enum ModelFolder {
    /// Name within the folder: all tensors, counts included.
    public static let tensorFile = "model.safetensors"
    /// Name within the folder: a heading, then a line an item with the columns `number`, `item` and `count`.
    public static let vocabularyFile = "vocabulary.tsv"
    /// Name within the folder: everything that was asked for, and `format_version`.
    public static let settingsFile = "settings.json"
    /// Name within the folder: one line an epoch.
    public static let trainingFile = "training.jsonl"
    /// Name within the folder: the SHA-256 of each of the four above.
    public static let sumsFile = "SHA256SUMS"
    /// Name within the folder: what a fit left to go on from, a folder of the same kind.
    public static let checkpointFolder = "checkpoint"

    /// 1.1: settings say whether the log had times.
    static let formatVersion = FormatVersion(major: 1, minor: 1)
    /// In the order in which `SHA256SUMS` lists them.
    static let summedFiles = [tensorFile, vocabularyFile, settingsFile, trainingFile]

    /// What becomes of the `checkpoint/` of a model that is replaced.
    public enum CheckpointPolicy: Sendable {
        /// The new model has it.
        case carriedOver
        /// The new model has none.
        case dropped
    }

    /// Refuses at once what `write` would refuse after hours of fitting.
    ///
    /// - Throws: `ModelFolderError` (exit code 73).
    public static func checkCanWrite(to path: String) throws {
        _ = try StagingFolder(for: ReplaceableFolder(path))
    }

    /// Writes a model, or replaces one.
    ///
    /// The files are written under another name beside `path`, brought to the disk, and only then given the
    /// name. A process that is killed at any moment leaves the old model or the new one under `path`, whole.
    ///
    /// - Throws: `ModelFolderError`: exit code 73 where the folder cannot be made, or is there and is not a model;
    ///   74 where the disk fails or is full. Then `path` is as it was.
    public static func write(
        _ files: ModelFiles, to path: String, checkpoint: CheckpointPolicy = .carriedOver
    ) throws {
        let target = try ReplaceableFolder(path)
        guard FormatVersion(settings: files.settings)?.major == formatVersion.major,
              files.training.allSatisfy({ !$0.contains(UInt8(ascii: "\n")) })
        else {
            throw ModelFolderError(
                .cannotCreate, file: path, what: "the settings lack format_version \(formatVersion), or an epoch has more than one line",
                remedy: "this is an error in the program: please report it")
        }
        let staging = try StagingFolder(for: target)
        try fill(staging, with: files)
        if checkpoint == .carriedOver { try staging.adopt(checkpointFolder, of: target) }
        try staging.publish(as: target)
    }

    /// Writes the files and brings them to the disk.
    static func fill(_ staging: StagingFolder, with files: ModelFiles) throws {
        var sums = ""
        func add(_ name: String, _ contents: (OutputFile) throws -> Void) throws {
            let file = try OutputFile("\(staging.path)/\(name)", for: "\(staging.target)/\(name)")
            try contents(file)
            sums += sumLine(try file.finish(), name)
        }
        try add(tensorFile) { file in try Safetensors.write(files.tensors, file: tensorFile) { try file.write($0) } }
        try add(vocabularyFile) { file in
            try VocabularyFile.encode(files.vocabulary, file: vocabularyFile).withUnsafeBytes { try file.write($0) }
        }
        try add(settingsFile) { file in try files.settings.withUnsafeBytes { try file.write($0) } }
        // A line at a time: together they would be what a long fit grows by.
        try add(trainingFile) { file in
            for line in files.training { try (line + [UInt8(ascii: "\n")]).withUnsafeBytes { try file.write($0) } }
        }
        let text = Array(sums.utf8)
        try add(sumsFile) { file in try text.withUnsafeBytes { try file.write($0) } }
    }

    /// A line as `sha256sum` writes it.
    static func sumLine(_ digest: String, _ file: String) -> String { "\(digest)  \(file)\n" }
}
