/// Whether the order of events looks like one that people made, or like that of a sorted list.
///
/// Lines that are sorted sets look like sequences, and a sequence model fits them splendidly: it learns the sort.
/// What gives them away is that no two items ever come in both orders.
public struct OrderEvidence: Sendable, Equatable, Codable {
    /// Pairs of frequent items seen close to each other often enough to tell.
    public let pairs: Int
    /// Those of them that were seen in both orders.
    public let pairsInBothOrders: Int

    /// A pair is counted if it was seen this often: had it no order of its own, one order alone would come up once in 2^7 such pairs.
    static let sightings = 8
    /// Fewer pairs than this tell nothing.
    static let fewestPairs = 30
    /// How many events behind an event its partners are looked for.
    static let reach = 5
    /// Pairs are counted among this many of the most frequent items.
    static let frequentItems = 512

    /// nil where no pair could be counted.
    public var shareInBothOrders: Double? { pairs == 0 ? nil : Double(pairsInBothOrders) / Double(pairs) }

    /// Practically no pair comes in both orders, and there are enough of them to say so.
    public var looksSorted: Bool { pairs >= Self.fewestPairs && Double(pairsInBothOrders) < 0.02 * Double(pairs) }

    /// - Parameters:
    ///   - events: item numbers.
    ///   - counts: by item, how often it comes.
    ///   - eachRun: calls what it is given for each stretch of events whose order is in question.
    init(_ events: borrowing Column<UInt32>, counts: [Int], eachRun: ((Range<Int>) -> Void) -> Void) {
        let frequent = counts.indices.sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }.prefix(Self.frequentItems)
        var rank = [Int?](repeating: nil, count: counts.count)
        for (place, item) in frequent.enumerated() { rank[item] = place }
        let width = frequent.count
        // (width, width): how often the one was ahead of the other. A few sightings tell as much as many: at 255 counting stops.
        // Without a run, such as ties in a log that has none, nothing is made.
        var seen: [UInt8] = []
        eachRun { run in
            if seen.isEmpty { seen = [UInt8](repeating: 0, count: width * width) }
            for event in run {
                guard let first = rank[Int(events[event])] else { continue }
                for later in event + 1..<max(event + 1, min(event + 1 + Self.reach, run.upperBound)) {
                    if let second = rank[Int(events[later])] {
                        let pair = first * width + second
                        seen[pair] += seen[pair] == .max ? 0 : 1
                    }
                }
            }
        }
        var pairs = 0, both = 0
        for a in 0..<(seen.isEmpty ? 0 : width) {
            for b in a + 1..<max(a + 1, width) {
                let ahead = Int(seen[a * width + b]), behind = Int(seen[b * width + a])
                guard ahead + behind >= Self.sightings else { continue }
                pairs += 1
                if ahead > 0, behind > 0 { both += 1 }
            }
        }
        self.pairs = pairs
        pairsInBothOrders = both
    }
}
