/// When each event was, in the order in which events were appended: exact to the microsecond, at 4 bytes an event as a rule.
///
/// Times are kept in pages of `pageLength` events. A page has a base, its earliest time, and a unit, the greatest common divisor
/// of the distances from the base; each of its events is so many units behind the base. 32 bits hold that number where times lie
/// near each other, as they do in a log that runs in order of time (71 minutes to a page, if they are in microseconds), or where they
/// share a coarser unit (49 days in milliseconds, 136 years in seconds). Other pages take 1 to 4 bytes an event more, as many
/// as they need: times at random within a year, 1 in milliseconds, and 2 in microseconds.
///
/// A time fits no page but its own, so events cannot be moved here. To order them is to number them: see `EventTable`.
struct TimeColumn: ~Copyable {
    static let pageLength = 1024
    private static let lowerBits = UInt64(UInt32.bitWidth)

    // Not private: compilers up to 6.3 break off in debug builds where a file of another batch destroys a column of a private type.
    struct Page {
        let base: Int64
        /// In microseconds. At least 1.
        let unit: UInt64
        /// Where its part of `upper` starts, and how many bytes an event has there.
        let upperStart: Int
        let upperBytes: Int
    }

    private var pages = Column<Page>()
    /// By event of a full page: the number of units, its lower 32 bits.
    private(set) var lower = Column<UInt32>()
    /// The other bits where there are any, byte by byte, the lowest first.
    private(set) var upper = Column<UInt8>()
    /// Events behind the last full page, in microseconds behind 1970. Never `pageLength` of them.
    private var open: [Int64] = []

    init() {
        open.reserveCapacity(Self.pageLength)
    }

    var count: Int { lower.count + open.count }
    var isEmpty: Bool { count == 0 }

    subscript(event: Int) -> Timestamp {
        @inline(__always) get {
            let (page, place) = event.quotientAndRemainder(dividingBy: Self.pageLength)
            return Timestamp(microseconds: page == pages.count ? open[place] : time(pages[page], place, event))
        }
    }

    @inline(__always)
    private func time(_ page: Page, _ place: Int, _ event: Int) -> Int64 {
        var units = UInt64(lower[event])
        if page.upperBytes > 0 {
            let start = page.upperStart + place * page.upperBytes
            for byte in 0..<page.upperBytes { units |= UInt64(upper[start + byte]) << (Self.lowerBits + 8 * UInt64(byte)) }
        }
        // Distances are taken modulo 2^64, here as in `close`: then any two times have one.
        return page.base &+ Int64(bitPattern: units &* page.unit)
    }

    /// Whether no event was before the one that was appended before it.
    var isAscending: Bool {
        guard !isEmpty else { return true }
        var previous = self[0]
        for event in 1..<count {
            let time = self[event]
            if time < previous { return false }
            previous = time
        }
        return true
    }

    @inline(__always)
    mutating func append(_ time: Timestamp) {
        open.append(time.microseconds)
        if open.count == Self.pageLength { close() }
    }

    /// Forgets what lies behind the first `length` events.
    mutating func truncate(to length: Int) {
        let (page, rest) = length.quotientAndRemainder(dividingBy: Self.pageLength)
        if page == pages.count {
            open.removeLast(open.count - rest)
        } else {
            let start = page * Self.pageLength
            open.removeAll(keepingCapacity: true)
            for event in start..<length { open.append(time(pages[page], event - start, event)) }
            lower.truncate(to: start)
            upper.truncate(to: pages[page].upperStart)
            pages.truncate(to: page)
        }
    }

    /// Makes a page of the open one, which is full.
    @inline(never)
    private mutating func close() {
        var base = open[0], last = base
        for time in open {
            base = min(base, time)
            last = max(last, time)
        }
        let span = UInt64(bitPattern: last &- base)
        // Most pages fit in microseconds, and divisions are slow.
        let unit = span >> Self.lowerBits == 0 ? 1 : Self.unit(open, base)
        let upperBits = UInt64.bitWidth - ((span / unit) >> Self.lowerBits).leadingZeroBitCount
        let page = Page(base: base, unit: unit, upperStart: upper.count, upperBytes: (upperBits + 7) / 8)
        for time in open {
            let distance = UInt64(bitPattern: time &- base)
            let units = unit == 1 ? distance : distance / unit
            lower.append(UInt32(truncatingIfNeeded: units))
            for byte in 0..<page.upperBytes { upper.append(UInt8(truncatingIfNeeded: units >> (Self.lowerBits + 8 * UInt64(byte)))) }
        }
        pages.append(page)
        open.removeAll(keepingCapacity: true)
    }

    /// The greatest common divisor of the distances from `base`, by Euclid.
    private static func unit(_ times: [Int64], _ base: Int64) -> UInt64 {
        var unit: UInt64 = 0
        for time in times where unit != 1 {
            var larger = UInt64(bitPattern: time &- base)
            while unit != 0 { (larger, unit) = (unit, larger % unit) }
            unit = larger
        }
        return unit
    }
}
