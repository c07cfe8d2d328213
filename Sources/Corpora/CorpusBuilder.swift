/// A log cut into sequences, its items not yet numbered as a vocabulary does.
struct CorpusBuilder: ~Copyable {
    private(set) var table: EventTable
    private let options: CorpusOptions
    /// Sequence n is `starts[n] ..< starts[n + 1]` of the table's events, and user `users[n]`'s. Columns, since sessions are
    /// cut while the table is at its largest.
    private var starts = Column<UInt32>()
    private var users = Column<UInt32>()
    /// Sequences that were left out for their length.
    private(set) var shortSequences = 0

    init(_ logs: [String], layout: LogLayout, options: CorpusOptions, badRows: BadRows? = nil) throws(LogError) {
        self.init(try EventTable(logs, layout: layout, options: options, badRows: badRows), options: options)
    }

    /// - Parameter table: with times, if sessions are asked for.
    init(_ table: consuming EventTable, options: CorpusOptions) {
        self.table = table
        self.options = options
        for user in 0..<self.table.userCount {
            begin(self.table.starts[user], user)
            if options.sessionGap != nil { splitSessions(user) }
        }
        starts.append(UInt32(self.table.events.count))
        self.table.forgetTimes()
        if options.dropRepeats { dropRepeats() }
        if options.minLength > 0 { dropShort(below: options.minLength) }
    }

    /// N.
    var count: Int { users.count }

    /// Throws where no sequence is long enough.
    func checkLengths(of logs: [String]) throws(LogError) {
        if count > 0 { return }
        throw LogError(
            .badData, file: logs.count == 1 ? logs[0] : nil, message: "no sequence has \(options.minLength) events", remedy: "lower --min-length")
    }

    /// Sequence `n`, as places among the table's events.
    func range(_ n: Int) -> Range<Int> { Int(starts[n])..<Int(starts[n + 1]) }

    /// Events whose item is that of the event before, in one sequence.
    var repeats: Int {
        (0..<count).reduce(0) { sum, n in sum + zip(range(n), range(n).dropFirst()).count { table.events[$0] == table.events[$1] } }
    }

    /// How often each of the table's items comes in the observed heads.
    func observedCounts() -> [Int] {
        var counts = [Int](repeating: 0, count: table.items.count)
        for n in 0..<count {
            for event in head(n) { counts[Int(table.events[event])] += 1 }
        }
        return counts
    }

    /// The items of a vocabulary, in its order: those with at least `minCount` events in observed heads, the most frequent first,
    /// ties by first appearance; no more than `vocabularySize`.
    ///
    /// - Parameters:
    ///   - counts: as `observedCounts()` gave them.
    ///   - known: items that the vocabulary has already, and that count towards its size.
    func vocabulary(_ counts: [Int], besides known: Int = 0) -> (items: [Int], numbers: [UInt32?]) {
        // Numbers in the table are in order of first appearance.
        let frequent = counts.indices.filter { counts[$0] >= options.minCount }
            .sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
        let items = frequent.prefix(options.vocabularySize.map { max(0, $0 - known) } ?? frequent.count)
        var numbers = [UInt32?](repeating: nil, count: counts.count)
        for (number, item) in items.enumerated() { numbers[item] = UInt32(number) }
        return (Array(items), numbers)
    }

    /// By item of the table, its number in a vocabulary that there is already; nil for a stranger.
    func numbers(in vocabulary: Vocabulary) -> [UInt32?] {
        (0..<table.items.count).map { vocabulary.number(of: table.items.name($0)) }
    }

    /// The observed heads as a vocabulary numbers them: empty where nothing of a sequence is left.
    ///
    /// - Parameter numbers: by item of the table.
    func observedHead(of sequence: Int, numbers: [UInt32?]) -> [UInt32] {
        head(sequence).compactMap { numbers[Int(table.events[$0])] }
    }

    /// Of sequence `n`, what is observed.
    private func head(_ n: Int) -> Range<Int> { range(n).prefix(options.observed(ofLength: range(n).count)) }

    /// - Parameters:
    ///   - numbers: by item of the table, its number in the vocabulary.
    ///   - unknown: what becomes of other items; nil: they are left out, and nobody asks what came behind them.
    func corpus(_ vocabulary: Vocabulary, numbers: [UInt32?], unknown: UnknownItems? = nil) -> Corpus {
        var taken = TakenEvents(known: vocabulary.count, items: table.items.count, unknown: unknown)
        var ends = [0], observed: [Int] = [], outOfVocabulary = 0
        taken.reserve((0..<table.events.count).reduce(0) { unknown != .input && numbers[Int(table.events[$1])] == nil ? $0 : $0 + 1 })
        ends.reserveCapacity(count + 1)
        observed.reserveCapacity(count)
        for n in 0..<count {
            taken.begin()
            for event in head(n) { taken.take(Int(table.events[event]), number: numbers[Int(table.events[event])]) }
            observed.append(taken.items.count - ends[n])
            for event in head(n).upperBound..<range(n).upperBound {
                let number = numbers[Int(table.events[event])]
                taken.take(Int(table.events[event]), number: number)
                if number == nil { outOfVocabulary += 1 }
            }
            ends.append(taken.items.count)
        }
        return Corpus(
            vocabulary: vocabulary, users: (0..<count).map { table.users.name(Int(users[$0])) }, items: taken.items, starts: ends, observed: observed,
            outOfVocabulary: outOfVocabulary, unknown: taken.strangers.map { table.items.name($0) }, followsUnknown: taken.follows, times: table.logTimes)
    }

    private mutating func begin(_ event: Int, _ user: Int) {
        starts.append(UInt32(event))
        users.append(UInt32(user))
    }

    /// Begins a sequence behind each pause of a user.
    private mutating func splitSessions(_ user: Int) {
        // A user has at least one event.
        var previous = table.time(table.starts[user])
        for event in table.starts[user] + 1..<table.starts[user + 1] {
            let time = table.time(event)
            if options.isPause(time.microseconds - previous.microseconds) { begin(event, user) }
            previous = time
        }
    }

    /// Of an item that comes several times in a row, keeps the first.
    mutating func dropRepeats() {
        var kept = 0
        for n in 0..<count {
            let raw = range(n)
            starts[n] = UInt32(kept)
            var last: UInt32?
            for event in raw {
                let item = table.events[event]
                if item == last { continue }
                last = item
                table.events[kept] = item
                kept += 1
            }
        }
        starts[count] = UInt32(kept)
        table.events.truncate(to: kept)
    }

    /// Leaves out sequences of fewer events.
    mutating func dropShort(below length: Int) {
        var events = 0, sequences = 0
        for n in 0..<count {
            let raw = range(n)
            if raw.count < length { continue }
            // What is written lies at or before what is read, of all three.
            users[sequences] = users[n]
            starts[sequences] = UInt32(events)
            for event in raw {
                table.events[events] = table.events[event]
                events += 1
            }
            sequences += 1
        }
        shortSequences += count - sequences
        starts[sequences] = UInt32(events)
        starts.truncate(to: sequences + 1)
        users.truncate(to: sequences)
        table.events.truncate(to: events)
    }
}

/// Events on their way into a corpus, some of which have items that its vocabulary does not hold.
private struct TakenEvents {
    private(set) var items: [UInt32] = []
    /// Of each whether it came right behind one whose item is unknown, where somebody asks.
    private(set) var follows: [Bool] = []
    /// Unknown items that stay, in the order of their numbers, which begin with V: as the table numbers them.
    private(set) var strangers: [Int] = []
    private let known: Int
    private let unknown: UnknownItems?
    private var numbers: [UInt32?]
    private var isBehind = false

    init(known: Int, items: Int, unknown: UnknownItems?) {
        self.known = known
        self.unknown = unknown
        numbers = [UInt32?](repeating: nil, count: unknown == .input ? items : 0)
    }

    mutating func reserve(_ count: Int) { items.reserveCapacity(count) }

    /// A sequence starts.
    mutating func begin() { isBehind = false }

    /// - Parameters:
    ///   - item: as the table numbers it.
    ///   - number: in the vocabulary, where that holds it.
    mutating func take(_ item: Int, number: UInt32?) {
        if let number {
            append(number)
            isBehind = false
        } else {
            if unknown == .input { append(numbers[item] ?? add(item)) }
            isBehind = true
        }
    }

    private mutating func append(_ number: UInt32) {
        items.append(number)
        if unknown != nil { follows.append(isBehind) }
    }

    private mutating func add(_ item: Int) -> UInt32 {
        let number = UInt32(known + strangers.count)
        numbers[item] = number
        strangers.append(item)
        return number
    }
}
