import ArgumentParser
import Corpora
import StochasticEM

struct SynthesizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synthesize",
        abstract: "Draw a log from a process that is known, to see what a fit makes of it.",
        discussion: """
            The log is tab-separated: user, time, item. The truth is JSON: the settings,
            the topics, and the perplexity of the best possible model.

              lla synthesize -o toy.tsv --truth toy.json
            """)

    @Option(name: [.short, .long], help: ArgumentHelp("The file to write the log to; - is standard output.", valueName: "file"), completion: .file())
    var output = "-"

    @Option(help: ArgumentHelp("A file for what the log was drawn from. (default: none)", valueName: "file"), completion: .file())
    var truth: String?

    @Option(help: ArgumentHelp("How many users act at the same time: their rows lie mixed in the log.", valueName: "count"))
    var interleaved = 1

    @OptionGroup(title: "Process") var options: SyntheticOptions

    mutating func validate() throws {
        guard let truth else { return }
        if truth == "-" { throw ValidationError("--truth - cannot be: standard output is for the log (name a file)") }
        if output != "-", Paths.areSame(truth, output) { throw ValidationError("--truth and --output cannot be one file (name two)") }
    }

    func run() throws {
        let log = try SyntheticLog(options.settings, interleaved: interleaved)
        // What can be refused is refused before the log, which may be large, is written.
        if let truth {
            _ = try ReplaceableFile.checkCanWrite(to: truth)
            try ReplaceableFile.write(try SyntheticTruth(of: log.process).encoded(), to: truth)
        }
        if output == "-" {
            try log.write(to: StandardOutput.write)
        } else {
            try log.write(toFile: output)
        }
    }
}
