/// What LDA's sampler keeps of an event: its topic, and the one that it is to be asked to move to.
struct EventTopic<Topic: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
    var topic: Topic
    var proposal: Topic
}

/// Visits to groups of events, an item's or a sequence's: proposals are judged, and new ones are made that are judged when the events'
/// other groups are visited.
///
/// Let n_gk be the events of group g that have topic k, and c_g its concentration: β for an item, α for a sequence. An event of
/// groups g and h has the law (Paper-notes T1), itself left out of all counts,
///
///     π(k) ∝ (n_gk + c_g) (n_hk + c_h) / (n_k + Vβ)
///
/// A visit to h proposes k' ∝ n_hk' + c_h: the topic of a random event of h, or any topic. What π has of h cancels against that, and
/// a visit to g accepts with probability
///
///     min(1, (n_gk' + c_g) / (n_k' + Vβ) · (n_k + Vβ) / (n_gk + c_g))
///
/// So what a visit reads at random are K counts of one group and K totals, which stay in cache, and neither needs a table.
final class GroupVisits<Topic: FixedWidthInteger & UnsignedInteger & Sendable> {
    typealias Events = UnsafeMutablePointer<EventTopic<Topic>>

    private let totals: TopicTotals
    private let concentration: Float
    private let judging: EventWords
    private let proposing: EventWords
    private let counts: UnsafeMutablePointer<Int32>  // (K) n_gk in a visit, zero between visits
    /// What each topic won by all visits.
    private(set) var gains: [Int32]                  // (K)

    /// - Parameter totals: stay as they are while groups are visited.
    init(totals: TopicTotals, concentration: Float, judging: EventWords, proposing: EventWords) {
        self.totals = totals
        self.concentration = concentration
        self.judging = judging
        self.proposing = proposing
        counts = .allocate(capacity: totals.topics)
        counts.initialize(repeating: 0, count: totals.topics)
        gains = [Int32](repeating: 0, count: totals.topics)
    }

    deinit { counts.deallocate() }

    /// Judges the proposals of some of a group's events, one after the other: n_gk follows each move, n_k none.
    ///
    /// - Parameters:
    ///   - judged: which of `numbers`.
    ///   - events: all of the group's, side by side.
    ///   - numbers: those of its events, for their random words.
    @inline(__always)
    func judge(_ judged: Range<Int>, of events: Events, numbers: Range<Int>) {
        let counts = counts, c = concentration, first = numbers.lowerBound
        let inverse = totals.inverse, inverseWithout = totals.inverseWithout
        for place in 0..<numbers.count { counts[Int(events[place].topic)] &+= 1 }
        gains.withUnsafeMutableBufferPointer { gains in
            judging.forEach(judged) { number, word in
                let event = events + (number &- first), old = Int(event.pointee.topic), new = Int(event.pointee.proposal)
                if old == new { return }
                let here = (Float(counts[old] &- 1) + c) * inverseWithout[old]
                let there = (Float(counts[new]) + c) * inverse[new]
                // The word's upper 24 bits as a uniform number on [0, 1).
                if Float(word >> 8) * 0x1p-24 * here < there {
                    counts[old] &-= 1
                    counts[new] &+= 1
                    gains[old] &-= 1
                    gains[new] &+= 1
                    event.pointee.topic = event.pointee.proposal
                }
            }
        }
        for place in 0..<numbers.count { counts[Int(events[place].topic)] = 0 }
    }

    /// Proposes a topic to each event of a group, ∝ n_gk + c without the event itself: one that comes upon itself is asked to stay.
    @inline(__always)
    func propose(to events: Events, numbers: Range<Int>) {
        let first = numbers.lowerBound, length = Double(numbers.count), c = Double(concentration)
        // Places of the group's events, and behind them a room of width c for each topic.
        let span = (length + c * Double(totals.topics)) * 0x1p-32, last = Double(totals.topics &- 1)
        proposing.forEach(numbers) { number, word in
            let place = Double(word) * span
            // Both are made, since choosing one first would be a branch that nobody can foresee.
            let near = events[Int(min(place, length - 1))].topic
            let far = Topic(truncatingIfNeeded: Int(min(max(0, place - length) / c, last)))
            events[number &- first].proposal = place < length ? near : far
        }
    }
}
