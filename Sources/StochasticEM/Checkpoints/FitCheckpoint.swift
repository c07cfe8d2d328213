import Corpora

/// A fit between two of its blocks, as plain values: all that it needs to go on as if it had never been stopped.
public struct FitCheckpoint: Sendable {
    /// The fit that it is of.
    let identity: FitIdentity
    /// The state of each part of the fit.
    var tensors: [Tensor]
    /// Of the epochs that are over; those of all restarts.
    public let epochs: [EpochRecord]
    /// What errors call it: a path.
    let source: String

    init(identity: FitIdentity, tensors: [Tensor], epochs: [EpochRecord], source: String = "the checkpoint") {
        self.identity = identity
        self.tensors = tensors
        self.epochs = epochs
        self.source = source
    }
}

/// Where a fit keeps what it would need to go on.
public protocol CheckpointStore: AnyObject {
    /// Whether a checkpoint is wanted in the midst of an epoch. Asked after each block; at an epoch's end one is kept anyway.
    var isDue: Bool { get }

    /// Keeps a checkpoint in place of the last one, which is not let go before.
    ///
    /// - Throws: what ends the fit.
    func keep(_ checkpoint: FitCheckpoint) throws
}

/// All that a fit depends on. Threads are not among it.
struct FitIdentity: Codable, Sendable, Equatable {
    /// As they were asked for: with `auto` for a start that the log chooses.
    let fit: FitSettings
    let log: LogFingerprint
    /// Of the model that the fit goes on from; nil where it goes on from none.
    let warmStart: String?

    /// - Throws: `CheckpointMismatch` where a checkpoint is of another fit.
    func check(_ checkpoint: FitCheckpoint) throws {
        guard checkpoint.identity != self else { return }
        let there = checkpoint.identity
        var differences = try JSONValue(encoding: there.fit).contrasts(with: JSONValue(encoding: fit)).map {
            "\($0.key) is \($0.mine) there and \($0.other) here"
        }
        if there.log != log {
            differences.append(
                "the log is another: \(there.log) there, \(log) here"
                    + (there.log.sizes == log.sizes ? ", with other contents" : ""))
        }
        if there.warmStart != warmStart { differences.append("it starts from \(there.origin) there and from \(origin) here") }
        throw CheckpointMismatch(source: checkpoint.source, differences: differences)
    }
}

extension FitIdentity {
    /// In words; 12 digits of 64 tell two models apart.
    private var origin: String { warmStart.map { "the model \($0.prefix(12))" } ?? "no model" }
}

/// A checkpoint is of a fit with other settings, or of another log.
public struct CheckpointMismatch: Error, Sendable, CustomStringConvertible {
    /// The checkpoint's path, where it has one.
    public let source: String
    /// A clause for each difference.
    public let differences: [String]

    public var description: String { "\(source): is of another fit: \(differences.joined(separator: "; "))" }
}
