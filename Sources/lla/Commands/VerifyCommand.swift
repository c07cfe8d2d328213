import ArgumentParser
import StochasticEM

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that a model is whole: checksums, shapes, values.")

    @OptionGroup var input: ModelArgument

    func run() throws {
        let (model, _, training) = try LatentLSTMAllocation.load(input.model)
        try StandardOutput.write(
            "\(input.model): whole; \(model.counts.topics) topics, \(model.vocabulary.count) items, \(training.count) epochs\n")
    }
}
