/// The rows of a file with one JSON object a line (RFC 8259). Keys that are not asked for are passed over, whatever they hold.
///
/// A user or an item may be a string or a number; a number is known by its spelling. Blank lines are passed over.
final class JSONRows: RowSource {
    private let reader: LineReader
    private let layout: LogLayout
    private let timeName: String
    /// Of the object at hand, for messages.
    private var keys: [UnsafeRawBufferPointer] = []
    private(set) var unreadTimes: [String] = []
    private var isFirst = true

    init(_ reader: LineReader, layout: LogLayout) throws(LogError) {
        self.reader = reader
        self.layout = layout
        timeName = layout.timeName ?? ""
        guard !reader.ahead.isEmpty else {
            throw LogError(.badData, file: reader.name, message: "the file is empty", remedy: "a JSON log has one object a line")
        }
    }

    func next(_ row: inout Row) throws(LogError) -> Bool {
        while try reader.next() {
            var parser = JSONLine(reader.line)
            if parser.isBlank { continue }
            row.line = reader.lineNumber
            do {
                try take(&parser, into: &row)
            } catch {
                throw LogError(.badData, file: reader.name, line: row.line, message: error.message, remedy: error.remedy, fault: error.fault)
            }
            return true
        }
        return false
    }

    private func take(_ parser: inout JSONLine, into row: inout Row) throws(JSONLine.Failure) {
        var user: UnsafeRawBufferPointer?, item: UnsafeRawBufferPointer?, time: UnsafeRawBufferPointer?
        keys.removeAll(keepingCapacity: true)
        try parser.beginObject()
        while let key = try parser.nextKey() {
            keys.append(key)
            if key.elementsEqual(layout.user.utf8) {
                user = try parser.scalar(named: layout.user)
            } else if key.elementsEqual(layout.item.utf8) {
                item = try parser.scalar(named: layout.item)
            } else if layout.time != .fileOrder, key.elementsEqual(timeName.utf8) {
                time = try parser.scalar(named: timeName, fault: .time)
            } else {
                try parser.skipValue()
            }
        }
        guard let user else { throw missing(layout.user, "--user") }
        guard let item else { throw missing(layout.item, "--item") }
        if time == nil, case .named(let name) = layout.time { throw missing(name, "--time", fault: .time) }
        if isFirst, time == nil, case .ifPresent = layout.time {
            unreadTimes = keys.map { String(decoding: $0, as: UTF8.self) }
                .filter { $0 != layout.user && $0 != layout.item && TimeNames.match($0) }
        }
        isFirst = false
        row.user = user
        row.item = item
        row.time = time
    }

    private func missing(_ name: String, _ option: String, fault: RowFault = .missing) -> JSONLine.Failure {
        let there = keys.isEmpty ? "there is none" : "the keys are " + keys.prefix(20).map(excerpt).joined(separator: ", ")
        return JSONLine.Failure(
            message: "no key is named \"\(name)\"; \(there)", remedy: "every object needs it; say which key it is with \(option) NAME",
            fault: fault)
    }
}
