import Foundation
import Testing
@testable import Kernels

@Suite struct ShardsTests {
    typealias Slice = (_ index: Int, _ count: Int, _ total: Int, _ unit: Int) -> Range<Int>

    /// Whether pieces join up from 0 to `total`, are cut at multiples of the unit, and differ by a unit at most.
    private func isPartition(count: Int, total: Int, unit: Int, _ slice: Slice) -> Bool {
        let pieces = (0..<count).map { slice($0, count, total, unit) }
        var end = 0
        for piece in pieces {
            guard piece.lowerBound == end, piece.lowerBound % unit == 0 || piece.lowerBound == total else { return false }
            end = piece.upperBound
        }
        // The last unit may be cut short by the end.
        let units = pieces.map { ($0.count + unit - 1) / unit }
        return end == total && units.max()! - units.min()! <= 1
    }

    private func failures(_ slice: Slice) -> Int {
        var failures = 0
        for unit in [1, 3, 16] {
            for total in Array(0...130) + [1000, 4096, 100_003] {
                for count in 1...20 where !isPartition(count: count, total: total, unit: unit, slice) { failures += 1 }
            }
        }
        return failures
    }

    @Test func slicesPartition() {
        #expect(failures { Shards.slice($0, of: $1, total: $2, unit: $3) } == 0)
        #expect((0..<4).map { Shards.slice($0, of: 4, total: 10) } == [0..<2, 2..<5, 5..<7, 7..<10])
        #expect((0..<3).map { Shards.slice($0, of: 3, total: 40, unit: 16) } == [0..<16, 16..<32, 32..<40])
    }

    /// Broken twins: the comparison notices each.
    @Test func comparisonNoticesMistakes() {
        // The remainder forgotten.
        #expect(failures { i, n, total, _ in total / n * i..<total / n * (i + 1) } > 0)
        // The remainder left to the last piece.
        #expect(failures { i, n, total, _ in total / n * i..<(i == n - 1 ? total : total / n * (i + 1)) } > 0)
        // The unit ignored.
        #expect(failures { i, n, total, _ in Shards.slice(i, of: n, total: total) } > 0)
    }

    /// Counts calls from any thread.
    private final class Calls: @unchecked Sendable {
        private let lock = NSLock()
        private var counts: [Int: Int] = [:]
        func add(_ index: Int) { lock.withLock { counts[index, default: 0] += 1 } }
        var all: [Int: Int] { lock.withLock { counts } }
    }

    @Test(arguments: [1, 2, 8]) func eachIndexIsCalledOnce(threads: Int) {
        for count in [0, 1, 2, 3, 7, 8, 9, 100] {
            let calls = Calls()
            Shards(threads: threads).forEach(count) { calls.add($0) }
            #expect(calls.all == Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, 1) }))
        }
    }

    @Test func thereIsAlwaysAThread() {
        #expect(Shards(threads: 0).threads == 1)
        #expect(Shards(threads: -3).threads == 1)
        #expect(Shards(threads: 5).threads == 5)
        #expect(Shards.allProcessors.threads >= 1)
    }
}
