/// A log drawn from a known process, together with what no real log tells: the truth.
public struct SyntheticCorpus: Sendable {
    /// What the log was drawn from.
    public let process: SyntheticProcess
    /// All V items are in the vocabulary, in the process's own order, whether they occurred or not.
    public let corpus: Corpus
    /// The true topic of each event, in the order of `corpus.items`.
    public let topics: [UInt32]

    /// - Throws: `SyntheticError.setting`.
    public init(_ settings: SyntheticSettings) throws {
        self.init(try SyntheticProcess(settings))
    }

    init(_ process: SyntheticProcess) {
        let settings = process.settings
        var source = process.source()
        var items: [UInt32] = [], topics: [UInt32] = [], starts = [0]
        var counts = [Int](repeating: 0, count: settings.items)
        for _ in 0..<settings.sequences {
            source.drawSequence()
            items += source.items
            topics += source.topics
            for item in source.items { counts[Int(item)] += 1 }
            starts.append(items.count)
        }
        self.process = process
        self.topics = topics
        corpus = Corpus(
            vocabulary: Vocabulary(items: (0..<settings.items).map(SyntheticProcess.itemName), counts: counts),
            users: (0..<settings.sequences).map(SyntheticProcess.userName), items: items, starts: starts,
            observed: zip(starts, starts.dropFirst()).map { process.observed(of: $1 - $0) })
    }

    /// The exact optimum on the events behind each sequence's observed part.
    ///
    /// - Throws: `SyntheticError.nothingToScore` where all is observed.
    public func optimum() throws -> SyntheticOptimum {
        try process.optimum(of: corpus)
    }
}
