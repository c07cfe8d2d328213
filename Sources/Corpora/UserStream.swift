/// What one user did, in order, numbered as a vocabulary does.
public struct UserEvents: Sendable, Equatable {
    /// The user's external name, also where this is one of several sessions.
    public let user: String
    /// Items in order: known ones, each below V, and where unknown ones stay V + u for that called `unknown[u]`.
    public let items: [UInt32]
    /// Events whose item is not in the vocabulary.
    public let outOfVocabulary: Int
    /// Names of the user's items that stay although the vocabulary does not hold them.
    public internal(set) var unknown: [String] = []
}

/// Hands over a log one user at a time, as it is read: memory is that of the user with the most events, whatever the log's size.
///
/// The rows of a user have to be adjacent; their times need not be in order. The stream does not remember whom it has handed over:
/// a user who comes back later is handed over once more, with the later events alone. For a log with users
/// interleaved read a `Corpus`, which brings them together.
///
/// Sessions, repeats, short sequences and stop words are treated as in `Corpus.read`; a user with pauses is handed over once a session. A user of whom no item is
/// known has no `items`, but is handed over. All that is handed over was read without error; the error comes when its row is reached.
public final class UserStream {
    private let rows: LogRows
    private let options: CorpusOptions
    private let unknown: UnknownItems
    private let known: Interner
    private var row = Row()
    /// Whether `row` holds the first event of the next user.
    private var isAhead = false
    private var hasEnded = false
    private var sessions: [UserEvents] = []
    /// Of sessions that were handed over.
    private var handed = 0
    /// Where the user at hand begins.
    private var start: (file: String, line: Int)?

    private struct Event {
        let time: Timestamp?
        let position: Int
        /// Known items have their number, others numbers from V on, for as long as the user is at hand.
        let item: UInt32
    }

    /// - Parameters:
    ///   - logs: paths, read one behind the other; `-` is standard input.
    ///   - unknown: what becomes of items that the vocabulary does not hold.
    ///   - badRows: rows that may be left out, and takes note of them; nil: the first one is an error.
    public init(
        _ logs: [String], vocabulary: Vocabulary, unknown: UnknownItems = .skip, layout: LogLayout = LogLayout(), options: CorpusOptions = .standard, badRows: BadRows? = nil
    ) throws(LogError) {
        rows = try LogRows(logs, layout: layout, options: options, badRows: badRows)
        self.options = options
        self.unknown = unknown
        known = Interner(vocabulary.items)
    }

    /// What the logs say of time, as far as they were read; nil before the first user.
    public var times: LogTimes? { rows.times }

    /// `file:line` of the first row of the user who was handed over last; nil before the first.
    public var place: String? { start.map { "\($0.file):\($0.line)" } }

    /// The next user, or the next session of the same; nil at the end.
    public func next() throws(LogError) -> UserEvents? {
        while handed == sessions.count {
            guard let next = try readUser() else { return nil }
            sessions = next
            handed = 0
        }
        handed += 1
        return sessions[handed - 1]
    }

    /// The sessions of one user, none of them where all are too short; nil at the end.
    private func readUser() throws(LogError) -> [UserEvents]? {
        guard !hasEnded else { return nil }
        if !isAhead, try !advance() { return nil }
        start = (rows.file, row.line)
        var name = ByteArena()
        name.append(row.user)
        let user = name[0..<name.count]
        try rows.checkText(user, row)
        var strangers: Interner?
        var events: [Event] = []
        repeat {
            var item: UInt32
            if let number = known.number(of: row.item) {
                item = number
            } else {
                try rows.checkText(row.item, row)
                if strangers == nil { strangers = Interner() }
                item = UInt32(known.count)
                if let number = strangers?.insert(row.item).number { item += number }
            }
            events.append(Event(time: try rows.time(row), position: events.count, item: item))
        } while try advance() && row.user.elementsEqual(user)
        isAhead = !hasEnded
        var names: [String] = []
        if unknown == .input, let count = strangers?.count { for number in 0..<count { if let name = strangers?.name(number) { names.append(name) } } }
        return cut(inOrder(events), user: String(decoding: user, as: UTF8.self), names: names)
    }

    private func advance() throws(LogError) -> Bool {
        hasEnded = try !rows.next(&row)
        return !hasEnded
    }

    private func inOrder(_ events: [Event]) -> [Event] {
        guard rows.hasTimes == true else { return events }
        func isBefore(_ a: Event, _ b: Event) -> Bool {
            guard let s = a.time, let t = b.time, s != t else { return a.position < b.position }
            return s < t
        }
        return events.sorted(by: isBefore)
    }

    /// - Parameter names: of the items that stay although nobody knows them; none where they are left out.
    private func cut(_ events: [Event], user: String, names: [String]) -> [UserEvents] {
        var sessions: [UserEvents] = [], items: [UInt32] = []
        var length = 0, strange = 0
        var last: Event?
        func close() {
            if length < options.minLength { return }
            sessions.append(UserEvents(user: user, items: items, outOfVocabulary: strange, unknown: names))
        }
        for event in events {
            var isNewSession = false
            if let before = last?.time, let time = event.time { isNewSession = options.isPause(time.microseconds - before.microseconds) }
            if isNewSession {
                close()
                items = []
                (length, strange) = (0, 0)
            }
            let isRepeat = options.dropRepeats && !isNewSession && last?.item == event.item
            last = event
            if isRepeat { continue }
            length += 1
            let isKnown = event.item < known.count
            if !isKnown { strange += 1 }
            if isKnown || unknown == .input { items.append(event.item) }
        }
        close()
        return sessions
    }
}
