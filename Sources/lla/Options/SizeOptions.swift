import ArgumentParser
import StochasticEM

/// How large a model is.
struct SizeOptions: ParsableArguments {
    @Option(name: [.customShort("K"), .long], help: ArgumentHelp("Topics.", valueName: "count"))
    var topics = FitSettings().topics

    @Option(name: [.customShort("H"), .long], help: ArgumentHelp("Hidden units of the LSTM.", valueName: "count"))
    var hidden = FitSettings().hidden

    @Option(help: ArgumentHelp(
        "Width of a topic's embedding at the LSTM's input. (default: none; each topic's contribution to the gates is learned itself)",
        valueName: "count"))
    var embedding: Int?

    func apply(to settings: inout FitSettings) {
        settings.topics = topics
        settings.hidden = hidden
        settings.embedding = embedding
    }
}
