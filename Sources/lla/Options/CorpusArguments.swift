import ArgumentParser
import Corpora

/// How logs become sequences to fit on.
struct CorpusArguments: ParsableArguments {
    @Option(help: ArgumentHelp(
        "The share of each sequence, from its start, that a model is fitted on; the rest is left for lla evaluate.", valueName: "share"))
    var observe = CorpusOptions.standard.observe

    @Option(help: ArgumentHelp("How many times an item must be seen in what is observed to be in the vocabulary.", valueName: "count"))
    var minCount = CorpusOptions.standard.minCount

    @Option(help: ArgumentHelp("Split a user's events into sequences at pauses of more than so many seconds. (default: never)", valueName: "seconds"))
    var sessionGap: Double?

    @Flag(help: "Of an item that comes several times in a row, keep the first.")
    var dropRepeats = false

    func options() throws -> CorpusOptions {
        try CorpusOptions(minCount: minCount, observe: observe, sessionGap: sessionGap, dropRepeats: dropRepeats)
    }
}
