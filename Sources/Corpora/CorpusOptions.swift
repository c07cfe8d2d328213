/// How a log becomes a corpus.
public struct CorpusOptions: Sendable, Equatable {
    /// An item belongs to the vocabulary if it was seen this often in what is observed.
    public let minCount: Int
    /// The share of each sequence, from its head, that a model may be fitted on; the rest is for scoring.
    public let observe: Double
    /// A user's events are split into sequences at pauses of more than so many seconds. nil: never.
    public let sessionGap: Double?
    /// Of an item that comes several times in a row, the first is kept.
    public let dropRepeats: Bool

    /// Items seen at least 5 times, everything observed, a sequence a user, repeats kept.
    public static let standard = CorpusOptions(checkedMinCount: 5, observe: 1, sessionGap: nil, dropRepeats: false)

    /// - Throws: `LogError` of kind `usage` unless `minCount` ≥ 1, 0 < `observe` ≤ 1 and 0 < `sessionGap` ≤ 1e12 seconds.
    public init(minCount: Int = 5, observe: Double = 1, sessionGap: Double? = nil, dropRepeats: Bool = false) throws(LogError) {
        guard minCount >= 1 else {
            throw LogError(.usage, message: "--min-count \(minCount) is below 1", remedy: "1 keeps every item")
        }
        guard observe > 0, observe <= 1 else {
            throw LogError(.usage, message: "--observe \(observe) is not a share", remedy: "0.6 observes the first 60 % of each sequence, 1 all of it")
        }
        if let sessionGap, !(sessionGap > 0) || sessionGap > 1e12 {
            throw LogError(.usage, message: "--session-gap \(sessionGap) is no pause", remedy: "give seconds, such as 1800")
        }
        self.init(checkedMinCount: minCount, observe: observe, sessionGap: sessionGap, dropRepeats: dropRepeats)
    }

    private init(checkedMinCount: Int, observe: Double, sessionGap: Double?, dropRepeats: Bool) {
        minCount = checkedMinCount
        self.observe = observe
        self.sessionGap = sessionGap
        self.dropRepeats = dropRepeats
    }

    var keepingRepeats: CorpusOptions {
        CorpusOptions(checkedMinCount: minCount, observe: observe, sessionGap: sessionGap, dropRepeats: false)
    }

    /// How many events at the head of a sequence are observed: at least one of those that there are.
    func observed(ofLength length: Int) -> Int {
        min(length, max(1, Int(observe * Double(length))))
    }

    /// Whether a pause, in microseconds, ends a session.
    func isPause(_ microseconds: Int64) -> Bool {
        sessionGap.map { Double(microseconds) > $0 * Double(Timestamp.perSecond) } ?? false
    }
}
