/// A log in memory: names once, and numbers for each event.
///
/// An event costs 8 bytes (item, time) while every user's rows are adjacent: then neither a user's number nor a permutation has
/// to be kept. From the first user who comes back, each event has one more number and costs 12. It is 4 less without times,
/// and 1 to 4 more where 32 bits do not hold the times of neighbours in the log, which takes both a fine unit and rows far from
/// the order of time: see `TimeColumn`. While rows of one user are sorted by time, each of those takes up to 24 bytes besides.
struct EventTable: ~Copyable {
    private(set) var users = Interner()
    private(set) var items = Interner()
    /// By place: the number of the item in `items`. Places are in the order of the file until all is read.
    var events = Column<UInt32>()
    /// User u's events have the places `starts[u] ..< starts[u + 1]`, in order of time; ties in the order of the file.
    private(set) var starts: [Int] = []
    /// By event: when it was. Events are in the order of the file, but for the rows of a user that were adjacent and out of order.
    private var times = TimeColumn()
    /// Empty while users' rows are adjacent: an event's place is its number. Once a user came back, by event: the user. When
    /// all is read, by place: the event.
    private var order = Column<UInt32>()
    /// Whether a user came back.
    private(set) var isInterleaved = false
    /// Words of texts that were left out as stop words.
    private(set) var stopWords = 0
    /// What the logs said of time, also once the times are forgotten.
    private(set) var logTimes = LogTimes.fileOrder(unread: [])

    private typealias TimedRow = (time: Timestamp, event: UInt32, item: UInt32)

    /// Reads the logs to their end.
    init(_ logs: [String], layout: LogLayout, options: CorpusOptions, badRows: BadRows? = nil) throws(LogError) {
        let rows = try LogRows(logs, layout: layout, options: options, badRows: badRows)
        var row = Row()
        var user: UInt32?
        while try rows.next(&row) {
            try append(row, rows, &user)
        }
        stopWords = rows.stopWords
        if let times = rows.times { logTimes = times }
        closeRun()
        starts.append(events.count)
        if isInterleaved { arrange() }
    }

    var userCount: Int { users.count }

    var hasTimes: Bool { !times.isEmpty }

    /// When the event at a place was.
    @inline(__always)
    func time(_ place: Int) -> Timestamp { times[isInterleaved ? Int(order[place]) : place] }

    /// From the earliest event to the latest; nil without times.
    var timeSpan: ClosedRange<Timestamp>? {
        guard hasTimes else { return nil }
        var first = times[0], last = first
        for event in 0..<times.count {
            first = min(first, times[event])
            last = max(last, times[event])
        }
        return first...last
    }

    /// What times were good for is done: gives back their memory, and that of the order they were in.
    mutating func forgetTimes() {
        times = TimeColumn()
        order = Column()
    }

    @inline(__always)
    private mutating func append(_ row: Row, _ rows: LogRows, _ user: inout UInt32?) throws(LogError) {
        if let last = user, users.matches(row.user, Int(last)) {
            // The row of the same user as the last: no look-up.
        } else {
            let (number, isNew) = users.insert(row.user)
            if isNew {
                try rows.checkText(row.user, row)
                startRun()
            } else {
                interleave()
            }
            user = number
        }
        let (item, isNew) = items.insert(row.item)
        if isNew {
            try rows.checkText(row.item, row)
            guard item < Column<UInt32>.valueLimit else { throw tooMany("items", "2,147,483,648", row, rows) }
        }
        if let time = try rows.time(row) { times.append(time) }
        guard events.count < Int(UInt32.max) else { throw tooMany("events", "4,294,967,295", row, rows) }
        if isInterleaved, let user { order.append(user) }
        events.append(item)
    }

    /// A new user, so the rows of the last one are all there.
    private mutating func startRun() {
        guard !isInterleaved else { return }
        closeRun()
        starts.append(events.count)
    }

    /// Orders the last user's rows, while they are the last and times can be taken back. Does nothing once a user came back.
    private mutating func closeRun() {
        guard let start = starts.last, let rows = outOfOrder(start..<events.count) else { return }
        times.truncate(to: start)
        for (place, row) in zip(start..<events.count, rows) {
            times.append(row.time)
            events[place] = row.item
        }
    }

    /// From now on, every event bears its user's number.
    private mutating func interleave() {
        guard !isInterleaved else { return }
        isInterleaved = true
        starts.append(events.count)
        for user in 0..<starts.count - 1 {
            for _ in starts[user]..<starts[user + 1] { order.append(UInt32(user)) }
        }
        starts = []
    }

    /// Orders the events by user, then time.
    private mutating func arrange() {
        group()
        // If all the log is in order of time, then so are each user's rows, and no time has to be looked up at random.
        if times.isAscending { return }
        for user in 0..<userCount {
            guard let rows = outOfOrder(starts[user]..<starts[user + 1]) else { continue }
            for (place, row) in zip(starts[user]..<starts[user + 1], rows) {
                order[place] = row.event
                events[place] = row.item
            }
        }
    }

    /// Brings every user's events together, in the order of the file.
    private mutating func group() {
        var next = [Int](repeating: 0, count: userCount + 1)
        for event in 0..<order.count { next[Int(order[event]) + 1] += 1 }
        for user in 0..<userCount { next[user + 1] += next[user] }
        starts = next
        for event in 0..<order.count {
            let user = Int(order[event])
            order[event] = UInt32(next[user])
            next[user] += 1
        }
        order.invert(moving: &events)
    }

    /// One user's rows in order of time; nil if they already are.
    private func outOfOrder(_ places: Range<Int>) -> [TimedRow]? {
        guard hasTimes, let first = places.first else { return nil }
        var previous = time(first)
        for place in places.dropFirst() {
            let time = time(place)
            if time < previous { return sorted(places) }
            previous = time
        }
        return nil
    }

    private func sorted(_ places: Range<Int>) -> [TimedRow] {
        var rows = places.map { (time: time($0), event: isInterleaved ? order[$0] : UInt32($0), item: events[$0]) }
        // The event breaks ties, so that the order is total and the sort stable whatever the library's sort is. Rows that were
        // sorted before the user came back kept the order of the file among those of one time, and so they do here.
        rows.sort { $0.time != $1.time ? $0.time < $1.time : $0.event < $1.event }
        return rows
    }

    private func tooMany(_ what: String, _ limit: String, _ row: Row, _ rows: LogRows) -> LogError {
        LogError(.badData, file: rows.file, line: row.line, message: "more than \(limit) \(what)", remedy: "split the log")
    }
}
