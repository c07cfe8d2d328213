/// Dates whose parts have nothing between them.
extension Timestamp {
    /// `YYYYMMDD`, `T`, `HHMM`, `HHMMSS` or `HHMMSS.fraction`, then perhaps a zone, as `iso8601` has it. As microseconds since 1970.
    static func basicISO8601(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard text.count >= 13, text[8] == UInt8(ascii: "T") || text[8] == UInt8(ascii: "t"),
              let date = digits(text, 0, 8), let midnight = midnight(date), let hour = digits(text, 9, 2), let minute = digits(text, 11, 2),
              hour < 24, minute < 60
        else { return nil }
        let seconds = midnight + hour * 3600 + minute * 60
        if let second = digits(text, 13, 2) {
            guard second <= 60, let behind = behindSeconds(text, from: 15) else { return nil }
            return (seconds + second) * perSecond + behind
        }
        guard let east = zone(UnsafeRawBufferPointer(rebasing: text[13...])) else { return nil }
        return (seconds - east) * perSecond
    }

    /// Of a number such as 20170131185524, the time that its digits spell, as microseconds since 1970; nil where they spell none of the
    /// years 1900 to 2100. As milliseconds, such numbers would be of the years 2572 to 2635, which nobody has a log of.
    static func digitsOfDate(_ number: Int64) -> Int64? {
        let (date, clock) = number.quotientAndRemainder(dividingBy: 1_000_000)
        let hour = clock / 10_000, minute = clock / 100 % 100, second = clock % 100
        guard isDate(date), let midnight = midnight(date), hour < 24, minute < 60, second <= 60 else { return nil }
        return (midnight + hour * 3600 + minute * 60 + second) * perSecond
    }

    /// Whether the digits of a number such as 20170131 spell a day of the years 1900 to 2100.
    static func isDate(_ number: Int64) -> Bool { 19_000_101...21_001_231 ~= number && midnight(number) != nil }

    /// Of a number such as 20170131, the seconds from 1970 to the start of that day in UTC; nil where there is no such day.
    private static func midnight(_ number: Int64) -> Int64? {
        let year = number / 10_000, month = number / 100 % 100, day = number % 100
        guard 1...12 ~= month, day >= 1, day <= daysInMonth(year, month) else { return nil }
        return daysSinceEpoch(year, month, day) * 86_400
    }
}
