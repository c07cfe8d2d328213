import ArgumentParser
import StochasticEM

/// How a fit keeps what it needs to go on after it was stopped.
struct CheckpointOptions: ParsableArguments {
    @Flag(help: "Go on from the checkpoint that a fit with the same logs and options left in MODEL, if there is one. (default: begin anew)")
    var resume = false

    @Option(help: ArgumentHelp(
        "Minutes between two checkpoints; there is one at each epoch's end besides. No result depends on it.", valueName: "minutes",
        standard: CheckpointFolder.usualMinutes))
    var checkpointMinutes: Double?

    var minutes: Double { checkpointMinutes ?? CheckpointFolder.usualMinutes }

    mutating func validate() throws {
        if !(minutes >= 0) {
            throw ValidationError("--checkpoint-minutes \(minutes) cannot be (choose 0, for one after each block, or more)")
        }
    }
}
