/// Names that other programs give to columns of times.
public enum TimeNames {
    /// Without capitals, and without what divides words.
    private static let squeezed: Set = [
        "time", "times", "timestamp", "timestamps", "ts", "date", "datetime", "epoch", "created", "createdat", "createdon", "occurredat",
        "eventtime", "eventtimestamp", "eventdate", "eventdatetime", "unixtime", "unixtimestamp", "timems", "timestampms", "timeframe",
        "servertime", "localtime", "clicktime", "visittime", "visitedat", "viewedat", "purchasedat", "orderdate", "dateandtime",
    ]

    /// Whether a column of this name is likely to hold times, whatever its capitals, blanks, hyphens and underscores.
    static func match(_ name: String) -> Bool {
        // No name of the list has more letters, and a header can be of any length.
        guard name.utf8.count < 40 else { return false }
        return squeezed.contains(name.lowercased().filter { $0 != "_" && $0 != "-" && !$0.isWhitespace })
    }

    /// What to say to read one of the columns: `--time timestamp`; nil where there is none.
    ///
    /// - Parameter names: that sound like times, so that blanks alone mean something to a shell.
    public static func option(for names: [String]) -> String? {
        guard let first = names.first else { return nil }
        if names.count > 1 { return "--time NAME says which" }
        return "--time " + (first.contains { $0.isWhitespace } ? "\"\(first)\"" : first)
    }
}
