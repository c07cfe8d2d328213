import ArgumentParser
import Foundation

/// The program. Its verbs are in Commands, what they have in common in Options, and what is shown while they work in Terminal.
@main
struct LLA: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lla",
        abstract: "Latent LSTM Allocation: topics of a click log, and what each user does next.",
        discussion: """
            For example, with a log of three columns named user, time and item:

              lla fit clicks.tsv -o clicks.model
              lla topics clicks.model
              lla predict clicks.model clicks.tsv -k 5

            A LOG is CSV, TSV or JSON lines, plain or gzip'd; - is standard input.
            Results go to standard output, all else to standard error.
            Exit codes: 0 done, 64 wrong usage, 65 bad data, 66 no such input, 69 a number
            that is not finite, 70 an error in the program, 73 or 74 cannot write, 130 or
            143 stopped. A reader that closes the pipe (as head does) ends the program
            quietly, with 0.
            """,
        version: "0.1.0",
        subcommands: [
            FitCommand.self, EvaluateCommand.self, PredictCommand.self, TopicsCommand.self, HierarchyCommand.self,
            ReportCommand.self, TraceCommand.self, ExportCommand.self, InspectCommand.self, TuneCommand.self, SynthesizeCommand.self, VerifyCommand.self,
        ])

    static func main() {
        // A closed pipe is then an error of the write, told by its code, and not the end of a fit that only lost its log.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot(Words.prepared(Array(CommandLine.arguments.dropFirst())))
            try command.run()
        } catch {
            Foundation.exit(Verdict(on: error).deliver())
        }
    }
}
