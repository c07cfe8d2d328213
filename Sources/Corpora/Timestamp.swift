/// A point in time, in microseconds since 1970-01-01 UTC.
struct Timestamp: Equatable, Comparable {
    static let perSecond: Int64 = 1_000_000
    /// 292,000 years either way would fit; this leaves room for sums and zones.
    static let furthest: Int64 = .max / 4

    let microseconds: Int64

    init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }

    /// Reads a time that stands alone: as `read` does, whatever its unit.
    init?(_ text: UnsafeRawBufferPointer) {
        guard let time = Timestamp.read(text)?.time else { return nil }
        self = time
    }

    /// Reads unix seconds, whole or fractional, or an ISO 8601 date, extended or basic, with or without a time and a zone (none: UTC).
    ///
    /// Whole numbers too large to be seconds are what other programs write: from 10^11 on they are milliseconds, from
    /// 10^14 on microseconds, from 10^17 on nanoseconds; but 14 digits that read as a date of 1900 to 2100 and a time of day are
    /// that. Times of one log have to be of one unit, which is for the caller to see to. Digits behind the microsecond are
    /// dropped. nil: none of these.
    @inline(__always)
    static func read(_ text: UnsafeRawBufferPointer) -> SpelledTime? {
        if let number = number(text) { return number }
        if let date = iso8601(text) ?? basicISO8601(text) { return SpelledTime(time: Timestamp(microseconds: date), unit: nil) }
        return exponential(text)
    }

    /// `-?digits(.digits?)?`
    @inline(__always)
    private static func number(_ text: UnsafeRawBufferPointer) -> SpelledTime? {
        var at = 0
        let negative = text.first == UInt8(ascii: "-")
        if negative { at = 1 }
        let firstDigit = at
        var whole: Int64 = 0
        while at < text.count, let digit = digit(text[at]) {
            // 19 digits do not fit for sure.
            if at - firstDigit == 18 { return longNumber(text) }
            whole = whole * 10 + digit
            at += 1
        }
        guard at > firstDigit else { return nil }
        if at == text.count {
            if at == 14, let date = digitsOfDate(whole) { return SpelledTime(time: Timestamp(microseconds: date), unit: .digitsOfDate) }
            return scaled(negative ? -whole : whole)
        }
        guard text[at] == UInt8(ascii: "."), whole < 100_000_000_000, let fraction = fraction(text, from: at + 1) else { return nil }
        let value = whole * perSecond + fraction
        return seconds(negative ? -value : value)
    }

    private static func longNumber(_ text: UnsafeRawBufferPointer) -> SpelledTime? {
        Int64(String(decoding: text, as: UTF8.self)).map(scaled)
    }

    /// Seconds, milliseconds, microseconds or nanoseconds, by size.
    private static func scaled(_ whole: Int64) -> SpelledTime {
        switch whole.magnitude {
        case ..<100_000_000_000: seconds(whole * perSecond)
        case ..<100_000_000_000_000: SpelledTime(time: Timestamp(microseconds: whole * 1000), unit: .milliseconds)
        case ..<100_000_000_000_000_000: SpelledTime(time: Timestamp(microseconds: whole), unit: .microseconds)
        default: SpelledTime(time: Timestamp(microseconds: whole / 1000), unit: .nanoseconds)
        }
    }

    private static func seconds(_ microseconds: Int64) -> SpelledTime {
        SpelledTime(time: Timestamp(microseconds: microseconds), unit: microseconds == 0 ? nil : .seconds)
    }

    /// Digits behind a point, up to the end of the text, as microseconds.
    static func fraction(_ text: UnsafeRawBufferPointer, from start: Int) -> Int64? {
        var value: Int64 = 0, weight = perSecond / 10
        for at in start..<text.count {
            guard let digit = digit(text[at]) else { return nil }
            value += digit * weight
            weight /= 10
        }
        return value
    }

    /// `1.396437466E9`, as some programs write large numbers.
    private static func exponential(_ text: UnsafeRawBufferPointer) -> SpelledTime? {
        let allowed = text.allSatisfy { digit($0) != nil || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }
        guard allowed, text.count < 40, let value = Double(String(decoding: text, as: UTF8.self)), abs(value) < 1e11 else { return nil }
        return seconds(Int64((value * Double(perSecond)).rounded()))
    }

    @inline(__always)
    static func digit(_ byte: UInt8) -> Int64? {
        let value = byte &- 0x30
        return value < 10 ? Int64(value) : nil
    }
}
