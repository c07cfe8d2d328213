/// Why a model, or a file of settings or trials, could not be written or read: which file, what is wrong with it, what to do.
public struct ModelFolderError: Error, Sendable, CustomStringConvertible {
    /// What sort of trouble it is; the exit code follows from it.
    public enum Kind: Sendable {
        /// There is no such folder or file, or it may not be read.
        case notFound
        /// It is there, but it is not what was written.
        case damaged
        /// It was written in a later format than this program knows.
        case newerFormat
        /// It is a model, but not of the kind that is needed.
        case otherKind
        /// The output cannot be made where it was asked for.
        case cannotCreate
        /// The device failed, or is full.
        case inputOutput
    }

    /// Decides `exitCode`.
    public let kind: Kind
    /// The file or folder, as a path.
    public let file: String
    /// What is wrong: a clause without a full stop.
    public let what: String
    /// What to do about it: a clause without a full stop.
    public let remedy: String

    /// - Parameters:
    ///   - file: the file or folder, as a path.
    ///   - what, remedy: clauses without full stops.
    public init(_ kind: Kind, file: String, what: String, remedy: String) {
        self.kind = kind
        self.file = file
        self.what = what
        self.remedy = remedy
    }

    public var description: String { "\(file): \(what); \(remedy)" }

    /// What the program is to exit with (sysexits.h).
    public var exitCode: Int32 {
        switch kind {
        case .damaged, .newerFormat, .otherKind: 65
        case .notFound: 66
        case .cannotCreate: 73
        case .inputOutput: 74
        }
    }

    /// An error of kind `damaged`, with the remedy that all of them share.
    public static func damaged(_ file: String, _ what: String) -> ModelFolderError {
        ModelFolderError(
            .damaged, file: file, what: what,
            remedy: "the model is damaged: restore it from a copy, or fit it again")
    }
}
