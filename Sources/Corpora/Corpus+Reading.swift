extension Corpus {
    /// Reads logs, and numbers their items: for a fit.
    ///
    /// Events are ordered by user (in order of first appearance), then time, ties as in the file; then split into
    /// sessions and freed of repeats, and of sequences with fewer events than `minLength`, if so asked. The observed head of a sequence is
    /// counted in all its events, those of rare items included; the vocabulary holds the items with at least `minCount` events in observed
    /// heads, the `vocabularySize` most frequent of them, so that a fit never looks at what is scored. Items are numbered by count, the most
    /// frequent first; ties by first appearance. Events out of vocabulary are left out, unless `unknown` is `input`, and counted if they are
    /// behind the observed head. No sequence is dropped for want of known items: a user of whom nothing is left has an empty one.
    ///
    /// - Parameters:
    ///   - logs: paths, read one behind the other; `-` is standard input.
    ///   - unknown: what becomes of events whose item is too rare for the vocabulary.
    ///   - badRows: rows that may be left out, and takes note of them; nil: the first one is an error.
    public static func read(
        _ logs: [String], unknown: UnknownItems = .skip, layout: LogLayout = LogLayout(), options: CorpusOptions = .standard,
        badRows: BadRows? = nil
    ) throws(LogError) -> Corpus {
        let builder = try CorpusBuilder(logs, layout: layout, options: options, badRows: badRows)
        try builder.checkLengths(of: logs)
        let counts = builder.observedCounts()
        let (kept, numbers) = builder.vocabulary(counts)
        guard !kept.isEmpty else {
            throw LogError(
                .badData, file: logs.count == 1 ? logs[0] : nil,
                message: "no item was seen \(options.minCount) times in what is observed; the most frequent one, \(counts.max() ?? 0) times",
                remedy: "lower --min-count")
        }
        let vocabulary = Vocabulary(items: kept.map { builder.table.items.name($0) }, counts: kept.map { counts[$0] })
        return builder.corpus(vocabulary, numbers: numbers, unknown: unknown.whereAsked)
    }

    /// Reads logs under a vocabulary that grows: for a fit that goes on from a model.
    ///
    /// Items that the vocabulary has keep their numbers, however rare they are in these logs, and their counts go on. Behind them come
    /// the items with at least `minCount` events in observed heads, the most frequent first; ties by first appearance; as long as there are
    /// no more than `vocabularySize`, the old ones included. All else as above.
    public static func read(
        _ logs: [String], extending vocabulary: Vocabulary, unknown: UnknownItems = .skip, layout: LogLayout = LogLayout(),
        options: CorpusOptions = .standard, badRows: BadRows? = nil
    ) throws(LogError) -> Corpus {
        let builder = try CorpusBuilder(logs, layout: layout, options: options, badRows: badRows)
        try builder.checkLengths(of: logs)
        let counts = builder.observedCounts()
        let known = builder.numbers(in: vocabulary)
        let new = builder.vocabulary(counts.indices.map { known[$0] == nil ? counts[$0] : 0 }, besides: vocabulary.count)
        var grown = vocabulary.counts, numbers = known
        for (item, number) in known.enumerated() { if let number { grown[Int(number)] += counts[item] } }
        for (place, item) in new.items.enumerated() { numbers[item] = UInt32(vocabulary.count + place) }
        let names = vocabulary.items + new.items.map { builder.table.items.name($0) }
        return builder.corpus(Vocabulary(items: names, counts: grown + new.items.map { counts[$0] }), numbers: numbers, unknown: unknown.whereAsked)
    }

    /// Reads logs under a vocabulary that a model brings: for evaluation and prediction. `minCount` and `vocabularySize` play no part; all
    /// else as above, but that events of other items stay where `unknown` is `input`, and that it is noted what came right behind such items.
    public static func read(
        _ logs: [String], vocabulary: Vocabulary, unknown: UnknownItems = .skip, layout: LogLayout = LogLayout(),
        options: CorpusOptions = .standard, badRows: BadRows? = nil
    ) throws(LogError) -> Corpus {
        let builder = try CorpusBuilder(logs, layout: layout, options: options, badRows: badRows)
        try builder.checkLengths(of: logs)
        return builder.corpus(vocabulary, numbers: builder.numbers(in: vocabulary), unknown: unknown)
    }
}

extension UnknownItems {
    /// nil where they are left out and nobody asks what came behind them, as in a log to fit on.
    fileprivate var whereAsked: UnknownItems? { self == .skip ? nil : self }
}
