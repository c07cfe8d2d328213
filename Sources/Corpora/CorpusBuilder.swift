/// A log cut into sequences, its items not yet numbered as a vocabulary does.
struct CorpusBuilder: ~Copyable {
    private(set) var table: EventTable
    private let options: CorpusOptions
    /// Sequence n is `starts[n] ..< starts[n + 1]` of the table's events, and user `users[n]`'s.
    private var starts: [Int]
    private var users: [Int]

    init(_ logs: [String], layout: LogLayout, options: CorpusOptions) throws(LogError) {
        self.init(try EventTable(logs, layout: layout, options: options), options: options)
    }

    /// - Parameter table: with times, if sessions are asked for.
    init(_ table: consuming EventTable, options: CorpusOptions) {
        self.table = table
        self.options = options
        starts = self.table.starts
        users = Array(0..<self.table.userCount)
        if options.sessionGap != nil { splitSessions() }
        self.table.forgetTimes()
        if options.dropRepeats { dropRepeats() }
    }

    /// Each sequence, as places among the table's events.
    var ranges: [Range<Int>] { users.indices.map { starts[$0]..<starts[$0 + 1] } }

    /// Events whose item is that of the event before, in one sequence.
    var repeats: Int {
        users.indices.reduce(0) { sum, n in
            sum + zip(starts[n]..<starts[n + 1], (starts[n]..<starts[n + 1]).dropFirst()).count { table.events[$0] == table.events[$1] }
        }
    }

    /// How often each of the table's items comes in the observed heads.
    func observedCounts() -> [Int] {
        var counts = [Int](repeating: 0, count: table.items.count)
        for n in users.indices {
            for event in starts[n]..<starts[n] + options.observed(ofLength: starts[n + 1] - starts[n]) {
                counts[Int(table.events[event])] += 1
            }
        }
        return counts
    }

    /// The items of a vocabulary, in its order: those with at least `minCount` events in observed heads, the most frequent first,
    /// ties by first appearance.
    ///
    /// - Parameter counts: as `observedCounts()` gave them.
    func vocabulary(_ counts: [Int]) -> (items: [Int], numbers: [UInt32?]) {
        // Numbers in the table are in order of first appearance.
        let items = counts.indices.filter { counts[$0] >= options.minCount }
            .sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
        var numbers = [UInt32?](repeating: nil, count: counts.count)
        for (number, item) in items.enumerated() { numbers[item] = UInt32(number) }
        return (items, numbers)
    }

    /// The observed heads as a vocabulary numbers them: empty where nothing of a sequence is left.
    ///
    /// - Parameter numbers: by item of the table.
    func observedHead(of sequence: Int, numbers: [UInt32?]) -> [UInt32] {
        let range = starts[sequence]..<starts[sequence + 1]
        return range.prefix(options.observed(ofLength: range.count)).compactMap { numbers[Int(table.events[$0])] }
    }

    /// - Parameter numbers: by item of the table, its number in the vocabulary.
    func corpus(_ vocabulary: Vocabulary, numbers: [UInt32?]) -> Corpus {
        var kept: [UInt32] = [], ends = [0], observed: [Int] = []
        var outOfVocabulary = 0
        kept.reserveCapacity((0..<table.events.count).reduce(0) { numbers[Int(table.events[$1])] == nil ? $0 : $0 + 1 })
        ends.reserveCapacity(users.count + 1)
        observed.reserveCapacity(users.count)
        for n in users.indices {
            let head = starts[n] + options.observed(ofLength: starts[n + 1] - starts[n])
            for event in starts[n]..<head {
                if let number = numbers[Int(table.events[event])] { kept.append(number) }
            }
            observed.append(kept.count - ends[n])
            for event in head..<starts[n + 1] {
                if let number = numbers[Int(table.events[event])] { kept.append(number) } else { outOfVocabulary += 1 }
            }
            ends.append(kept.count)
        }
        return Corpus(
            vocabulary: vocabulary, users: users.map { table.users.name($0) }, items: kept, starts: ends, observed: observed,
            outOfVocabulary: outOfVocabulary)
    }

    private mutating func splitSessions() {
        var sessionStarts: [Int] = [], sessionUsers: [Int] = []
        for user in users {
            for event in starts[user]..<starts[user + 1]
            where event == starts[user] || options.isPause(table.times[event].microseconds - table.times[event - 1].microseconds) {
                sessionStarts.append(event)
                sessionUsers.append(user)
            }
        }
        sessionStarts.append(table.events.count)
        starts = sessionStarts
        users = sessionUsers
    }

    /// Of an item that comes several times in a row, keeps the first.
    mutating func dropRepeats() {
        var kept = 0
        for n in users.indices {
            let range = starts[n]..<starts[n + 1]
            starts[n] = kept
            var last: UInt32?
            for event in range {
                let item = table.events[event]
                if item == last { continue }
                last = item
                table.events[kept] = item
                kept += 1
            }
        }
        starts[users.count] = kept
        table.events.truncate(to: kept)
    }
}
