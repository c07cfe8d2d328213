/// What is in a log, and what about it should make one think twice before a fit.
public struct LogInspection: Sendable, Equatable, Codable {
    /// Events in the log, stop words left out.
    public let rows: Int
    /// Words of texts that were left out as stop words.
    public let stopWords: Int
    /// Rows that could not be read, and are no part of anything below.
    public let badRows: BadRowSummary
    /// Distinct users, however many sessions they have.
    public let users: Int
    /// Distinct items.
    public let items: Int
    /// Nil for a log without times, or without events.
    public let times: Times?
    /// Of a log without times: columns whose names sound like times, and that were not read.
    public let unreadTimes: [String]
    /// Whether all times are numbers that read as dates, such as 20170131.
    public let datesAsNumbers: Bool
    /// Whether the rows of each user were adjacent. If not, reading takes 4 bytes an event more.
    public let isInOrder: Bool

    /// N: users, or their sessions; those that are too short left out, here and in all that follows but repeats and order.
    public let sequences: Int
    /// Sequences that were left out for having fewer than `minLength` events.
    public let shortSequences: Int
    /// In all their events, rare items included.
    public let lengths: Lengths
    /// Events whose item is that of the event before, in one sequence.
    public let repeats: Int

    /// Of `CorpusOptions`: times that an item has to be seen.
    public let minCount: Int
    /// Of `CorpusOptions`: events that a sequence has to have; 0: any number.
    public let minLength: Int
    /// Items seen fewer than `minCount` times in what is observed.
    public let rareItems: Int
    /// Items seen often enough, but less often than as many others as the vocabulary was to have.
    public let cutItems: Int
    /// V: the items that are left.
    public let vocabulary: Int
    /// Events of the items that are left: what a corpus holds.
    public let events: Int
    /// Those of them in observed heads: what a fit reads.
    public let trainingEvents: Int

    /// Of whole sequences.
    public let order: OrderEvidence
    /// What order gives away in what a fit reads: the same figures as for `Corpus.training`.
    public let orderTest: OrderTest
    /// Of events with the same time; nil if there are none.
    public let orderWithinTies: OrderEvidence?

    /// When things happened, over all users.
    public struct Times: Sendable, Equatable, Codable {
        /// The earliest, in Unix seconds.
        public let first: Double
        /// The latest, in Unix seconds.
        public let last: Double
        /// Events with the same user and time as the event before.
        public let ties: Int
    }

    /// How long sequences are: each value is the length of some sequence, at or just above that share of them.
    public struct Lengths: Sendable, Equatable, Codable {
        /// The arithmetic mean, in events; 0 where there is no sequence.
        public let mean: Double
        /// The least, in events; 0, as those that follow, where there is no sequence.
        public let shortest: Int
        /// At a share of 25 %, in events.
        public let lowerQuartile: Int
        /// At a share of 50 %, in events.
        public let median: Int
        /// At a share of 75 %, in events.
        public let upperQuartile: Int
        /// At a share of 99 %, in events.
        public let ninetyNinth: Int
        /// The most, in events.
        public let longest: Int
        /// Sequences of one event: they have nothing to learn an order from.
        public let ofOneEvent: Int

        init(_ lengths: [Int]) {
            let sorted = lengths.sorted()
            func quantile(_ share: Double) -> Int { sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))] }
            mean = sorted.isEmpty ? 0 : Double(sorted.reduce(0, +)) / Double(sorted.count)
            shortest = quantile(0)
            lowerQuartile = quantile(0.25)
            median = quantile(0.5)
            upperQuartile = quantile(0.75)
            ninetyNinth = quantile(0.99)
            longest = quantile(1)
            ofOneEvent = sorted.prefix { $0 == 1 }.count
        }
    }

    /// - Parameters:
    ///   - logs: paths, read one behind the other; `-` is standard input.
    ///   - badRows: rows that may be left out, and takes note of them; nil: the first one is an error.
    public init(
        _ logs: [String], layout: LogLayout = LogLayout(), options: CorpusOptions = .standard, badRows: BadRows? = nil
    ) throws(LogError) {
        let table = try EventTable(logs, layout: layout, options: options, badRows: badRows)
        self.badRows = badRows?.summary ?? BadRowSummary()
        rows = table.events.count
        stopWords = table.stopWords
        users = table.userCount
        items = table.items.count
        isInOrder = !table.isInterleaved
        var counts = [Int](repeating: 0, count: table.items.count)
        for event in 0..<table.events.count { counts[Int(table.events[event])] += 1 }
        var ties = 0
        let orderWithinTies = OrderEvidence(table.events, counts: counts) { look in
            LogInspection.eachTie(table) { tie in
                ties += tie.count - 1
                look(tie)
            }
        }
        self.orderWithinTies = ties == 0 ? nil : orderWithinTies
        times = LogInspection.times(table, ties: ties)
        if case .fileOrder(let unread) = table.logTimes { unreadTimes = unread } else { unreadTimes = [] }
        datesAsNumbers = table.logTimes == .datesAsNumbers

        // Order and repeats are looked at before repeats are dropped, but within sessions.
        var builder = CorpusBuilder(table, options: options.keepingAll)
        repeats = builder.repeats
        order = OrderEvidence(builder.table.events, counts: counts) { look in
            for n in 0..<builder.count { look(builder.range(n)) }
        }
        if options.dropRepeats { builder.dropRepeats() }
        if options.minLength > 0 { builder.dropShort(below: options.minLength) }
        shortSequences = builder.shortSequences

        lengths = Lengths((0..<builder.count).map { builder.range($0).count })
        sequences = builder.count
        let observed = builder.observedCounts()
        minCount = options.minCount
        minLength = options.minLength
        let (kept, numbers) = builder.vocabulary(observed)
        vocabulary = kept.count
        rareItems = observed.count { $0 < options.minCount }
        cutItems = items - rareItems - vocabulary
        trainingEvents = kept.reduce(0) { $0 + observed[$1] }
        events = (0..<builder.table.events.count).count { numbers[Int(builder.table.events[$0])] != nil }
        orderTest = OrderTest(builder, numbers: numbers, vocabulary: kept.count)
    }

    /// Visits the stretches of one user's events that have the same time.
    private static func eachTie(_ table: borrowing EventTable, _ visit: (Range<Int>) -> Void) {
        guard table.hasTimes else { return }
        for user in 0..<table.userCount {
            // A user has at least one event.
            var start = table.starts[user], time = table.time(start)
            for event in table.starts[user] + 1..<table.starts[user + 1] {
                let next = table.time(event)
                if next == time { continue }
                if event - start > 1 { visit(start..<event) }
                (start, time) = (event, next)
            }
            if table.starts[user + 1] - start > 1 { visit(start..<table.starts[user + 1]) }
        }
    }

    private static func times(_ table: borrowing EventTable, ties: Int) -> Times? {
        guard let span = table.timeSpan else { return nil }
        func seconds(_ time: Timestamp) -> Double { Double(time.microseconds) / Double(Timestamp.perSecond) }
        return Times(first: seconds(span.lowerBound), last: seconds(span.upperBound), ties: ties)
    }
}
