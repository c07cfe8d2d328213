import Kernels
import TestSupport
import Testing
@testable import TopicSampling

@Suite struct DenseDrawTests {
    /// θ, weights and α of the fast version.
    private func fast(_ logits: [Float], item: Int, _ counts: TopicCounts) -> (theta: [Float], row: FloatBuffer, alpha: Float) {
        let theta = FloatBuffer(logits), row = FloatBuffer(count: DenseDraw.rowLength(topics: logits.count))
        let alpha = DenseDraw.weigh(logits: theta.base, item: item, counts: counts, weights: row.base)
        return (theta.array, row, alpha)
    }

    @Test(arguments: [1, 2, 15, 16, 17, 63, 64, 65, 100, 200, 1000])
    func agreesWithTheReference(topics: Int) throws {
        let counts = try smallCounts(topics: topics)
        for (seed, spread) in [(1, 0.0), (2, 1.5), (3, 10), (4, 40)] {
            let logits = randomLogits(topics, spread: spread, seed: UInt64(seed))
            let (theta, row, alpha) = fast(logits, item: seed, counts)
            let oracle = DenseDraw.reference(logits: logits, item: seed, counts: counts)
            for k in 0..<topics {
                #expect(abs(Double(theta[k]) - oracle.theta[k]) <= 2e-6 * oracle.theta[k])
                #expect(abs(Double(row.base[k]) - oracle.weights[k]) <= 4e-6 * oracle.weights[k])
            }
            #expect(abs(Double(alpha) - oracle.alpha) <= 4e-6 * oracle.alpha)
        }
    }

    @Test func convertsLargeCounts() throws {
        let counts = try TopicCounts(items: 2, topics: 3, concentration: 0.5)
        counts.table[0] = 70_000
        counts.table[1] = 16_777_217
        counts.table[2] = .max - 7
        for k in 0..<3 { counts.sums[k] = counts.table[k] }
        counts.refreshInverseTotals()
        let oracle = DenseDraw.reference(logits: [0, 0, 0], item: 0, counts: counts)
        let (_, row, _) = fast([0, 0, 0], item: 0, counts)
        for k in 0..<3 { #expect(abs(Double(row.base[k]) / oracle.weights[k] - 1) < 1e-6) }
    }

    private func histogram(_ row: FloatBuffer, topics: Int, trials: Int = 200_000) -> [Int] {
        var random = RandomStream(seed: 11, purpose: .topicDraw), hits = [Int](repeating: 0, count: topics)
        for _ in 0..<trials { hits[DenseDraw.topic(of: row.base, topics: topics, at: random.uniform())] += 1 }
        return hits
    }

    @Test(arguments: [1, 5, 16, 37, 64, 200]) func drawsFollowThePosterior(topics: Int) throws {
        let counts = try smallCounts(topics: topics), logits = randomLogits(topics, seed: 6)
        let (_, row, _) = fast(logits, item: 4, counts)
        let law = DenseDraw.reference(logits: logits, item: 4, counts: counts).weights
        #expect(chiSquare(observed: histogram(row, topics: topics), expected: law) > falseAlarm)
    }

    /// A draw that forgets β gives a topic that never had the item no chance.
    @Test func forgettingBetaIsFound() throws {
        let topics = 37, counts = try smallCounts(topics: topics), logits = randomLogits(topics, seed: 6)
        let forgetful = try TopicCounts(items: 7, topics: topics, concentration: 1e-6)
        for item in 0..<7 {
            for k in 0..<topics {
                for _ in 0..<counts.count(item, k) { forgetful.add(item: item, to: k) }
            }
        }
        forgetful.refreshInverseTotals()
        let (_, row, _) = fast(logits, item: 4, forgetful)
        let law = DenseDraw.reference(logits: logits, item: 4, counts: counts).weights
        #expect(chiSquare(observed: histogram(row, topics: topics), expected: law) < falseAlarm)
    }

    @Test(arguments: [1, 7, 16, 33, 130]) func everyUniformGivesATopicThatWeighs(topics: Int) throws {
        let counts = try smallCounts(topics: topics, beta: 1e-20)
        for spread in [0.0, 80, 400, 1e30] {
            let logits = randomLogits(topics, spread: spread, seed: 9)
            let (theta, row, alpha) = fast(logits, item: 1, counts)
            #expect(alpha > 0 && alpha.isFinite)
            #expect(theta.allSatisfy { $0 > 0 && $0 <= 1.000_001 })
            for u in [0, .leastNonzeroMagnitude, 1e-7, 0.25, 0.5, 0.999, Float(1).nextDown] {
                let topic = DenseDraw.topic(of: row.base, topics: topics, at: u)
                #expect(topic >= 0 && topic < topics && row.base[topic] > 0)
            }
        }
    }

    @Test func skipsTopicsWithoutWeight() {
        let topics = 40, row = FloatBuffer(count: DenseDraw.rowLength(topics: topics))
        for k in [3, 20] { row.base[k] = 0.25 }
        for block in 0..<3 { row.base[48 + block] = block == 0 ? 0.25 : 0.5 }
        for u in [0, 0.49, 0.5, 0.51, Float(1).nextDown] as [Float] {
            #expect(DenseDraw.topic(of: row.base, topics: topics, at: u) == (u < 0.5 ? 3 : 20))
        }
    }

    @Test func notANumberIsPassedOnAndStaysInBounds() throws {
        let counts = try smallCounts(topics: 20)
        var logits = randomLogits(20, seed: 1)
        logits[18] = .nan
        let (_, row, alpha) = fast(logits, item: 0, counts)
        #expect(alpha.isNaN)
        #expect((0..<20).contains(DenseDraw.topic(of: row.base, topics: 20, at: 0.7)))
    }
}
