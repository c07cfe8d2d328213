/// What can be wrong with a row while the rows around it may be sound.
public enum RowFault: String, Sendable, Codable, CaseIterable, Comparable {
    /// More or fewer fields than the header has.
    case fields
    /// A quote that never closes, or with text behind it.
    case quotes
    /// Not one whole JSON object.
    case json
    /// No user or no item: empty, or the key is not there.
    case missing
    /// A time that is none, or of another unit than those before; or one where others have none, or none where others have one.
    case time
    /// Bytes that are not UTF-8.
    case utf8
    /// A NUL byte.
    case nul

    /// In the order in which they are listed.
    public static func < (a: RowFault, b: RowFault) -> Bool { (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0) }

    /// As a clause behind a number of rows.
    public var words: String {
        switch self {
        case .fields: "with too many or too few fields"
        case .quotes: "with quotes that do not match"
        case .json: "of bad JSON"
        case .missing: "without a user or an item"
        case .time: "with a bad time"
        case .utf8: "that are not UTF-8"
        case .nul: "with a NUL byte"
        }
    }
}

/// How many rows that cannot be read may be left out, and those that were. One object serves one reading, on one thread.
public final class BadRows {
    /// One more is an error.
    public let limit: Int
    /// The rows that were left out so far.
    public private(set) var summary = BadRowSummary()

    /// - Throws: `LogError` of kind `usage` for a number below 0.
    public init(limit: Int) throws(LogError) {
        guard limit >= 0 else {
            throw LogError(.usage, message: "--skip-bad-rows \(limit) is below 0", remedy: "0 refuses a log with any bad row")
        }
        self.limit = limit
    }

    /// Takes note of a row that is left out.
    ///
    /// - Throws: the error itself, where it is of no single row, or of one too many.
    func leaveOut(_ error: LogError) throws(LogError) {
        guard let fault = error.fault else { throw error }
        guard summary.total < limit else {
            guard limit > 0 else { throw error }
            throw LogError(
                error.kind, file: error.file, line: error.line, message: "\(error.message); it is one bad row more than --skip-bad-rows \(limit) lets pass",
                remedy: error.remedy, fault: fault)
        }
        summary.add(fault, error)
    }
}

/// The rows of a log that were left out since they could not be read.
public struct BadRowSummary: Sendable, Equatable, Codable {
    /// How many; each kind that there is.
    public private(set) var total = 0
    /// By `RowFault`'s name.
    public private(set) var kinds: [String: Int] = [:]
    /// `file:line: what is wrong`, of each, in the order of the logs; of the first `listed` where there are more.
    public private(set) var first: [String] = []

    /// Rows at most that are listed: a log may have any number of bad ones.
    public static let listed = 1000
    /// Rows at most that `lines` shows, for people.
    public static let shown = 5

    /// No rows yet.
    public init() {}

    mutating func add(_ fault: RowFault, _ error: LogError) {
        total += 1
        kinds[fault.rawValue, default: 0] += 1
        if first.count < Self.listed {
            first.append("\(error.file.map { $0 + ":" } ?? "")\(error.line.map { "\($0): " } ?? "")\(error.message)")
        }
    }

    /// `3 rows were left out: 2 with too many or too few fields, 1 with a bad time`.
    public var words: String {
        let parts = RowFault.allCases.compactMap { fault in kinds[fault.rawValue].map { "\($0) \(fault.words)" } }
        return "\(total) bad row\(total == 1 ? " was" : "s were") left out" + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", "))
    }

    /// The first few, a line each, and how many more there are.
    public var lines: [String] {
        first.prefix(Self.shown) + (total > Self.shown ? ["and \(total - Self.shown) more"] : [])
    }
}
