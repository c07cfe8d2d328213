/// What a log looks like: its format, and which columns hold what.
public struct LogLayout: Sendable, Equatable {
    /// Which column, if any, says when an event was.
    public enum TimeColumn: Sendable, Equatable {
        /// This one, and it is an error if it is not there.
        case named(String)
        /// This one; a log without it is in order as it stands.
        case ifPresent(String)
        /// None: the log is in order as it stands.
        case fileOrder
    }

    /// nil: decided for each file by its extension, then by what it holds.
    public var format: LogFormat?
    /// Name of the column that says whose event it is.
    public var user: String
    /// The column that says when it was.
    public var time: TimeColumn
    /// Name of the column that says what it was.
    public var item: String

    /// Any format, and the usual names of columns; a log need not have times.
    public init(
        format: LogFormat? = nil, user: String = "user", time: TimeColumn = .ifPresent("time"), item: String = "item"
    ) {
        self.format = format
        self.user = user
        self.time = time
        self.item = item
    }

    /// The time column's name, if one is looked for.
    var timeName: String? {
        switch time {
        case .named(let name), .ifPresent(let name): name
        case .fileOrder: nil
        }
    }

    /// The same layout, with a time column that must be there: for what cannot be done without times.
    var requiringTimes: LogLayout {
        var copy = self
        copy.time = .named(timeName ?? "time")
        return copy
    }
}
