import Corpora
import Foundation

/// Checkpoints of a fit in the folder that its model will be in: `MODEL/checkpoint`, a folder of the same kind as a model's.
///
///     model.safetensors   the state of each part of the fit
///     vocabulary.tsv      a heading alone: the log has the items
///     settings.json       the settings that were asked for, and a fingerprint of the log
///     training.jsonl      one line for each epoch that is over
///     SHA256SUMS          of the four above
///
/// A model that is written replaces MODEL as a whole, and with it the checkpoint, which is needed no more: at no moment is there
/// neither. Until then MODEL may hold nothing else, or the model that is to be replaced.
///
/// While it is open, no other fit can use the folder. It serves one thread; `close` alone may come from any.
public final class CheckpointFolder: CheckpointStore, @unchecked Sendable {
    /// Minutes between two checkpoints within an epoch, usually.
    public static let usualMinutes = 10.0

    private let model: ReplaceableFolder
    private let lock: FolderLock
    private let pause: Duration
    private let clock = ContinuousClock()
    private var last: ContinuousClock.Instant

    /// `MODEL/checkpoint`.
    public var path: String { Self.checkpointPath(in: model) }

    /// Makes MODEL, if there is none, and keeps other fits out.
    ///
    /// - Parameters:
    ///   - path: MODEL.
    ///   - minutes: between two checkpoints within an epoch, at least 0; a block is never cut.
    /// - Throws: `ModelFolderError` (exit code 73).
    public init(model path: String, minutes: Double = usualMinutes) throws {
        model = try ReplaceableFolder(path)
        lock = try FolderLock(model)
        // A year is as good as never, and can be counted.
        pause = .seconds(min(max(minutes, 0), 525_600) * 60)
        last = clock.now
    }

    /// Refuses at once what opening the folder would refuse after the log was read, and leaves nothing behind.
    ///
    /// - Throws: `ModelFolderError` (exit code 73).
    public static func checkCanOpen(model path: String) throws {
        try ModelFolder.checkCanWrite(to: path)
        try FolderLock(ReplaceableFolder(path)).release()
    }

    /// Refuses a folder with a checkpoint in it, for a fit that could not go on from that and would be the end of it.
    ///
    /// - Throws: `ModelFolderError` (exit code 73).
    public static func checkHasNone(model path: String) throws {
        let checkpoint = try checkpointPath(in: ReplaceableFolder(path))
        guard isThere(checkpoint) else { return }
        throw ModelFolderError(
            .cannotCreate, file: checkpoint, what: "is the checkpoint of another fit, which has not come to its end",
            remedy: "go on from it with --resume and the options of that fit, name another folder, or remove it yourself")
    }

    private static func checkpointPath(in model: ReplaceableFolder) -> String { "\(model.path)/\(ModelFolder.checkpointFolder)" }

    private static func isThere(_ checkpoint: String) -> Bool {
        StagingFolder.putBack(checkpoint)
        return FileManager.default.fileExists(atPath: checkpoint)
    }

    public var isDue: Bool { clock.now - last >= pause }

    public func keep(_ checkpoint: FitCheckpoint) throws {
        let files = try ModelFiles(
            tensors: checkpoint.tensors, vocabulary: Vocabulary(items: [], counts: []), settings: checkpoint.identity,
            training: checkpoint.epochs)
        try ModelFolder.write(files, to: path, checkpoint: .dropped)
        // From its end on: a disk so slow that a checkpoint takes longer than the pause must not stop the fit altogether.
        last = clock.now
    }

    /// Whether there is a checkpoint, whole or not.
    public var hasCheckpoint: Bool { Self.isThere(path) }

    /// What was kept last; nil where nothing was.
    ///
    /// - Throws: `ModelFolderError` (exit code 65) where it is damaged, or was written by a later version.
    public func latest() throws -> FitCheckpoint? {
        guard hasCheckpoint else { return nil }
        do {
            let files = try ModelFolder.read(path)
            let decoder = JSONDecoder()
            let epochs = try files.training.map { line in
                do {
                    return try decoder.decode(EpochRecord.self, from: line)
                } catch {
                    throw ModelFolderError.damaged("\(path)/\(ModelFolder.trainingFile)", "a line cannot be understood (\(error))")
                }
            }
            return FitCheckpoint(
                identity: try files.settings(as: FitIdentity.self, model: path), tensors: files.tensors, epochs: epochs, source: path)
        } catch let error as ModelFolderError where error.kind == .damaged || error.kind == .notFound {
            throw ModelFolderError(
                .damaged, file: error.file, what: error.what,
                remedy: "the checkpoint is damaged: restore it from a copy, or leave out --resume to begin anew")
        }
    }

    /// Lets other fits in; a folder that was made and has nothing in it goes. So does the end of its life.
    public func close() { lock.release() }
}
