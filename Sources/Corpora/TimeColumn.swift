/// When each event was: 4 bytes an event while all times are whole seconds within 68 years of the first, else 8.
struct TimeColumn: ~Copyable {
    /// Seconds behind the first event.
    private(set) var seconds = Column<Int32>()
    /// Microseconds behind 1970. In use once `isWide`.
    private(set) var microseconds = Column<Int64>()
    private(set) var isWide = false
    private var first: Int64 = 0

    var count: Int { isWide ? microseconds.count : seconds.count }

    subscript(event: Int) -> Timestamp {
        Timestamp(microseconds: isWide ? microseconds[event] : (first + Int64(seconds[event])) * Timestamp.perSecond)
    }

    @inline(__always)
    mutating func append(_ time: Timestamp) {
        if !isWide {
            let (second, rest) = time.microseconds.quotientAndRemainder(dividingBy: Timestamp.perSecond)
            if seconds.isEmpty { first = second }
            if rest == 0, let offset = Int32(exactly: second - first) {
                seconds.append(offset)
                return
            }
            widen()
        }
        microseconds.append(time.microseconds)
    }

    private mutating func widen() {
        for event in 0..<seconds.count { microseconds.append(self[event].microseconds) }
        seconds = Column()
        isWide = true
    }

    /// Moves each event to its place: see `permute`.
    mutating func permute(_ places: inout Column<UInt32>, items: inout Column<UInt32>) {
        if isWide {
            Corpora.permute(&places, &items, &microseconds)
        } else {
            Corpora.permute(&places, &items, &seconds)
        }
    }

    /// Puts the events in `range` in order of time; those of the same time stay in their order.
    mutating func sort(_ range: Range<Int>, items: inout Column<UInt32>) {
        if isWide {
            Corpora.sort(range, by: &microseconds, &items)
        } else {
            Corpora.sort(range, by: &seconds, &items)
        }
    }
}

/// Moves each event to its place, in place; `places` ends up as 0, 1, 2, ….
///
/// Follows the cycles of the permutation: every swap brings one event home. An empty `times` is left alone.
private func permute<Time>(_ places: inout Column<UInt32>, _ items: inout Column<UInt32>, _ times: inout Column<Time>) {
    let timed = !times.isEmpty
    for event in 0..<places.count {
        while Int(places[event]) != event {
            let home = Int(places[event])
            places.swapAt(event, home)
            items.swapAt(event, home)
            if timed { times.swapAt(event, home) }
        }
    }
}

private func sort<Time: Comparable>(_ range: Range<Int>, by times: inout Column<Time>, _ items: inout Column<UInt32>) {
    guard var previous = range.first.map({ times[$0] }) else { return }
    var isSorted = true
    for event in range {
        let time = times[event]
        if time < previous {
            isSorted = false
            break
        }
        previous = time
    }
    if isSorted { return }
    // The position breaks ties, so that the order is total and the sort stable whatever the library's sort is.
    var events = range.map { (time: times[$0], position: $0, item: items[$0]) }
    events.sort { $0.time != $1.time ? $0.time < $1.time : $0.position < $1.position }
    for (place, event) in zip(range, events) {
        times[place] = event.time
        items[place] = event.item
    }
}
