import Foundation
import Kernels
import Testing
import TopicSampling
@testable import StochasticEM

@Suite struct TopicHealthTests {
    static let shards = Shards(threads: 2)

    /// Counts from a table (V, K).
    static func counts(_ table: [[Int]], beta: Float = 0.01) throws -> TopicCounts {
        let counts = try TopicCounts(items: table.count, topics: table[0].count, concentration: beta)
        counts.restore(table.joined().map { Int32($0) })
        return counts
    }

    /// Counts that a stream of random numbers puts up, a fifth of the topics dead.
    static func random(items: Int, topics: Int, seed: UInt64) throws -> TopicCounts {
        var random = RandomStream(seed: seed, purpose: .topicDraw)
        return try counts((0..<items).map { _ in
            (0..<topics).map { $0 % 5 == 4 ? 0 : random.index(below: 4) * random.index(below: 30) }
        })
    }

    /// The pair of live topics that is most alike, from φ itself, one pair after the other in Double.
    static func naive(_ counts: TopicCounts) -> (first: Int, second: Int, value: Double)? {
        let v = counts.items, beta = Double(counts.concentration)
        func phi(_ w: Int, _ k: Int) -> Double {
            (Double(counts.count(w, k)) + beta) / (Double(counts.totals[k]) + beta * Double(v))
        }
        let alive = (0..<counts.topics).filter { k in counts.totals[k] >= 5 }
        var best: (first: Int, second: Int, value: Double)?
        for a in alive {
            for b in alive where b > a {
                let value = (0..<v).reduce(0) { $0 + (phi($1, a) * phi($1, b)).squareRoot() }
                if value > best?.value ?? -1 { best = (a, b, value) }
            }
        }
        return best
    }

    /// More topics than one piece of the product holds, and fewer.
    @Test(arguments: [(7, 2), (40, 9), (60, 128), (30, 300)])
    func overlapIsThatOfThePairsOneByOne(items: Int, topics: Int) throws {
        for seed in 1...4 as ClosedRange<UInt64> {
            let counts = try TopicHealthTests.random(items: items, topics: topics, seed: seed)
            let naive = try #require(TopicHealthTests.naive(counts))
            let found = try #require(TopicHealth(counts, shards: TopicHealthTests.shards).largestOverlap)
            #expect(found.first == naive.first && found.second == naive.second)
            #expect(abs(found.coefficient - naive.value) < 1e-5)
        }
    }

    @Test func sharesAndTheirEntropy() throws {
        // 6, 2, 0 and 8 events: H = -(3/8 ln 3/8 + 1/8 ln 1/8 + 1/2 ln 1/2).
        let health = TopicHealth(try TopicHealthTests.counts([[6, 1, 0, 0], [0, 1, 0, 8]]), shards: TopicHealthTests.shards)
        #expect(health.shares == [0.375, 0.125, 0, 0.5])
        #expect(abs(health.effectiveTopics - exp(0.974_314_752_869_350_3)) < 1e-12)
        #expect(health.deadTopics == [1, 2])
    }

    @Test func evenTopicsAreAllInEffect() throws {
        let health = TopicHealth(
            try TopicHealthTests.counts((0..<9).map { w in (0..<9).map { $0 == w ? 5 : 0 } }), shards: TopicHealthTests.shards)
        #expect(abs(health.effectiveTopics - 9) < 1e-9 && health.deadTopics.isEmpty)
        let one = TopicHealth(try TopicHealthTests.counts([[0, 7, 0], [0, 2, 0]]), shards: TopicHealthTests.shards)
        #expect(one.effectiveTopics == 1 && one.deadTopics == [0, 2] && one.largestOverlap == nil)
    }

    /// Equal topics overlap wholly, topics without a common item hardly at all; dead ones, equal though they are, are not asked.
    @Test func equalAndApart() throws {
        let equal = TopicHealth(try TopicHealthTests.counts([[5, 0, 9, 5, 0], [5, 0, 0, 5, 0]]), shards: TopicHealthTests.shards)
        let overlap = try #require(equal.largestOverlap)
        #expect(overlap.first == 0 && overlap.second == 3 && overlap.coefficient <= 1 && overlap.coefficient > 1 - 1e-6)
        let apart = TopicHealth(try TopicHealthTests.counts([[5, 0, 0], [0, 0, 9]], beta: 1e-6), shards: TopicHealthTests.shards)
        #expect(try #require(apart.largestOverlap).coefficient < 2e-3)
    }

    @Test func nothingCountedAndOneTopic() throws {
        let empty = TopicHealth(try TopicHealthTests.counts([[0, 0], [0, 0]]), shards: TopicHealthTests.shards)
        #expect(empty.effectiveTopics == 0 && empty.shares == [0, 0] && empty.deadTopics == [0, 1] && empty.largestOverlap == nil)
        let single = TopicHealth(try TopicHealthTests.counts([[3], [4]]), shards: TopicHealthTests.shards)
        #expect(single.effectiveTopics == 1 && single.deadTopics.isEmpty && single.largestOverlap == nil)
    }

    /// Where topics or items are too many to compare all: twins among the largest are found, the bound is from below,
    /// and nothing depends on threads.
    @Test func largeTablesAreComparedInPart() throws {
        let items = 9_000, topics = TopicHealth.mostCompared + 100
        let counts = try TopicCounts(items: items, topics: topics, concentration: 0.001)
        // Topic k has items k and k + 1, but the last two are of one mind, and have the most events.
        for topic in 0..<topics {
            let twin = topic >= topics - 2
            for event in 0..<(twin ? 900 : 8) {
                counts.add(item: twin ? 8_000 + event % 300 : topic + (event % 4 == 0 ? 1 : 0), to: topic)
            }
        }
        counts.refreshInverseTotals()
        let health = TopicHealth(counts, shards: TopicHealthTests.shards)
        let overlap = try #require(health.largestOverlap)
        #expect(overlap.first == topics - 2 && overlap.second == topics - 1)
        #expect(overlap.coefficient > 0.99 && overlap.coefficient <= 1)
        #expect(health == TopicHealth(counts, shards: Shards(threads: 1)))
        #expect(TopicHealth.bytes(items: items, topics: topics) <= TopicHealth.mostCells * 4)
    }

    @Test func collapseIsToldOnceAndNamesTheSetting() throws {
        var settings = FitSettings()
        settings.topics = 4
        func health(_ table: [[Int]]) throws -> TopicHealth {
            TopicHealth(try TopicHealthTests.counts(table), shards: TopicHealthTests.shards)
        }
        let sound = try health([[9, 0, 0, 0], [0, 9, 0, 0], [0, 0, 9, 0], [0, 0, 0, 9]])
        let swallowed = try health([[90, 0, 0, 0], [0, 6, 0, 0], [0, 0, 6, 0], [0, 0, 0, 6]])
        let alike = try health([[9, 0, 0, 0], [0, 9, 0, 9], [0, 9, 0, 9], [0, 0, 9, 0]])

        /// What is told of epochs, one behind the other.
        func told(_ epochs: [(TopicHealth, Phase)]) -> [TopicCollapse?] {
            var watch = CollapseWatch(sound, settings: settings)
            return epochs.map { watch.collapse(in: $0.0, phase: $0.1) }
        }
        let first = told([(swallowed, .warmUp), (sound, .joint), (swallowed, .joint), (swallowed, .joint), (alike, .joint)])
        #expect(first.map { $0 == nil } == [true, true, false, true, true])
        let collapse = try #require(first[2])
        #expect(collapse.cause == .swallowed(now: swallowed.effectiveTopics, atStart: sound.effectiveTopics))
        #expect(collapse.description.contains("--warm-up") && collapse.description.contains("--beta"))

        let second = told([(alike, .joint), (swallowed, .joint)])
        #expect(second[1] == nil)
        let twins = try #require(second[0])
        #expect(twins.cause == .alike(try #require(alike.largestOverlap)))
        #expect(twins.description.hasPrefix("topics 1 and 3 have become the same") && twins.description.contains("--topics"))
    }

    /// What a fit tells of its last epoch is the health of the model that it hands over.
    @Test func epochsTellOfIt() throws {
        let log = try SmallFit.log().corpus
        let (model, epochs) = try SmallFit.run(log, SmallFit.settings { $0.validation = 0 })
        let health = TopicHealth(model.counts, shards: Shards(threads: 1)), last = try #require(epochs.last)
        #expect(last.effectiveTopics == health.effectiveTopics && last.deadTopics == health.deadTopics.count)
        #expect(last.largestOverlap == health.largestOverlap?.coefficient)
        #expect(epochs.allSatisfy { $0.effectiveTopics ?? 0 > 1 && $0.effectiveTopics ?? 9 <= 6 })
        let single = try SmallFit.run(log, SmallFit.settings { ($0.topics, $0.epochs) = (1, 2) }).epochs
        #expect(single.allSatisfy { $0.largestOverlap == nil && $0.effectiveTopics == 1 && $0.deadTopics == 0 })
    }

    /// From random topics with a β that drowns them all topics are alike: one warning, behind the first joint epoch.
    @Test func aFitWarnsOfTopicsThatAreAlike() throws {
        var told: [String] = []
        let settings = SmallFit.settings { ($0.start, $0.beta, $0.epochs, $0.warmUp) = (.random, 100, 4, 0.5) }
        _ = try Fit(settings: settings, shards: TopicHealthTests.shards).run(try SmallFit.log().corpus) { event in
            switch event {
            case .epoch(let record): told.append("\(record.epoch)")
            case .collapse(let collapse): told.append("\(collapse.cause)".hasPrefix("alike") ? "alike" : "\(collapse)")
            case .resuming, .preparing, .progress: break
            }
        }
        #expect(told == ["1", "2", "3", "alike", "4"])
    }

    @Test func linesWithoutItStillLoad() throws {
        let line = """
            {"epoch":3,"moved":0.25,"phase":"joint","tokens_per_second":1000,"topic_perplexity":3,"train_perplexity":20}
            """
        let record = try JSONDecoder().decode(EpochRecord.self, from: Data(line.utf8))
        #expect(record.epoch == 3 && record.effectiveTopics == nil && record.deadTopics == nil && record.largestOverlap == nil)
        let encoded = try JSONEncoder().encode(record)
        #expect(try JSONDecoder().decode(EpochRecord.self, from: encoded) == record)
        var full = record
        (full.effectiveTopics, full.deadTopics, full.largestOverlap) = (5.5, 1, 0.5)
        let keys = try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(full)) as? [String: Any]).keys
        #expect(Set(keys).isSuperset(of: ["effective_topics", "dead_topics", "largest_overlap"]))
    }
}
