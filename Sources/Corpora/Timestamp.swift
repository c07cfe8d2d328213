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

    /// Reads unix seconds, whole or fractional, or an ISO 8601 date with or without a time and a zone (none: UTC).
    ///
    /// Whole numbers too large to be seconds are what other programs write: from 10^11 on they are milliseconds, from
    /// 10^14 on microseconds, from 10^17 on nanoseconds. Digits behind the microsecond are dropped. nil: none of these.
    init?(_ text: UnsafeRawBufferPointer) {
        if let number = Timestamp.number(text) ?? Timestamp.iso8601(text) ?? Timestamp.exponential(text) {
            microseconds = number
        } else {
            return nil
        }
    }

    /// `-?digits(.digits?)?`
    @inline(__always)
    private static func number(_ text: UnsafeRawBufferPointer) -> Int64? {
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
            guard let scaled = scale(whole) else { return nil }
            return negative ? -scaled : scaled
        }
        guard text[at] == UInt8(ascii: "."), whole < 100_000_000_000, let fraction = fraction(text, from: at + 1) else { return nil }
        let value = whole * perSecond + fraction
        return negative ? -value : value
    }

    private static func longNumber(_ text: UnsafeRawBufferPointer) -> Int64? {
        Int64(String(decoding: text, as: UTF8.self)).map { $0 / 1000 }
    }

    /// Seconds, milliseconds, microseconds or nanoseconds, by size, as microseconds.
    private static func scale(_ whole: Int64) -> Int64? {
        switch whole {
        case ..<100_000_000_000: whole * perSecond
        case ..<100_000_000_000_000: whole * 1000
        case ..<100_000_000_000_000_000: whole
        default: whole / 1000
        }
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
    private static func exponential(_ text: UnsafeRawBufferPointer) -> Int64? {
        let allowed = text.allSatisfy { digit($0) != nil || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }
        guard allowed, text.count < 40, let value = Double(String(decoding: text, as: UTF8.self)), abs(value) < 1e11 else { return nil }
        return Int64((value * Double(perSecond)).rounded())
    }

    @inline(__always)
    static func digit(_ byte: UInt8) -> Int64? {
        let value = byte &- 0x30
        return value < 10 ? Int64(value) : nil
    }
}
