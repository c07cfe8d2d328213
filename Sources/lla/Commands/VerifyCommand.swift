import ArgumentParser
import Baselines
import StochasticEM
import TopicHierarchies

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that models are whole: checksums, shapes, values.",
        discussion: """
            Everything in the folder is read: checksums, format version, tensors against
            the settings, vocabulary, epochs, counts; every parameter must be a number.
            The last good copy is what a damaged model is restored from, so check it
            before it is needed.

            Of several models all are looked at, whatever becomes of the first. Exit
            codes: 0 all are whole, 65 one is damaged or of a later format, 66 there is
            none; of several refusals, the first one's.

              lla verify clicks.model || restore clicks.model
            """)

    @Argument(help: ArgumentHelp("Folders that lla fit has written.", valueName: "model"), completion: .directory)
    var models: [String]

    @Flag(help: "Write JSON: an object a model, the damaged ones included.")
    var json = false

    private struct Whole: Encodable {
        let whole = true
        let report: StoredModelReport

        func encode(to encoder: any Encoder) throws {
            try report.encode(to: encoder)
            var fields = encoder.container(keyedBy: Keys.self)
            try fields.encode(whole, forKey: .whole)
        }

        enum Keys: CodingKey { case whole }
    }

    private struct Damaged: Encodable {
        let whole = false
        let model: String
        let file: String
        let problem: String
        let remedy: String
        let exitCode: Int32
    }

    func run() throws {
        var refusals: [any Error] = []
        for model in models {
            do {
                let report = try StoredModelReport(checking: model)
                if json { try StandardOutput.write(line: Whole(report: report)) } else { try StandardOutput.write(text(report)) }
            } catch let error as ModelFolderError {
                refusals.append(error)
                guard json else { continue }
                try StandardOutput.write(
                    line: Damaged(model: model, file: error.file, problem: error.what, remedy: error.remedy, exitCode: error.exitCode))
            }
        }
        if !refusals.isEmpty { throw Refusals(errors: refusals) }
    }

    private func text(_ report: StoredModelReport) -> String {
        switch report {
        case .lla(let report): text(report)
        case .baseline(let report): text(report)
        }
    }

    private func text(_ report: BaselineReport) -> String {
        let best = report.validationPerplexity.map { "; validation perplexity \($0.shortly) at best" } ?? ""
        let topics = report.topics.map { "\($0) topics, " } ?? ""
        return lines(
            [
                "\(report.model): whole; \(topics)\(report.items) items, \(report.epochs) epochs",
                "  model       \(report.kind), \(report.parameters) parameters, all of them finite\(best)",
                "  files       \(bytes(report.bytes)), format \(report.formatVersion), checksums as written",
            ], checkpoint: report.hasCheckpoint, others: report.otherFiles)
    }

    private func text(_ report: ModelReport) -> String {
        let best = report.validationPerplexity.map { "; validation perplexity \($0.shortly) at best" } ?? ""
        return lines([
            "\(report.model): whole; \(report.topics) topics, \(report.items) items, \(report.epochs) epochs",
            "  model       LLA, \(report.variant) variant, \(report.hidden) hidden units, \(report.parameters) parameters, all of them finite",
            "  fitted      on \(report.events) events, with seed \(report.seed)\(best)",
            "  files       \(bytes(report.bytes)), format \(report.formatVersion), checksums as written",
        ], checkpoint: report.hasCheckpoint, others: report.otherFiles)
    }

    private func lines(_ said: [String], checkpoint: Bool, others: [String]) -> String {
        var lines = said
        if checkpoint { lines.append("  checkpoint  there is one, whole as well") }
        if !others.isEmpty { lines.append("  besides     " + others.map(\.printable).joined(separator: ", ") + ", which nothing reads") }
        return lines.map { $0 + "\n" }.joined()
    }
}
