/// How much of what comes next the order of a log gives away: what a table of pairs foresees in sequences as they are, and
/// in the same sequences shuffled.
///
/// The head of each sequence, 60 % of it rounded up, goes into the table: which items came straight behind which, how often.
/// On the rest it is asked at each event for the items likeliest to be next, given the one before; where it knows fewer, the
/// most frequent items fill up. A hit is an event that is among them. What is foreseen although sequences were shuffled is
/// taste: who buys cheese buys milk. What is foreseen beyond that is order.
public struct OrderTest: Sendable, Equatable, Codable {
    /// Items that the table may name: so many, or a tenth of the vocabulary where that is less, but at least one.
    public static let mostGuesses = 20
    /// Events of the sample that is looked at: whole sequences drawn at random, the last one cut where this many are reached.
    public static let mostEvents = 300_000
    /// Order carries much from this `gain` on.
    ///
    /// It parts the logs of Paper-notes, open-questions: clicks lie at 0.09 and above, purchases at 0.03 and below.
    public static let decisiveGain = 0.05

    /// Share of hits in sequences as they are; 0 where nothing could be asked.
    public let real: Double
    /// Share of hits in the same sequences, each shuffled.
    public let shuffled: Double
    /// Events that were asked for, as many in the one as in the other.
    public let tested: Int

    /// (real − shuffled) / (1 − shuffled): of what taste leaves open, the share that order foresees.
    public var gain: Double { shuffled < 1 ? (real - shuffled) / (1 - shuffled) : 0 }

    /// Whether a model should rather begin from what follows what than from what goes together.
    public var carriesMuch: Bool { gain >= Self.decisiveGain }

    /// Of all events of a corpus, observed or not: give it `corpus.training` to spare what is scored.
    ///
    /// - Parameter seed: of the sample and the shuffle. Equal corpora and seeds give equal results.
    public init(_ corpus: Corpus, seed: UInt32 = 1) {
        self.init(
            lengths: (0..<corpus.count).map(corpus.length), vocabulary: corpus.vocabulary.count, seed: seed) { corpus.sequence($0) }
    }

    /// - Parameters:
    ///   - lengths: of each sequence.
    ///   - vocabulary: V.
    ///   - sequence: items of a sequence, each below V.
    init<Sequence: Collection>(
        lengths: [Int], vocabulary: Int, seed: UInt32, sequence: (Int) -> Sequence
    ) where Sequence.Element == UInt32 {
        let random = GSLRandom(seed: seed)
        var events: [UInt32] = [], ends = [0]
        let isSample = lengths.reduce(0, +) > Self.mostEvents
        for n in isSample ? random.permutation(lengths.count) : Array(lengths.indices) where events.count < Self.mostEvents {
            events.append(contentsOf: sequence(n).prefix(Self.mostEvents - events.count))
            ends.append(events.count)
        }
        let runs = zip(ends, ends.dropFirst()).map { $0..<$1 }
        let guesses = max(1, min(Self.mostGuesses, vocabulary / 10))
        let before = BigramHits(events, runs: runs, vocabulary: vocabulary, guesses: guesses)
        for run in runs { random.shuffle(&events, run) }
        let behind = BigramHits(events, runs: runs, vocabulary: vocabulary, guesses: guesses)
        (real, shuffled, tested) = (before.share, behind.share, before.tested)
    }
}

/// How often the next item is among those that a table of pairs names.
private struct BigramHits {
    private(set) var tested = 0
    private var hits = 0

    var share: Double { tested > 0 ? Double(hits) / Double(tested) : 0 }

    /// - Parameters:
    ///   - events: items below `vocabulary`.
    ///   - runs: the sequences, as places among the events.
    ///   - guesses: items that the table may name.
    init(_ events: [UInt32], runs: [Range<Int>], vocabulary: Int, guesses: Int) {
        var counts = [Int](repeating: 0, count: vocabulary)
        var known: [UInt64] = [], asked: [UInt64] = []
        for run in runs {
            let head = run.lowerBound + (3 * run.count + 4) / 5
            for event in run.lowerBound..<head { counts[Int(events[event])] += 1 }
            for event in run.dropFirst() {
                let pair = UInt64(events[event - 1]) << 32 | UInt64(events[event])
                if event < head { known.append(pair) } else { asked.append(pair) }
            }
        }
        tested = asked.count
        known.sort()
        asked.sort()
        /// More frequent first; ties by number.
        func isAhead(_ a: UInt32, _ b: UInt32) -> Bool {
            counts[Int(a)] != counts[Int(b)] ? counts[Int(a)] > counts[Int(b)] : a < b
        }
        let popular = (0..<UInt32(vocabulary)).filter { counts[Int($0)] > 0 }.sorted(by: isAhead).prefix(2 * guesses)

        // Both lists are in the order of the item before, so that one walk over them meets each such item once.
        var place = 0, first = 0
        while first < asked.count {
            let item = asked[first] >> 32
            while place < known.count, known[place] >> 32 < item { place += 1 }
            var followers: [(item: UInt32, count: Int)] = []
            while place < known.count, known[place] >> 32 == item {
                let next = UInt32(truncatingIfNeeded: known[place])
                if followers.last?.item == next { followers[followers.count - 1].count += 1 } else { followers.append((next, 1)) }
                place += 1
            }
            followers.sort { $0.count != $1.count ? $0.count > $1.count : isAhead($0.item, $1.item) }
            var named = followers.prefix(guesses).map(\.item)
            for item in popular where named.count < guesses && !named.contains(item) { named.append(item) }
            while first < asked.count, asked[first] >> 32 == item {
                if named.contains(UInt32(truncatingIfNeeded: asked[first])) { hits += 1 }
                first += 1
            }
        }
    }
}
