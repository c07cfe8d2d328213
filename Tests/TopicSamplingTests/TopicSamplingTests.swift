import Kernels
import TestSupport
import Testing
@testable import TopicSampling

/// Statistical tests of this module fail below this p-value. Seeds are fixed, so a test that passes
/// keeps passing; a new seed would raise a false alarm once in ten thousand.
let falseAlarm = 1e-4

/// Counts of a small model: every item, some topics, one topic that is empty.
func smallCounts(items: Int = 7, topics: Int, events: Int = 400, beta: Float = 0.1, seed: UInt64 = 3) throws -> TopicCounts {
    let counts = try TopicCounts(items: items, topics: topics, concentration: beta)
    var random = RandomStream(seed: seed, purpose: .other)
    for _ in 0..<events {
        let item = random.index(below: items)
        // Skewed, so that rows are sparse and totals differ.
        counts.add(item: item, to: min(random.index(below: topics), random.index(below: topics), topics - 2 < 0 ? 0 : topics - 2))
    }
    counts.refreshInverseTotals()
    return counts
}

/// Logits with some spread.
func randomLogits(_ topics: Int, spread: Double = 1.5, seed: UInt64) -> [Float] {
    var random = RandomStream(seed: seed, purpose: .other)
    return (0..<topics).map { _ in Float(spread * random.normal()) }
}
