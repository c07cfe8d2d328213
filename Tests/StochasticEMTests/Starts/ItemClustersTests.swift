import Corpora
import Foundation
import Kernels
import Testing
@testable import StochasticEM

@Suite struct ItemClustersTests {
    private let one = Shards(threads: 1)

    /// The cluster that each item is nearest to.
    private func hard(dimensions: Int = 100, of log: Corpus, count: Int, seed: UInt64, shards: Shards) -> [Int32] {
        ItemClusters(dimensions: dimensions).shares(of: log, count: count, seed: seed, shards: shards).map(\.nearest)
    }

    @Test func neighboursAreCountedInBothDirections() {
        // 0 → 1 three times, 1 → 0 once, 2 alone; nothing across the border of two sequences.
        let log = corpus([[0, 1, 0, 1], [2], [0, 1]], items: 4)
        let after = NeighbourMatrix.successors(of: log, shards: one)
        #expect(after.starts == [0, 1, 2, 2, 2])
        #expect(after.columnNumbers == [1, 0] && after.values == [3, 1])

        let pmi = NeighbourMatrix.positivePMI(of: log, shards: one)
        #expect(pmi.rows == 4 && pmi.columns == 8)
        // c_0,1 = 3, c_0· = 3 + 1, c_·1 = 3, total 8; and 1 before 0 likewise with c = 1, c_·,4+1 = 1.
        #expect(pmi.columnNumbers[0..<2].map(Int.init) == [1, 5])
        #expect(abs(Double(pmi.values[0]) - log2e(3.0 * 8 / (4 * 3))) < 1e-6)
        #expect(abs(Double(pmi.values[1]) - log2e(1.0 * 8 / (4 * 1))) < 1e-6)
        #expect(pmi.entries(of: 2).isEmpty && pmi.entries(of: 3).isEmpty)
    }

    private func log2e(_ x: Double) -> Double { Foundation.log(x) }

    @Test func groupsOfARingAreFound() {
        let log = ring(groups: 5, size: 8)
        let clusters = hard(dimensions: 10, of: log, count: 5, seed: 1, shards: one)
        #expect(sameParts(clusters, (0..<40).map { Int32($0 / 8) }))
        let topics = ItemClusters(dimensions: 10, reach: 1).topics(for: log, topics: 5, seed: 1, shards: one)
        #expect(topics == log.items.map { clusters[Int($0)] })
    }

    /// The checker bites: the same walks without their order have no groups.
    @Test func aShuffledRingIsNotFound() {
        let log = ring(groups: 5, size: 8)
        var random = RandomStream(seed: 9, purpose: .other)
        let shuffled = corpus(
            (0..<log.count).map { _ in (0..<20).map { _ in Int(log.items[random.index(below: log.items.count)]) } }, items: 40)
        let clusters = hard(dimensions: 10, of: shuffled, count: 5, seed: 1, shards: one)
        #expect(!sameParts(clusters, (0..<40).map { Int32($0 / 8) }))
    }

    @Test func fewItemsAreTheirOwnTopics() {
        let log = corpus([[0, 1, 2, 1], [2, 0]], items: 3)
        #expect(hard(of: log, count: 3, seed: 1, shards: one) == [0, 1, 2])
        #expect(hard(of: log, count: 10, seed: 1, shards: one) == [0, 1, 2])
    }

    @Test func itemsWithoutNeighboursAreDealt() {
        // Items 0 to 3 in walks; 4 and 5 only alone; 6 never.
        let log = corpus([[0, 1, 2, 3, 0, 1], [4], [5]], items: 7)
        let clusters = hard(of: log, count: 3, seed: 1, shards: one)
        #expect(clusters.count == 7 && clusters.allSatisfy { (0..<3).contains($0) })
        #expect(Set(clusters) == [0, 1, 2])
        let alone = corpus([[0], [1], [2], [3]], items: 4)
        #expect(hard(of: alone, count: 2, seed: 1, shards: one) == [0, 1, 0, 1])
        let none = corpus([], items: 5)
        #expect(ItemClusters().topics(for: none, topics: 2, seed: 1, shards: one).isEmpty)
    }

    @Test func threadsDoNotMatter() {
        let log = ring(groups: 6, size: 50, walks: 400)
        let first = hard(dimensions: 20, of: log, count: 9, seed: 3, shards: one)
        for threads in [2, 8] {
            #expect(first == hard(dimensions: 20, of: log, count: 9, seed: 3, shards: Shards(threads: threads)))
        }
    }

    /// With more clusters than groups the events of an item are dealt among those of its group, and no other group's; with a reach of 1 they share one.
    @Test func eventsOfAnItemAreDealtAmongNearClusters() {
        let log = ring(groups: 5, size: 8)
        func topics(reach: Int) -> [Int: Set<Int32>] {
            let topics = ItemClusters(dimensions: 10, reach: reach).topics(for: log, topics: 12, seed: 1, shards: one)
            return Dictionary(zip(log.items, topics).map { (Int($0), [$1]) }) { $0.union($1) }
        }
        #expect(topics(reach: 1).values.allSatisfy { $0.count == 1 })
        let soft = topics(reach: 3)
        #expect(soft.values.allSatisfy { (1...3).contains($0.count) } && soft.values.contains { $0.count > 1 })
        for group in 0..<5 {
            let mine = (group * 8..<group * 8 + 8).reduce(into: Set<Int32>()) { $0.formUnion(soft[$1]!) }
            for item in 0..<40 where item / 8 != group { #expect(mine.isDisjoint(with: soft[item]!)) }
        }
    }

    @Test func dealingDoesNotHangOnThreads() {
        let log = ring(groups: 6, size: 50, walks: 100)
        func topics(threads: Int) -> [Int32] {
            ItemClusters(dimensions: 20).topics(for: log, topics: 40, seed: 3, shards: Shards(threads: threads))
        }
        let one = topics(threads: 1)
        #expect(one == topics(threads: 2) && one == topics(threads: 8))
    }
}
