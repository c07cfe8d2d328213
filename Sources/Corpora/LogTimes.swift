/// What logs say of when events were: one thing for all logs that are read as one.
public enum LogTimes: Sendable, Equatable {
    /// Every event has a time, and a user's events are in the order of theirs.
    case every
    /// The same, but each time is a number that reads as a date, such as 20170131: it is read as a number all the same.
    case datesAsNumbers
    /// No event has one, and events keep the order of the file.
    ///
    /// `unread`: columns whose names sound like times (`TimeNames`), where nobody said which column to read.
    case fileOrder(unread: [String])

    /// Whether events have times.
    public var areThere: Bool {
        switch self {
        case .every, .datesAsNumbers: true
        case .fileOrder: false
        }
    }

    /// What one should know before a fit: a clause without a full stop; nil where there is nothing.
    public var warning: String? {
        switch self {
        case .every: return nil
        case .datesAsNumbers: return "times look like dates written as numbers, and are read as seconds: write 2017-01-31, not 20170131"
        case .fileOrder(let unread):
            guard let option = TimeNames.option(for: unread) else { return nil }
            let names = unread.map { "\"\($0)\"" }.joined(separator: ", ")
            return "no column is named \"time\", so events keep the file's order; "
                + (unread.count == 1 ? "a column is called" : "columns are called") + " \(names): \(option)"
        }
    }
}
