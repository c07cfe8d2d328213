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

    @Option(help: ArgumentHelp(
        "Items of the vocabulary at most: the most frequent of those, ties by first appearance. (default: no limit)", valueName: "count"))
    var vocabularySize: Int?

    @Option(help: ArgumentHelp("Split a user's events into sequences at pauses of more than so many seconds. (default: never)", valueName: "seconds"))
    var sessionGap: Double?

    @Flag(help: "Of an item that comes several times in a row, keep the first.")
    var dropRepeats = false

    @Option(help: ArgumentHelp(
        "Events that a sequence, or words that a document, must have to be read at all: counted before any falls away for not being in the vocabulary, but after stop words and repeats that are dropped.",
        valueName: "count", standard: CorpusOptions.standard.minLength))
    var minLength: Int?

    @Option(help: ArgumentHelp(
        "With --text, words that are left out as if they did not stand there: none; english, its function words; or those of a file, one a line. (default: none)",
        valueName: "list"))
    var stopWords: String?

    /// What was given, and the defaults for all else.
    ///
    /// - Parameter log: what the logs look like.
    /// - Throws: `LogError`; `ValidationError` for stop words of logs that have no words.
    func options(for log: LogOptions, defaults: CorpusOptions = .standard) throws -> CorpusOptions {
        if stopWords != nil, !log.form.text { throw ValidationError("--stop-words is for --text (give both, or leave it out)") }
        // Numbers are looked at before any file is.
        _ = try options(stopWords: .empty, defaults: defaults)
        return try options(stopWords: stopList() ?? defaults.stopWords, defaults: defaults)
    }

    private func options(stopWords: StopWords, defaults: CorpusOptions) throws -> CorpusOptions {
        try CorpusOptions(
            minCount: minCount ?? defaults.minCount, vocabularySize: vocabularySize ?? defaults.vocabularySize, observe: observe ?? defaults.observe,
            sessionGap: sessionGap ?? defaults.sessionGap, dropRepeats: dropRepeats || defaults.dropRepeats, minLength: minLength ?? defaults.minLength,
            stopWords: stopWords)
    }

    /// What was given.
    var given: [GivenWords] {
        GivenWords.option("observe", observe) + GivenWords.option("min-count", minCount) + GivenWords.option("vocabulary-size", vocabularySize)
            + GivenWords.option("session-gap", sessionGap) + GivenWords.flag("drop-repeats", isGiven: dropRepeats)
            + GivenWords.option("min-length", minLength) + GivenWords.option("stop-words", stopWords)
    }

    /// The list that was named.
    private func stopList() throws -> StopWords? {
        switch stopWords {
        case nil: nil
        case "none": .empty
        case "english": .english
        case let file?: try StopWords(file: file)
        }
    }
}
