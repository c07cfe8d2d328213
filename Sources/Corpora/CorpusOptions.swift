/// How a log becomes a corpus.
public struct CorpusOptions: Sendable, Equatable {
    /// An item belongs to the vocabulary if it was seen this often in what is observed,
    public let minCount: Int
    /// and if no more than so many others were seen more often, ties by first appearance. nil: however many there are.
    public let vocabularySize: Int?
    /// The share of each sequence, from its head, that a model may be fitted on; the rest is for scoring.
    public let observe: Double
    /// A user's events are split into sequences at pauses of more than so many seconds. nil: never.
    public let sessionGap: Double?
    /// Of an item that comes several times in a row, the first is kept.
    public let dropRepeats: Bool
    /// Sequences of fewer events are left out. Events are counted as the log has them, before any falls away for not being in the vocabulary;
    /// those that `dropRepeats` and `stopWords` leave out do not count. 0: none is left out.
    public let minLength: Int
    /// Words of texts that are no events. Logs in other formats have none.
    public let stopWords: StopWords

    /// Items seen at least 5 times, everything observed, a sequence a user, repeats, short sequences and all words kept.
    public static let standard = CorpusOptions(
        checkedMinCount: 5, vocabularySize: nil, observe: 1, sessionGap: nil, dropRepeats: false, minLength: 0, stopWords: .empty)

    /// - Throws: `LogError` of kind `usage` unless `minCount` ≥ 1, `vocabularySize` ≥ 1, 0 < `observe` ≤ 1, 0 < `sessionGap` ≤ 1e12 seconds
    ///   and `minLength` ≥ 0.
    public init(
        minCount: Int = 5, vocabularySize: Int? = nil, observe: Double = 1, sessionGap: Double? = nil, dropRepeats: Bool = false,
        minLength: Int = 0, stopWords: StopWords = .empty
    ) throws(LogError) {
        guard minCount >= 1 else {
            throw LogError(.usage, message: "--min-count \(minCount) is below 1", remedy: "1 keeps every item")
        }
        if let vocabularySize, vocabularySize < 1 {
            throw LogError(.usage, message: "--vocabulary-size \(vocabularySize) is below 1", remedy: "give a number of items, such as 20000, or leave it out")
        }
        guard observe > 0, observe <= 1 else {
            throw LogError(.usage, message: "--observe \(observe) is not a share", remedy: "0.6 observes the first 60 % of each sequence, 1 all of it")
        }
        if let sessionGap, !(sessionGap > 0) || sessionGap > 1e12 {
            throw LogError(.usage, message: "--session-gap \(sessionGap) is no pause", remedy: "give seconds, such as 1800")
        }
        guard minLength >= 0 else {
            throw LogError(.usage, message: "--min-length \(minLength) is below 0", remedy: "0 keeps every sequence, 501 those of more than 500 events")
        }
        self.init(
            checkedMinCount: minCount, vocabularySize: vocabularySize, observe: observe, sessionGap: sessionGap, dropRepeats: dropRepeats,
            minLength: minLength, stopWords: stopWords)
    }

    private init(
        checkedMinCount: Int, vocabularySize: Int?, observe: Double, sessionGap: Double?, dropRepeats: Bool, minLength: Int, stopWords: StopWords
    ) {
        minCount = checkedMinCount
        self.vocabularySize = vocabularySize
        self.observe = observe
        self.sessionGap = sessionGap
        self.dropRepeats = dropRepeats
        self.minLength = minLength
        self.stopWords = stopWords
    }

    /// The same, with sequences as they are before repeats are dropped and short ones are left out.
    var keepingAll: CorpusOptions {
        CorpusOptions(
            checkedMinCount: minCount, vocabularySize: vocabularySize, observe: observe, sessionGap: sessionGap, dropRepeats: false, minLength: 0,
            stopWords: stopWords)
    }

    /// The same, with sequences of any length and all of them observed: to predict what comes next for everybody.
    public var forPrediction: CorpusOptions {
        CorpusOptions(
            checkedMinCount: minCount, vocabularySize: vocabularySize, observe: 1, sessionGap: sessionGap, dropRepeats: dropRepeats, minLength: 0,
            stopWords: stopWords)
    }

    /// How many events at the head of a sequence are observed: at least one of those that there are.
    func observed(ofLength length: Int) -> Int { observedHead(observe, of: length) }

    /// Whether a pause, in microseconds, ends a session.
    func isPause(_ microseconds: Int64) -> Bool {
        sessionGap.map { Double(microseconds) > $0 * Double(Timestamp.perSecond) } ?? false
    }
}
