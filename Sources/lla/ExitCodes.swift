import ArgumentParser
import Baselines
import Corpora
import Evaluation
import StochasticEM
import TopicHierarchies
import TopicSampling

/// What the program ends with; see sysexits.h.
enum ExitCodes {
    static let done: Int32 = 0
    static let usage: Int32 = 64
    static let badData: Int32 = 65
    /// A number was not finite.
    static let diverged: Int32 = 69
    static let software: Int32 = 70
    static let cannotCreate: Int32 = 73
    static let inputOutput: Int32 = 74
}

/// What a command cannot do, and what to do about it.
struct Refusal: Error {
    let code: Int32
    /// A file or a setting; nil where none is at fault.
    var place: String?
    let message: String
    let remedy: String
}

/// Several things that could not be done, of as many that were asked for: at least one.
struct Refusals: Error {
    let errors: [any Error]
}

/// What becomes of an error: an exit code, and words on one of the two outputs.
struct Verdict {
    let code: Int32
    /// Empty where there is nothing to say.
    let words: String

    init(on error: any Error) {
        switch error {
        case let error as LogError:
            self.init(error.kind.exitCode, error.description)
        case let error as ModelFolderError:
            self.init(error.exitCode, "\(error.file): \(error.what) (\(error.remedy))")
        case let error as InvalidSetting:
            self.init(ExitCodes.usage, "--\(error.name) \(error.value) cannot be (\(error.remedy))")
        case let error as InvalidParameter:
            self.init(ExitCodes.usage, "--\(error.name) \(error.value) cannot be (\(error.remedy))")
        case let error as UnusedOption:
            self.init(ExitCodes.usage, "\(error.description) (\(error.remedy))")
        case let error as EmptyCorpus:
            self.init(ExitCodes.badData, error.description)
        case let error as SyntheticError:
            self.init(synthetic: error)
        case let error as LinkageError:
            self.init(ExitCodes.badData, error.description)
        case let error as NoPath:
            self.init(ExitCodes.badData, "\(error.description.printable) (\(error.remedy))")
        case let error as Refusal:
            self.init(error.code, "\(error.place.map { $0 + ": " } ?? "")\(error.message) (\(error.remedy))")
        case let error as CheckpointMismatch:
            self.init(
                ExitCodes.cannotCreate,
                "\(error.description) (give the log and the options of that fit, or leave out --resume to begin anew)")
        case let error as Divergence:
            self.init(ExitCodes.diverged, "\(error.description) (\(error.remedy))")
        case let stop as Stopped:
            self.init(code: stop.code, words: stop.words)
        case let error as Refusals:
            let verdicts = error.errors.map { Verdict(on: $0) }
            self.init(code: verdicts.first?.code ?? ExitCodes.software, words: verdicts.map { $0.words }.joined(separator: "\n"))
        case is ReaderLeft:
            self.init(code: ExitCodes.done, words: "")
        default:
            self.init(parsing: error)
        }
    }

    /// Says the words, and returns the code to exit with.
    func deliver() -> Int32 {
        if code == ExitCodes.done {
            // Help and versions are results.
            return words.isEmpty || StandardOutput.accepts(words + "\n") ? code : ExitCodes.inputOutput
        }
        StandardError.shared.line(words)
        return code
    }

    private init(code: Int32, words: String) {
        self.code = code
        self.words = words
    }

    private init(_ code: Int32, _ message: String) {
        self.init(code: code, words: "lla: \(message)")
    }

    private init(synthetic error: SyntheticError) {
        switch error {
        case .setting(let name, let value, let remedy):
            self.init(ExitCodes.usage, "--\(name == "meanRun" ? "mean-run" : name) \(value) cannot be (\(remedy))")
        case .cannotCreate(let path, let reason):
            self.init(ExitCodes.cannotCreate, "\(path): cannot write: \(reason) (check the folder, and who may write there)")
        case .cannotWrite(let path, let reason):
            self.init(ExitCodes.inputOutput, "\(path): cannot write: \(reason) (check the room on the disk, and the disk)")
        case .foreignItem, .impossibleEvent, .nothingToScore:
            self.init(ExitCodes.badData, error.description)
        }
    }

    /// Of what the argument parser throws: a wrong line, or a wish for help.
    private init(parsing error: any Error) {
        let text = LLA.fullMessage(for: error)
        switch LLA.exitCode(for: error) {
        case .success: self.init(code: ExitCodes.done, words: text)
        case .validationFailure: self.init(ExitCodes.usage, text.hasPrefix("Error: ") ? String(text.dropFirst(7)) : text)
        default: self.init(ExitCodes.software, "\(error) (this is an error in the program: please report it)")
        }
    }
}
