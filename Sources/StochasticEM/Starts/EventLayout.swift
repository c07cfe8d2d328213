import Corpora

/// The events of a corpus in two orders: by item, and by sequence.
///
/// Within an item they stand in the order of the corpus. So a walk through one sequence after the other walks forward through each
/// item's events, too, and finds most of them in cache.
struct EventLayout: Sendable {
    let byItem: EventGroups      // V groups
    let bySequence: EventGroups  // N groups
    /// Where each event of the order by sequence stands in the order by item.
    let places: [UInt32]         // (T)

    /// Traps on 2^32 events or more: places have 32 bits.
    init(_ corpus: Corpus) {
        var starts = [Int](repeating: 0, count: corpus.vocabulary.count + 1)
        for item in corpus.items { starts[Int(item) + 1] += 1 }
        for item in 0..<corpus.vocabulary.count { starts[item + 1] += starts[item] }
        byItem = EventGroups(starts: starts)
        bySequence = EventGroups(starts: corpus.starts)
        // What was the start of an item's events now runs to their end.
        places = corpus.items.map { item in
            defer { starts[Int(item)] += 1 }
            return UInt32(starts[Int(item)])
        }
    }
}

/// Runs of events that belong together, end to end.
struct EventGroups: Sendable {
    /// Events of group g are `starts[g] ..< starts[g + 1]`.
    let starts: [Int]
    /// Runs of groups with about as many events each, whatever the number of threads.
    let pieces: [Range<Int>]

    init(starts: [Int]) {
        self.starts = starts
        let groups = starts.count - 1, events = max(4096, starts[groups] / 32)
        var pieces: [Range<Int>] = [], first = 0
        for group in 0..<groups where starts[group + 1] - starts[first] >= events || group == groups - 1 {
            pieces.append(first..<group + 1)
            first = group + 1
        }
        self.pieces = pieces
    }

    func events(_ group: Int) -> Range<Int> { starts[group]..<starts[group + 1] }
}
