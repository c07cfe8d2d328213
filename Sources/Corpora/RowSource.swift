/// One event as it stands in a file. The bytes are the reader's own: valid until its next row.
struct Row {
    var user = UnsafeRawBufferPointer(start: nil, count: 0)
    var item = UnsafeRawBufferPointer(start: nil, count: 0)
    /// nil where the file has no times.
    var time: UnsafeRawBufferPointer?
    /// The line that the row begins on.
    var line = 0
}

/// The events of one file, row by row.
protocol RowSource: AnyObject {
    /// Columns, or keys of the first object, whose names sound like times, where none was read and nobody said which to read.
    var unreadTimes: [String] { get }

    /// Takes the next event into `row`. Returns false at the end.
    func next(_ row: inout Row) throws(LogError) -> Bool
}
