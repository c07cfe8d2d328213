import Foundation

/// A small log and a model of it, made once by the program itself.
final class FittedModel: @unchecked Sendable {
    static let shared = Result { try FittedModel() }

    static let log = "toy.tsv"
    static let model = "toy.model"
    /// Options that make a fit of the log take no time.
    static let small = ["-K", "4", "-H", "8", "--epochs", "3", "--min-count", "1", "--variant", "topic"]

    private let folder: Folder
    let fit: Program.Outcome

    private init() throws {
        folder = try Folder()
        let drawn = try Program.run(
            [
                "synthesize", "-o", Self.log, "--topics", "4", "--tasks", "2", "--items", "60", "--sequences", "120",
                "--lengths", "10-20",
            ], in: folder)
        guard drawn.code == 0 else { throw Failure(messages: drawn.messages) }
        fit = try Program.run(["fit", Self.log, "-o", Self.model, "--observe", "0.6"] + Self.small, in: folder)
        guard fit.code == 0 else { throw Failure(messages: fit.messages) }
    }

    /// A folder with a copy of log and model.
    func copy() throws -> Folder {
        let copy = try Folder()
        for name in [Self.log, Self.model] {
            try FileManager.default.copyItem(at: folder.path(name), to: copy.path(name))
        }
        return copy
    }

    struct Failure: Error {
        let messages: String
    }
}
