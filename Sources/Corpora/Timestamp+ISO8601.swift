extension Timestamp {
    /// `YYYY-MM-DD`, then perhaps `T` or a blank and `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fraction`, then perhaps a zone:
    /// `Z`, `UTC`, `±HH`, `±HHMM` or `±HH:MM`. Without a zone it is UTC. As microseconds since 1970.
    static func iso8601(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard text.count >= 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
              let year = digits(text, 0, 4), let month = digits(text, 5, 2), let day = digits(text, 8, 2),
              1...12 ~= month, day >= 1, day <= daysInMonth(year, month)
        else { return nil }
        var seconds = daysSinceEpoch(year, month, day) * 86_400
        if text.count == 10 { return seconds * perSecond }
        guard text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: "t") || text[10] == 0x20,
              let hour = digits(text, 11, 2), text.count >= 16, text[13] == UInt8(ascii: ":"), let minute = digits(text, 14, 2),
              hour < 24, minute < 60
        else { return nil }
        seconds += hour * 3600 + minute * 60
        if text.count > 16, text[16] == UInt8(ascii: ":") {
            // A second 60 is a leap second: it falls on the next minute's first.
            guard let second = digits(text, 17, 2), second <= 60, let behind = behindSeconds(text, from: 19) else { return nil }
            return (seconds + second) * perSecond + behind
        }
        guard let east = zone(UnsafeRawBufferPointer(rebasing: text[16...])) else { return nil }
        return (seconds - east) * perSecond
    }

    /// What stands behind the seconds, up to the end of the text: perhaps a fraction, then perhaps a zone. As microseconds to add.
    static func behindSeconds(_ text: UnsafeRawBufferPointer, from start: Int) -> Int64? {
        var at = start, micros: Int64 = 0
        if at < text.count, text[at] == UInt8(ascii: ".") || text[at] == UInt8(ascii: ",") {
            var end = at + 1
            while end < text.count, digit(text[end]) != nil { end += 1 }
            guard end > at + 1, let part = fraction(UnsafeRawBufferPointer(rebasing: text[..<end]), from: at + 1) else { return nil }
            micros = part
            at = end
        }
        guard let east = zone(UnsafeRawBufferPointer(rebasing: text[at...])) else { return nil }
        return micros - east * perSecond
    }

    /// Seconds east of Greenwich.
    static func zone(_ text: UnsafeRawBufferPointer) -> Int64? {
        var text = text
        if text.isEmpty { return 0 }
        if text.first == 0x20 { text = UnsafeRawBufferPointer(rebasing: text[1...]) }
        if text.elementsEqual("Z".utf8) || text.elementsEqual("z".utf8) || text.elementsEqual("UTC".utf8) { return 0 }
        guard let sign = text.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = digits(text, 1, 2) else { return nil }
        var minutes: Int64 = 0
        if text.count > 3 {
            let start = text[3] == UInt8(ascii: ":") ? 4 : 3
            guard text.count == start + 2, let value = digits(text, start, 2) else { return nil }
            minutes = value
        }
        guard hours < 24, minutes < 60 else { return nil }
        let east = hours * 3600 + minutes * 60
        return sign == UInt8(ascii: "-") ? -east : east
    }

    static func digits(_ text: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int64? {
        guard start + count <= text.count else { return nil }
        var value: Int64 = 0
        for at in start..<start + count {
            guard let digit = digit(text[at]) else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    static func daysInMonth(_ year: Int64, _ month: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 in the proleptic Gregorian calendar; years begin in March, so that the leap day comes last.
    static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The day in the proleptic Gregorian calendar, in UTC.
    var date: (year: Int64, month: Int64, day: Int64) {
        let perDay = 86_400 * Timestamp.perSecond
        let days = (microseconds >= 0 ? microseconds : microseconds - perDay + 1) / perDay + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}
