import Corpora
import Kernels

/// The topics of all events of a corpus, and LDA's passes over them; see `LatentDirichletAllocation`.
///
/// - Note: `Topic` is wide enough for K topics.
final class LDASampler<Topic: FixedWidthInteger & UnsignedInteger & Sendable>: @unchecked Sendable {
    typealias Events = GroupVisits<Topic>.Events

    /// What a pass visits.
    enum Side: Int {
        case items, sequences
    }

    let totals: TopicTotals
    let layout: EventLayout
    private let settings: LatentDirichletAllocation
    private let seed: UInt64
    private let events: Events  // (T), by item

    /// - Parameter topics: of each event, in the order of the corpus; below `k`.
    init(_ settings: LatentDirichletAllocation, corpus: Corpus, topics: [Int32], k: Int, seed: UInt64) {
        self.settings = settings
        self.seed = seed
        layout = EventLayout(corpus)
        events = .allocate(capacity: max(1, topics.count))
        var counts = [Int](repeating: 0, count: k)
        for (place, topic) in zip(layout.places, topics) {
            counts[Int(topic)] += 1
            // Asked to stay, until it hears from its item.
            (events + Int(place)).initialize(to: EventTopic(topic: Topic(topic), proposal: Topic(topic)))
        }
        totals = TopicTotals(counts, smoothing: Double(settings.beta) * Double(corpus.vocabulary.count))
    }

    deinit { events.deallocate() }

    /// The topic of each event, in the order of the corpus.
    var topics: [Int32] { layout.places.map { Int32(events[Int($0)].topic) } }

    /// Every event twice: among those of its item, and among those of its sequence.
    ///
    /// - Parameter number: from 1 on; a sweep's random numbers hang on it.
    func sweep(_ number: Int, shards: Shards) {
        pass(.items, sweep: number, shards: shards)
        pass(.sequences, sweep: number, shards: shards)
    }

    /// The groups of one side have no event in common, and n_k waits for the end of the pass. So pieces are independent.
    private func pass(_ side: Side, sweep: Int, shards: Shards) {
        let pieces = (side == .items ? layout.byItem : layout.bySequence).pieces
        var gains = [[Int32]](repeating: [], count: pieces.count)
        gains.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let gains = buffer
            shards.forEach(pieces.count) { piece in
                let visits = visits(side, sweep: sweep)
                visitEach(pieces[piece], of: side) { events, numbers in
                    visits.judge(numbers, of: events, numbers: numbers)
                    visits.propose(to: events, numbers: numbers)
                }
                gains[piece] = visits.gains
            }
        }
        totals.add(gains)
    }

    func visits(_ side: Side, sweep: Int) -> GroupVisits<Topic> {
        func words(_ purpose: RandomStream.Purpose) -> EventWords {
            EventWords(seed: seed, purpose: purpose, sweep: sweep, side: side.rawValue)
        }
        return GroupVisits(
            totals: totals, concentration: side == .items ? settings.beta : settings.alpha,
            judging: words(.judging), proposing: words(.proposing))
    }

    /// Calls `body` with the events of each group, side by side, and their numbers; what it changes of them is kept.
    @inline(__always)
    func visitEach(_ groups: Range<Int>, of side: Side, _ body: (_ events: Events, _ numbers: Range<Int>) -> Void) {
        switch side {
        case .items:
            for item in groups {
                let numbers = layout.byItem.events(item)
                body(events + numbers.lowerBound, numbers)
            }
        case .sequences:
            let longest = groups.reduce(0) { max($0, layout.bySequence.events($1).count) }
            let own = Events.allocate(capacity: max(1, longest))
            defer { own.deallocate() }
            layout.places.withUnsafeBufferPointer { places in
                for sequence in groups {
                    let numbers = layout.bySequence.events(sequence), first = numbers.lowerBound
                    for number in numbers { own[number &- first] = events[Int(places[number])] }
                    body(own, numbers)
                    for number in numbers { events[Int(places[number])] = own[number &- first] }
                }
            }
        }
    }
}
