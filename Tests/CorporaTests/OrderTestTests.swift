import Testing
import TestSupport
@testable import Corpora

@Suite struct OrderTestTests {
    static func corpus(_ sequences: [[Int]], items: Int, observed: [Int]? = nil) -> Corpus {
        let events = sequences.joined().map { UInt32($0) }
        return Corpus(
            vocabulary: Vocabulary(items: (0..<items).map { "i\($0)" }, counts: (0..<items).map { item in events.count { Int($0) == item } }),
            users: sequences.indices.map { "u\($0)" }, items: events,
            starts: sequences.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }, observed: observed)
    }

    /// Users with a taste of ten items out of a hundred, who take them as they come: nothing but taste.
    static func baskets(seed: UInt64, users: Int = 600, length: Int = 60) -> Corpus {
        var random = SplitMix(seed)
        return corpus((0..<users).map { _ in
            let taste = Array((0..<100).shuffled(using: &random).prefix(10))
            return (0..<length).map { _ in taste[Int.random(in: 0..<10, using: &random)] }
        }, items: 100)
    }

    /// Walks on a hundred pages with three links each: nothing but order.
    static func walks(seed: UInt64, users: Int = 600, length: Int = 60) -> Corpus {
        var random = SplitMix(seed)
        let links = (0..<100).map { _ in (0..<3).map { _ in Int.random(in: 0..<100, using: &random) } }
        return corpus((0..<users).map { _ in
            var page = Int.random(in: 0..<100, using: &random)
            return (0..<length).map { _ in
                page = links[page][Int.random(in: 0..<3, using: &random)]
                return page
            }
        }, items: 100)
    }

    /// The share of hits as the documentation has it, event by event, with dictionaries.
    static func naiveShare(_ sequences: [[Int]], items: Int) -> (share: Double, tested: Int) {
        var table: [Int: [Int: Int]] = [:], counts: [Int: Int] = [:]
        var hits = 0, tested = 0
        func head(_ sequence: [Int]) -> Int { Int((0.6 * Double(sequence.count) - 1e-9).rounded(.up)) }
        for sequence in sequences {
            for (place, item) in sequence.prefix(head(sequence)).enumerated() {
                counts[item, default: 0] += 1
                if place > 0 { table[sequence[place - 1], default: [:]][item, default: 0] += 1 }
            }
        }
        let guesses = max(1, min(20, items / 10))
        for sequence in sequences {
            for place in head(sequence)..<sequence.count where place > 0 {
                let row = table[sequence[place - 1]] ?? [:]
                func score(_ item: Int) -> (Int, Int, Int) { (-(row[item] ?? 0), -(counts[item] ?? 0), item) }
                let named = counts.keys.sorted { score($0) < score($1) }.prefix(guesses)
                tested += 1
                if named.contains(sequence[place]) { hits += 1 }
            }
        }
        return (tested > 0 ? Double(hits) / Double(tested) : 0, tested)
    }

    /// Lengths from none to thirty, over vocabularies from less than guesses to many more.
    @Test(arguments: [3, 17, 45, 230, 900])
    func realIsTheShareCountedEventByEvent(items: Int) {
        var random = SplitMix(UInt64(items))
        let sequences = (0..<80).map { n in
            var item = Int.random(in: 0..<items, using: &random)
            return (0..<(n % 31)).map { _ in
                item = (item * 7 + Int.random(in: 0..<3, using: &random)) % items
                return item
            }
        }
        let test = OrderTest(OrderTestTests.corpus(sequences, items: items))
        let naive = OrderTestTests.naiveShare(sequences, items: items)
        #expect(test.real == naive.share && test.tested == naive.tested && test.tested > 100)
    }

    /// Twenty logs of either kind, and the walks with their order taken away: each on its side of the threshold.
    ///
    /// The gain of a log without order has mean 0 and, with 14,400 events asked for, a standard deviation near 0.007 (measured), so that the
    /// threshold is seven of them away: forty such logs raise a false alarm in less than one of ten thousand runs.
    @Test func orderIsToldFromTaste() {
        for seed in 1...20 as ClosedRange<UInt64> {
            let taste = OrderTest(OrderTestTests.baskets(seed: seed)), order = OrderTest(OrderTestTests.walks(seed: seed))
            #expect(!taste.carriesMuch && abs(taste.gain) < OrderTest.decisiveGain, "\(taste)")
            #expect(order.carriesMuch && order.real > 0.9 && order.shuffled < 0.5, "\(order)")
            let walks = OrderTestTests.walks(seed: seed)
            var random = SplitMix(seed)
            let shuffled = OrderTestTests.corpus((0..<walks.count).map { walks.sequence($0).map(Int.init).shuffled(using: &random) }, items: 100)
            #expect(!OrderTest(shuffled).carriesMuch)
        }
    }

    @Test func equalSeedsAreEqualAndTheSampleIsCapped() {
        let log = OrderTestTests.walks(seed: 1, users: 3000, length: 130)
        #expect(log.items.count > OrderTest.mostEvents)
        let one = OrderTest(log), other = OrderTest(log, seed: 2)
        #expect(one == OrderTest(log))
        #expect(one != other && abs(one.shuffled - other.shuffled) < 0.02)
        // 40 % of each sequence that was drawn, the last one cut.
        #expect((OrderTest.mostEvents * 2 / 5 - 130...OrderTest.mostEvents * 2 / 5).contains(one.tested))
        // One sequence longer than the cap is cut to it.
        let long = OrderTest(OrderTestTests.walks(seed: 1, users: 1, length: OrderTest.mostEvents + 50_000))
        #expect(long.tested == OrderTest.mostEvents * 2 / 5 && long.carriesMuch)
    }

    @Test func logsThatTellNothing() {
        for log in [[], [[]], [[0], [1], [2]], [[0, 1], [1, 0]]] as [[[Int]]] {
            let test = OrderTest(OrderTestTests.corpus(log, items: 3))
            #expect(test.tested == 0 && test.real == 0 && test.shuffled == 0 && test.gain == 0 && !test.carriesMuch)
        }
        let same = OrderTest(OrderTestTests.corpus([[Int]](repeating: [0, 0, 0, 0, 0], count: 9), items: 1))
        #expect(same.real == 1 && same.shuffled == 1 && same.gain == 0)
        #expect(OrderTest(OrderTestTests.corpus([], items: 0)).tested == 0)
    }

    /// An inspection comes to what the observed part of the corpus does: rare items, sessions and repeats treated alike.
    @Test(arguments: [(1, 1, false), (3, 0.6, false), (2, 0.5, true)] as [(Int, Double, Bool)])
    func inspectionAgreesWithTheCorpus(minCount: Int, observe: Double, dropRepeats: Bool) throws {
        var random = SplitMix(5)
        var text = "user\ttime\titem\n"
        for user in 0..<60 {
            var item = Int.random(in: 0..<40, using: &random), time = 0
            for _ in 0..<(user % 25) {
                item = (item * 3 + Int.random(in: 0..<4, using: &random)) % 40
                time += Int.random(in: 1..<40, using: &random)
                text += "u\(user)\t\(time)\ti\(item % 3 == 0 ? item : item / 2 * 2)\n"
            }
            text += "u\(user)\t\(time + 1)\tonly\(user)\n"
        }
        let log = try LogFile(text)
        let options = try CorpusOptions(minCount: minCount, observe: observe, sessionGap: 30, dropRepeats: dropRepeats)
        let inspection = try LogInspection([log.path], options: options)
        let corpus = try Corpus.read([log.path], options: options)
        #expect(inspection.orderTest == OrderTest(corpus.training) && inspection.orderTest.tested > 20)
        #expect(inspection.report.contains("\nnext items  "))
    }
}
