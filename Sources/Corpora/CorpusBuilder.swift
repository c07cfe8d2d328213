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
            where event == starts[user] || options.isPause(table.time(event).microseconds - table.time(event - 1).microseconds) {
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
