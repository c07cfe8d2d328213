/// The events of several logs, one log behind the other, as if they were one.
///
/// Each log has its own header. Either all of them have times or none has.
final class LogRows {
    private let paths: [String]
    private let layout: LogLayout
    private let stopList: StopWords
    private var next = 0
    private var rows: (any RowSource)?
    /// Of the texts that are done with.
    private var stopped = 0
    /// The log at hand, for messages.
    private(set) var file = ""
    private var events = 0
    /// Whether events have times; known from the first event on.
    private(set) var hasTimes: Bool?
    /// nil: the first bad row is an error.
    private let badRows: BadRows?
    /// What times are numbers of, and the first that tells; nil before it.
    private var unit: (unit: TimeUnit, file: String, line: Int)?
    /// Whether all times so far are numbers that read as dates.
    private var areDatesAsNumbers = true
    /// Columns of the logs that are done with.
    private var unread: [String] = []
    /// Of the row at hand, where bad rows are left out: it has been looked at then, since what takes rows cannot give one back.
    private var checkedTime: Timestamp?

    /// Sessions cannot be cut without times: if the options ask for them, the logs must have times.
    init(_ paths: [String], layout: LogLayout, options: CorpusOptions = .standard, badRows: BadRows? = nil) throws(LogError) {
        guard !paths.isEmpty else {
            throw LogError(.usage, message: "no log was named", remedy: "name one or more files, or - for standard input")
        }
        self.paths = paths
        self.layout = options.sessionGap == nil ? layout : layout.requiringTimes
        stopList = options.stopWords
        self.badRows = badRows.flatMap { $0.limit > 0 ? $0 : nil }
    }

    /// Takes the next event into `row`. Returns false at the end of the last log. A log in which all files hold no
    /// event is an error.
    func next(_ row: inout Row) throws(LogError) -> Bool {
        while true {
            if let rows {
                if let badRows {
                    if try nextSound(&row, of: rows, badRows) { return true }
                } else if try rows.next(&row) {
                    try checkNames(row)
                    try count(row)
                    return true
                }
                stopped += Self.stopped(in: rows)
                unread = unreadTimes
                self.rows = nil
            }
            guard next < paths.count else {
                guard events > 0 else {
                    guard stopped == 0 else {
                        throw LogError(.badData, file: file, message: "there is no event in it but stop words, which were left out", remedy: "--stop-words none leaves none out")
                    }
                    let others = badRows.map { $0.summary.total > 0 ? " but bad rows, which were left out" : "" } ?? ""
                    throw LogError(.badData, file: file, message: "there is no event in it\(others)", remedy: "a log has at least one row behind the header")
                }
                return false
            }
            try open(paths[next])
            next += 1
        }
    }

    /// What the logs said of time so far; nil before the first event.
    var times: LogTimes? {
        hasTimes.map { $0 ? areDatesAsNumbers ? .datesAsNumbers : .every : .fileOrder(unread: unreadTimes) }
    }

    private var unreadTimes: [String] { unread + (rows?.unreadTimes.filter { !unread.contains($0) } ?? []) }

    /// Stop words that were left out so far.
    var stopWords: Int { stopped + (rows.map(Self.stopped(in:)) ?? 0) }

    private static func stopped(in rows: any RowSource) -> Int { (rows as? TextRows)?.stopped ?? 0 }

    /// The next row of one log that nothing is wrong with, the bad ones before it left out. Returns false at its end.
    private func nextSound(_ row: inout Row, of rows: any RowSource, _ badRows: BadRows) throws(LogError) -> Bool {
        while true {
            do {
                guard try rows.next(&row) else { return false }
                try checkNames(row)
                try checkText(row.user, row)
                try checkText(row.item, row)
                checkedTime = nil
                let time = try time(row)
                // Last, since it counts the row.
                try count(row)
                checkedTime = time
                return true
            } catch {
                try badRows.leaveOut(error)
            }
        }
    }

    /// When the event was; nil where the logs have no times.
    func time(_ row: Row) throws(LogError) -> Timestamp? {
        guard let text = row.time else { return nil }
        if let checkedTime { return checkedTime }
        guard let spelled = Timestamp.read(text) else {
            throw LogError(
                .badData, file: file, line: row.line, message: "no time: \"\(excerpt(text))\"",
                remedy: "times are unix seconds or ISO 8601, such as 2017-01-31T18:55:24Z", fault: .time)
        }
        if let unit = spelled.unit, unit != self.unit?.unit { try take(unit, of: text, row) }
        if areDatesAsNumbers { areDatesAsNumbers = spelled.readsAsDate }
        return spelled.time
    }

    /// Throws if times before are of another unit: numbers that count across the border of two would be out of order, and nothing tells them
    /// from times of two programs.
    private func take(_ unit: TimeUnit, of text: UnsafeRawBufferPointer, _ row: Row) throws(LogError) {
        guard let first = self.unit else {
            self.unit = (unit, file, row.line)
            return
        }
        throw LogError(
            .badData, file: file, line: row.line,
            message: "the time \"\(excerpt(text))\" is taken for \(unit.words), and that of \(first.file == file ? "line " : first.file + ":")\(first.line) for \(first.unit.words)",
            remedy: "give all times in one unit, such as seconds, or as dates such as 2017-01-31T18:55:24Z; what counts events has to stay below 100,000,000,000",
            fault: .time)
    }

    /// Throws if the text, which stands in `row`, is not UTF-8. Done once for each new name, not for each row.
    func checkText(_ text: UnsafeRawBufferPointer, _ row: Row) throws(LogError) {
        guard isUTF8(text) else { throw LogError.notUTF8(file: file, line: row.line) }
    }

    @inline(__always)
    private func checkNames(_ row: Row) throws(LogError) {
        if row.user.isEmpty || row.item.isEmpty { throw empty(row) }
    }

    /// Throws if the row has a time and those before have none, or the other way round.
    @inline(__always)
    private func count(_ row: Row) throws(LogError) {
        let timed = row.time != nil
        if hasTimes != timed {
            guard hasTimes == nil else { throw mixed(row) }
            hasTimes = timed
        }
        events += 1
    }

    private func empty(_ row: Row) -> LogError {
        let column = row.user.isEmpty ? layout.user : layout.item
        return LogError(
            .badData, file: file, line: row.line, message: "\"\(column)\" is empty",
            remedy: "every event needs a user and an item: fill it in or drop the row", fault: .missing)
    }

    private func mixed(_ row: Row) -> LogError {
        let name = layout.timeName ?? "time"
        let message = row.time == nil ? "no \"\(name)\" here, but the events before have it" : "\"\(name)\" here, but the events before have none"
        return LogError(.badData, file: file, line: row.line, message: message, remedy: "give all events a time, or none", fault: .time)
    }

    private func open(_ path: String) throws(LogError) {
        let reader = try LineReader(openLog(path))
        file = reader.name
        try rejectForeignFormat(reader.ahead, file: file)
        let format = layout.format ?? LogFormat(path: path) ?? LogFormat(contents: reader.ahead)
        switch format {
        case .csv, .tsv: rows = try DelimitedRows(reader, format: format, layout: layout)
        case .jsonLines: rows = try JSONRows(reader, layout: layout)
        case .text: rows = try TextRows(reader, prefix: paths.count > 1 ? "\(file):" : "", stopWords: stopList)
        }
    }
}
