import ArgumentParser
import Corpora

/// How logs become sequences to fit on.
struct CorpusArguments: ParsableArguments {
    @Option(help: ArgumentHelp(
        "The share of each sequence, from its start, that a model is fitted on; the rest is left for lla evaluate.", valueName: "share",
        standard: CorpusOptions.standard.observe))
    var observe: Double?

    @Option(help: ArgumentHelp("How many times an item must be seen in what is observed to be in the vocabulary.", valueName: "count",
        standard: CorpusOptions.standard.minCount))
    var minCount: Int?

    @Option(help: ArgumentHelp("Split a user's events into sequences at pauses of more than so many seconds. (default: never)", valueName: "seconds"))
    var sessionGap: Double?

    @Flag(help: "Of an item that comes several times in a row, keep the first.")
    var dropRepeats = false

    /// What was given, and the defaults for all else.
    func options(defaults: CorpusOptions = .standard) throws -> CorpusOptions {
        try CorpusOptions(
            minCount: minCount ?? defaults.minCount, observe: observe ?? defaults.observe, sessionGap: sessionGap ?? defaults.sessionGap,
            dropRepeats: dropRepeats || defaults.dropRepeats)
    }
}
