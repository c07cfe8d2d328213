import Kernels
import Testing
@testable import TopicSampling

@Suite struct TopicCountsTests {
    @Test func movesKeepEverySum() throws {
        let counts = try smallCounts(topics: 19)
        #expect(counts.violation == nil)
        #expect(counts.total == 400)
        let item = 2, old = try #require((0..<19).first { counts.count(item, $0) > 0 })
        let before = counts.count(item, old)
        counts.move(item: item, from: old, to: 17)
        counts.move(item: item, from: 17, to: 17)
        #expect(counts.count(item, old) == before - 1)
        #expect(counts.violation == nil)
        #expect(counts.total == 400)
    }

    @Test func aBreachIsNamed() throws {
        let counts = try smallCounts(topics: 5)
        counts.table[3] += 1
        #expect(counts.violation?.contains("topic 3") == true)
        counts.table[3] = -1
        #expect(counts.violation?.contains("item 0 is counted -1 times") == true)
        let padded = try smallCounts(topics: 5)
        padded.table[9] += 1
        padded.sums[9] += 1
        #expect(padded.violation?.contains("behind the last topic") == true)
    }

    @Test func probabilitiesOfItemsSumToOne() throws {
        let counts = try smallCounts(items: 11, topics: 6, beta: 0.3)
        for topic in 0..<6 {
            let sum = (0..<11).reduce(0) { $0 + Double(counts.probability(of: $1, in: topic)) }
            #expect(abs(sum - 1) < 1e-5)
            let inverse = 1 / (Double(counts.totals[topic]) + 11 * 0.3)
            #expect(abs(Double(counts.inverseTotals[topic]) / inverse - 1) < 1e-6)
        }
        #expect((6..<16).allSatisfy { counts.inverseTotals[$0] == 0 })
    }

    @Test func impossibleSettingsSayTheRemedy() {
        #expect(throws: InvalidParameter.self) { try TopicCounts(items: 0, topics: 3, concentration: 0.1) }
        #expect(throws: InvalidParameter.self) { try TopicCounts(items: 3, topics: 0, concentration: 0.1) }
        #expect(throws: InvalidParameter.self) { try TopicCounts(items: 3, topics: 3, concentration: 0) }
        #expect(throws: InvalidParameter.self) { try TopicCounts(items: 3, topics: 3, concentration: .nan) }
    }

    @Test func sparseListsFollowMoves() throws {
        let counts = try smallCounts(items: 5, topics: 40, events: 60)
        let nonzero = NonzeroTopics(counts)
        var random = RandomStream(seed: 8, purpose: .other)
        for _ in 0..<500 {
            let item = random.index(below: 5)
            let old = (0..<40).filter { counts.count(item, $0) > 0 }
            if old.isEmpty { continue }
            let from = old[random.index(below: old.count)], to = random.index(below: 40)
            counts.move(item: item, from: from, to: to)
            nonzero.moved(item: item, from: from, to: to, counts: counts)
        }
        for item in 0..<5 {
            #expect(nonzero.topics(of: item).map(Int.init) == (0..<40).filter { counts.count(item, $0) > 0 })
            #expect(nonzero.counts(of: item).map(Int.init) == (0..<40).map { counts.count(item, $0) }.filter { $0 > 0 })
        }
        let rebuilt = NonzeroTopics(counts)
        #expect((0..<5).allSatisfy { Array(rebuilt.topics(of: $0)) == Array(nonzero.topics(of: $0)) })
    }

    @Test func anotherConcentrationIsInForceAtOnce() throws {
        let counts = try smallCounts(items: 11, topics: 6, beta: 0.3)
        counts.setConcentration(0.05)
        #expect(counts.concentration == 0.05 && abs(counts.concentrationSum - 0.55) < 1e-6)
        for topic in 0..<6 {
            #expect(abs(Double(counts.inverseTotals[topic]) * (Double(counts.totals[topic]) + 0.55) - 1) < 1e-6)
            #expect(abs((0..<11).reduce(0) { $0 + Double(counts.probability(of: $1, in: topic)) } - 1) < 1e-5)
        }
        #expect((6..<16).allSatisfy { counts.inverseTotals[$0] == 0 })
    }
}
