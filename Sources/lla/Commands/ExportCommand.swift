import ArgumentParser
import Corpora
import Foundation
import ModelExports
import StochasticEM

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Hand a model over to other programs.",
        discussion: """
            npz: all tensors, counts, topics and item names as NumPy arrays, for numpy.load.
            ldavis: JSON with the arguments of pyLDAvis.prepare; it is made for a log.
            Topics without events are left out of it.
            csv: the topics as a table of topic, item, count and probability.

              lla export clicks.model --format csv > topics.csv
              lla export clicks.model --format npz -o clicks.npz
              lla export clicks.model clicks.tsv --format ldavis -o clicks.json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case npz, ldavis, csv }

    @OptionGroup var input: ModelArgument

    @Argument(help: ArgumentHelp("Logs whose sequences are the documents of ldavis.", valueName: "log"), completion: .file())
    var logs: [String] = []

    @Option(help: ArgumentHelp("What to write.", valueName: "format"))
    var format: Format

    @Option(name: [.short, .long], help: ArgumentHelp("The file to write to; - is standard output.", valueName: "file"), completion: .file())
    var output = "-"

    @OptionGroup(title: "Log") var log: LogOptions
    @OptionGroup var filter: FilterOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var memory: MemoryOptions

    mutating func validate() throws {
        if format == .ldavis, logs.isEmpty { throw ValidationError("--format ldavis shows topics by the documents of a log (name one behind the model)") }
        if format != .ldavis, !logs.isEmpty { throw ValidationError("--format \(format.rawValue) says nothing of a log (leave \(logs[0]) out, or choose ldavis)") }
        if format != .ldavis {
            let reason = "--format \(format.rawValue) reads no log (leave it out, or choose ldavis)"
            try log.checkNoneGiven(reason)
            try filter.checkNoneGiven(reason)
        }
        if format == .npz, output == "-", isatty(STDOUT_FILENO) == 1 { throw ValidationError("--format npz is nothing for a terminal (name a file with -o)") }
    }

    func run() throws {
        // What can be refused is refused before the model, which may be large, is read.
        if output != "-" { _ = try ReplaceableFile.checkCanWrite(to: output) }
        var (model, description, _) = try LatentLSTMAllocation.load(input.model)
        switch format {
        case .csv: try write(Data(TableExport(model).text.utf8))
        case .npz: try write(archive(of: model))
        case .ldavis:
            try filter.prepare(&model, at: input.model, memory: memory)
            try write(documents(model, description))
        }
    }

    private func archive(of model: LatentLSTMAllocation) throws -> Data {
        do {
            return try NumpyExport(model).bytes
        } catch let error as ArchiveTooLarge {
            throw Refusal(
                code: ExitCodes.badData, place: input.model, message: error.description,
                remedy: "read its model.safetensors instead, which any reader of safetensors does")
        }
    }

    private func documents(_ model: LatentLSTMAllocation, _ description: ModelDescription) throws -> Data {
        let corpus = try log.corpus(logs, of: model, description, remedy: "name the log that the model was fitted on")
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let export = LDAvisExport(model, log: corpus, shards: threads.shards), all = model.counts.topics
        if export.topics.count < all {
            StandardError.shared.line(
                "lla: warning: \(all - export.topics.count) of \(all) topics have no events and are left out: "
                    + "rows are the others, in the order of their numbers (lla topics lists all of them)")
        }
        return try encoder.encode(export) + [UInt8(ascii: "\n")]
    }

    private func write(_ contents: Data) throws {
        if output == "-" { return try StandardOutput.write(Array(contents)) }
        try ReplaceableFile.write(contents, to: output)
    }
}
