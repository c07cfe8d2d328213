import Testing
import TestSupport
@testable import Corpora

@Suite struct LogInspectionTests {
    @Test func counts() throws {
        let log = try LogFile("""
            user\ttime\titem
            u\t1\ta
            u\t1\tb
            v\t5\ta
            u\t9\tb
            u\t9\tb
            w\t7\tc
            """)
        let inspection = try LogInspection([log.path], options: CorpusOptions(minCount: 2, observe: 0.75))
        #expect(inspection.rows == 6)
        #expect(inspection.users == 3)
        #expect(inspection.items == 3)
        #expect(inspection.times == LogInspection.Times(first: 1, last: 9, ties: 2))
        #expect(!inspection.isInOrder)
        #expect(inspection.sequences == 3)
        #expect(inspection.lengths == LogInspection.Lengths([4, 1, 1]))
        #expect(inspection.lengths.longest == 4 && inspection.lengths.shortest == 1 && inspection.lengths.mean == 2 && inspection.lengths.ofOneEvent == 2)
        #expect(inspection.repeats == 2)
        // Heads: a b b, a, c.
        #expect(inspection.vocabulary == 2)
        #expect(inspection.rareItems == 1)
        #expect(inspection.trainingEvents == 4)
        #expect(inspection.events == 5)
        #expect(inspection.report.contains("users interleaved"))

        let corpus = try Corpus.read([log.path], options: CorpusOptions(minCount: 2, observe: 0.75))
        #expect(corpus.items.count == inspection.events && corpus.training.items.count == inspection.trainingEvents)

        let sessions = try LogInspection([log.path], options: CorpusOptions(minCount: 1, sessionGap: 2, dropRepeats: true))
        #expect(sessions.sequences == 4)
        #expect(sessions.repeats == 1)
        #expect(sessions.events == 5)
    }

    /// Each thing that was left out is said once, and the rest is what a corpus holds.
    @Test func whatIsCutIsSaid() throws {
        var random = SplitMix(5)
        for seed in 0..<12 {
            let rows = (0..<300).map { _ in (user: Int.random(in: 0..<40, using: &random), item: Int.random(in: 0..<9, using: &random) * Int.random(in: 0..<9, using: &random)) }
            let log = try LogFile("user\titem\n" + rows.map { "u\($0.user)\ti\($0.item)\n" }.joined())
            let options = try CorpusOptions(minCount: 1 + seed % 4, vocabularySize: 5 + seed % 3, observe: 0.7, dropRepeats: seed % 2 == 0, minLength: 5 + seed % 5)
            let inspection = try LogInspection([log.path], options: options), corpus = try Corpus.read([log.path], options: options)
            let users = Set(rows.map(\.user)).count
            #expect(inspection.sequences == corpus.count && inspection.shortSequences == users - corpus.count && inspection.shortSequences > 0)
            #expect(inspection.events == corpus.items.count && inspection.trainingEvents == corpus.training.items.count)
            #expect(inspection.vocabulary == corpus.vocabulary.count && inspection.items == inspection.vocabulary + inspection.rareItems + inspection.cutItems)
            #expect(inspection.cutItems > 0 && inspection.lengths.shortest >= options.minLength)
            #expect(inspection.report.contains("of fewer than \(options.minLength) events were left out") && inspection.report.contains("not among the most frequent"))
        }
        let log = try LogFile("user\titem\nu\ta\n")
        let nothing = try LogInspection([log.path], options: CorpusOptions(minCount: 1, minLength: 2))
        #expect(nothing.sequences == 0 && nothing.warnings.contains { $0.contains("Lower --min-length") })
    }

    @Test func quantilesAreLengthsThatOccur() {
        let lengths = LogInspection.Lengths(Array((1...200).reversed()))
        #expect([lengths.shortest, lengths.lowerQuartile, lengths.median, lengths.upperQuartile, lengths.ninetyNinth, lengths.longest] == [1, 51, 101, 151, 199, 200])
        #expect(lengths.mean == 100.5)
    }

    /// Sequences of nine items out of forty, in an order that `arrange` gives them.
    private func log(seed: UInt64, sequences: Int, ties: Bool = false, arrange: ([Int], inout SplitMix) -> [Int]) throws -> LogFile {
        var random = SplitMix(seed)
        var text = ties ? "user\ttime\titem\n" : "user\titem\n"
        for user in 0..<sequences {
            for basket in 0..<(ties ? 6 : 1) {
                let set = Array((0..<40).shuffled(using: &random).prefix(9))
                for item in arrange(set, &random) { text += ties ? "u\(user)\t\(basket)\ti\(item)\n" : "u\(user)\ti\(item)\n" }
            }
        }
        return try LogFile(text)
    }

    @Test func sortedSetsAreFoundOut() throws {
        let log = try log(seed: 1, sequences: 2000) { set, _ in set.sorted() }
        let inspection = try LogInspection([log.path])
        #expect(inspection.order.pairsInBothOrders == 0)
        // All pairs but those of items so far apart in the sort that they are seldom near each other.
        #expect((700...40 * 39 / 2).contains(inspection.order.pairs))
        #expect(inspection.warnings.contains { $0.hasPrefix("Order is suspicious") })
        #expect(inspection.report.contains("! Order is suspicious"))
    }

    @Test func sortedBasketsAreFoundOut() throws {
        let log = try log(seed: 2, sequences: 200, ties: true) { set, _ in set.sorted() }
        let inspection = try LogInspection([log.path])
        #expect(!inspection.order.looksSorted)
        #expect(inspection.orderWithinTies?.looksSorted == true)
        #expect(inspection.warnings.contains { $0.hasPrefix("Events of one time") })
    }

    /// Item 0 ahead of item 1 so often, then the other way round.
    @Test(arguments: [(0, 0, 0, 0), (7, 0, 0, 0), (8, 0, 1, 0), (7, 1, 1, 1), (255, 1, 1, 1), (256, 0, 1, 0), (256, 256, 1, 1), (1000, 0, 1, 0)])
    func pairsAreCountedHoweverOften(ahead: Int, behind: Int, pairs: Int, both: Int) {
        var events = Column<UInt32>()
        for pair in 0..<ahead + behind {
            events.append(pair < ahead ? 0 : 1)
            events.append(pair < ahead ? 1 : 0)
        }
        let evidence = OrderEvidence(events, counts: [ahead + behind, ahead + behind]) { look in
            for pair in 0..<ahead + behind { look(2 * pair..<2 * pair + 2) }
        }
        #expect(evidence.pairs == pairs)
        #expect(evidence.pairsInBothOrders == both)
    }

    /// Twenty logs of each size, shuffled or walked along a ring, none of them sorted: no alarm.
    @Test(arguments: [1, 5, 30, 300])
    func noAlarmOverHonestLogs(sequences: Int) throws {
        for seed in 0..<20 {
            let shuffled = try log(seed: UInt64(seed), sequences: sequences) { set, random in set.shuffled(using: &random) }
            let ring = try log(seed: UInt64(seed), sequences: sequences) { set, random in
                let start = Int.random(in: 0..<40, using: &random)
                return (0..<(set.count)).map { (start + $0) % 40 }
            }
            #expect(try !LogInspection([shuffled.path]).order.looksSorted)
            // On a ring of forty, near pairs do come in one order alone: a warning there is right, once there is enough to tell.
            let evidence = try LogInspection([ring.path]).order
            #expect(evidence.looksSorted == (evidence.pairs >= OrderEvidence.fewestPairs))
        }
    }
}
