/// A log in memory: names once, and numbers for each event.
///
/// Events lie in the order of the file while every user's rows are adjacent; then neither a user's number nor a permutation
/// has to be kept for them. From the first user who comes back, each event has one more number. So an event costs 8 bytes
/// (item, time) or 12 (item, time, user); 4 less without times, and 4 more if times are fractions of a second.
struct EventTable: ~Copyable {
    private(set) var users = Interner()
    private(set) var items = Interner()
    /// By event: the number of its item in `items`.
    var events = Column<UInt32>()
    private(set) var times = TimeColumn()
    private(set) var hasTimes = false
    /// User u's events are `starts[u] ..< starts[u + 1]`, in order of time; ties in the order of the file.
    private(set) var starts: [Int] = []
    /// By event, once a user came back: the user; then, the event's place.
    private var places = Column<UInt32>()
    private var isInterleaved = false
    /// Whether rows had to be moved: users interleaved, or times out of order.
    private(set) var wasInOrder = true

    /// Reads the logs to their end. Sessions cannot be cut without times: if they are asked for, the logs must have them.
    init(_ logs: [String], layout: LogLayout, options: CorpusOptions) throws(LogError) {
        let rows = try LogRows(logs, layout: options.sessionGap == nil ? layout : layout.requiringTimes)
        var row = Row()
        var user: UInt32?
        while try rows.next(&row) {
            try append(row, rows, &user)
        }
        hasTimes = rows.hasTimes ?? false
        starts.append(events.count)
        arrange()
    }

    var userCount: Int { users.count }

    /// What times were good for is done: gives back their memory.
    mutating func forgetTimes() {
        times = TimeColumn()
    }

    @inline(__always)
    private mutating func append(_ row: Row, _ rows: LogRows, _ user: inout UInt32?) throws(LogError) {
        if let last = user, users.matches(row.user, Int(last)) {
            // The row of the same user as the last: no look-up.
        } else {
            let (number, isNew) = users.insert(row.user)
            if isNew {
                try rows.checkText(row.user, row)
                if !isInterleaved { starts.append(events.count) }
            } else if !isInterleaved {
                interleave()
            }
            user = number
        }
        let (item, isNew) = items.insert(row.item)
        if isNew { try rows.checkText(row.item, row) }
        if let time = try rows.time(row) { times.append(time) }
        guard events.count < Int(UInt32.max) else {
            throw LogError(.badData, file: rows.file, line: row.line, message: "more than 4,294,967,295 events", remedy: "split the log")
        }
        if isInterleaved, let user { places.append(user) }
        events.append(item)
    }

    /// From now on, every event bears its user's number.
    private mutating func interleave() {
        isInterleaved = true
        wasInOrder = false
        starts.append(events.count)
        for user in 0..<starts.count - 1 {
            for _ in starts[user]..<starts[user + 1] { places.append(UInt32(user)) }
        }
        starts = []
    }

    /// Orders the events by user, then time.
    private mutating func arrange() {
        if isInterleaved { group() }
        guard hasTimes else { return }
        for user in 0..<userCount {
            times.sort(starts[user]..<starts[user + 1], items: &events)
        }
    }

    /// Brings every user's events together, in the order of the file.
    private mutating func group() {
        var next = [Int](repeating: 0, count: userCount + 1)
        for event in 0..<places.count { next[Int(places[event]) + 1] += 1 }
        for user in 0..<userCount { next[user + 1] += next[user] }
        starts = next
        for event in 0..<places.count {
            let user = Int(places[event])
            places[event] = UInt32(next[user])
            next[user] += 1
        }
        times.permute(&places, items: &events)
        places = Column()
    }
}
