import ArgumentParser

/// A model that a command reads.
struct ModelArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("A folder that lla fit has written.", valueName: "model"), completion: .directory)
    var model: String
}
