import Foundation
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

    /// Where θ is known, an item is explained as if the logits were: rows, running sums and α to the bit, through underflow as well.
    @Test(arguments: [1, 15, 16, 17, 64, 200]) func explainsFromProportions(topics: Int) throws {
        for (beta, spread) in [(0.01, 3.0), (1e-20, 400), (1e-37, 80)] as [(Float, Double)] {
            let counts = try smallCounts(topics: topics, beta: beta), logits = randomLogits(topics, spread: spread, seed: 7)
            let theta = fast(logits, item: 0, counts).theta
            for item in 0..<5 {
                let (_, expected, alpha) = fast(logits, item: item, counts)
                let row = FloatBuffer(count: DenseDraw.rowLength(topics: topics))
                #expect(DenseDraw.explain(theta: theta, item: item, counts: counts, weights: row.base) == alpha)
                #expect(row.array == expected.array)
            }
        }
        // Broken twin: the weights of another item.
        let counts = try smallCounts(topics: topics), logits = randomLogits(topics, seed: 7), row = FloatBuffer(count: DenseDraw.rowLength(topics: topics))
        let (theta, expected, _) = fast(logits, item: 1, counts)
        _ = DenseDraw.explain(theta: theta, item: 2, counts: counts, weights: row.base)
        #expect(row.array != expected.array)
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

    // MARK: The heaviest topics

    /// The largest weights in descending order, ties by topic, those up to `bound` left out.
    typealias Selection = (_ row: UnsafePointer<Float>, _ topics: Int, _ count: Int, _ bound: Float) -> [(topic: Int, weight: Float)]

    private static func sorted(_ row: UnsafePointer<Float>, _ topics: Int, _ count: Int, _ bound: Float) -> [(topic: Int, weight: Float)] {
        let all = (0..<topics).filter { row[$0] > bound }.sorted { (row[$1], $0) < (row[$0], $1) }
        return all.prefix(count).map { ($0, row[$0]) }
    }

    private static func fast(_ row: UnsafePointer<Float>, _ topics: Int, _ count: Int, _ bound: Float) -> [(topic: Int, weight: Float)] {
        let weights = GuardedFloats(count: count, filledWith: .nan)
        var indices = [Int32](repeating: -7, count: count + 2)
        let found = indices.withUnsafeMutableBufferPointer {
            DenseDraw.heaviest(of: row, topics: topics, count: count, above: bound, indices: $0.baseAddress!, weights: weights.base)
        }
        #expect(weights.fencesStand && indices.suffix(2) == [-7, -7] && found <= count)
        return (0..<found).map { (Int(indices[$0]), weights.base[$0]) }
    }

    /// In how many of many rows, of all lengths, with and without ties, zeros and bounds, a selection is not that by sorting.
    private func disagreements(_ select: Selection) -> Int {
        var random = RandomStream(seed: 21, purpose: .other), wrong = 0
        for topics in [1, 2, 7, 15, 16, 17, 31, 40, 64, 200, 1000] {
            for kind in 0..<6 {
                let weights = (0..<topics).map { k -> Float in
                    switch kind {
                    case 0: random.uniform()
                    case 1: [0.25, 0.5, 1][random.index(below: 3)]
                    case 2: random.uniform() < 0.9 ? 0 : random.uniform()
                    case 3: Float(k + 1)
                    case 4: Float(topics - k)
                    // One that outweighs all others by more than single precision can tell.
                    default: k == topics / 2 ? 1 : 1e-9 * random.uniform()
                    }
                }
                let rows = CandidateRows([weights]), row = rows.candidates().row(0), total = weights.reduce(0, +)
                defer { withExtendedLifetime(rows) {} }
                for count in [1, 2, 3, 8, 16, topics, topics + 2] {
                    for bound in [0, 1e-3 * total, weights[0], weights.max()!, weights.max()!.nextDown, .greatestFiniteMagnitude] {
                        let found = select(row, topics, count, bound), expected = Self.sorted(row, topics, count, bound)
                        if !found.elementsEqual(expected, by: { $0.topic == $1.topic && $0.weight == $1.weight }) { wrong += 1 }
                    }
                }
            }
        }
        return wrong
    }

    @Test func heaviestAgreesWithSorting() {
        #expect(disagreements(Self.fast) == 0)
        // Broken twins: the bound included, ties from behind, the sums of sixteen taken for sixteen times the weight, the last one forgotten.
        #expect(disagreements { Self.sorted($0, $1, $2, $3.nextDown) } > 0)
        #expect(disagreements { row, topics, count, bound in
            let all = (0..<topics).filter { row[$0] > bound }.sorted { (row[$1], $1) < (row[$0], $0) }
            return all.prefix(count).map { ($0, row[$0]) }
        } > 0)
        #expect(disagreements { row, topics, count, bound in
            let kept = (0..<topics).filter { k in
                (k / 16 * 16..<min(k / 16 * 16 + 16, topics)).reduce(0) { $0 + row[$1] } > 16 * bound
            }
            return Self.sorted(row, topics, count, bound).filter { kept.contains($0.topic) }
        } > 0)
        #expect(disagreements { Array(Self.sorted($0, $1, $2, $3).dropLast()) } > 0)
    }

    @Test(arguments: [1, 5, 16, 17, 200]) func totalIsTheLastSum(topics: Int) throws {
        let counts = try smallCounts(topics: topics)
        let (_, row, alpha) = fast(randomLogits(topics, seed: 4), item: 2, counts)
        #expect(DenseDraw.total(of: row.base, topics: topics) == alpha)
        #expect(DenseDraw.total(of: row.base, topics: topics) == alpha)
        #expect(abs(row.array.prefix(topics).reduce(0, +) / alpha - 1) < 1e-5)
    }

    // MARK: The gradient of an event's likelihood

    /// −weight · log Σ_k softmax(logits)_k φ_wk.
    private func loss(_ logits: [Double], item: Int, _ counts: TopicCounts, weight: Double) -> Double {
        let top = logits.max()!, exponentials = logits.map { exp($0 - top) }, sum = exponentials.reduce(0, +)
        let beta = Double(counts.concentration)
        let alpha = exponentials.enumerated().reduce(0) {
            $0 + $1.element / sum * (Double(counts.count(item, $1.offset)) + beta)
                / (Double(counts.totals[$1.offset]) + beta * Double(counts.items))
        }
        return -weight * log(alpha)
    }

    /// Central differences in Double against what is left in place of θ: the largest distance, as a share of the weight.
    ///
    /// - Parameter gradient: θ, target, item, counts, weight; leaves the gradient, and returns log θ of the target.
    private func misfit(
        topics: Int, beta: Float = 0.1, gradient: (UnsafeMutablePointer<Float>, Int, Int, TopicCounts, Float) -> Double
    ) throws -> Double {
        let counts = try smallCounts(topics: topics, beta: beta)
        var worst = 0.0
        for (seed, spread) in [(1, 0.0), (2, 1.5), (3, 5)] {
            let logits = randomLogits(topics, spread: spread, seed: UInt64(seed)), item = seed, target = seed % topics, weight: Float = 0.25
            var exact = logits.map(Double.init)
            let (theta, _, _) = fast(logits, item: item, counts)
            let room = GuardedFloats(theta)
            let said = gradient(room.base, target, item, counts, weight)
            #expect(room.fencesStand)
            #expect(abs(said - log(Double(theta[target]))) < 1e-9)
            for k in 0..<topics {
                let step = 1e-5, value = exact[k]
                exact[k] = value + step
                let above = loss(exact, item: item, counts, weight: Double(weight))
                exact[k] = value - step
                let below = loss(exact, item: item, counts, weight: Double(weight))
                exact[k] = value
                worst = max(worst, abs((above - below) / (2 * step) - Double(room.base[k])) / Double(weight))
            }
        }
        return worst
    }

    @Test(arguments: [1, 3, 16, 19, 100]) func posteriorGradientAgreesWithFiniteDifferences(topics: Int) throws {
        #expect(try misfit(topics: topics) {
            DenseDraw.posteriorGradient($0, target: $1, item: $2, counts: $3, weight: $4)
        } < 3e-6)
        // Broken twins: the gradient at the topic drawn, as if that were known; and the posterior of another item. With a single
        // topic there is nothing to get wrong: its gradient is zero.
        guard topics > 1 else { return }
        #expect(try misfit(topics: topics) { theta, target, _, _, weight in
            let said = log(Double(theta[target]))
            for k in 0..<topics { theta[k] = weight * (theta[k] - (k == target ? 1 : 0)) }
            return said
        } > 0.01)
        #expect(try misfit(topics: topics) {
            DenseDraw.posteriorGradient($0, target: $1, item: $2 - 1, counts: $3, weight: $4)
        } > 0.01)
    }

    /// Where all products vanish in single precision there is nothing to learn, and no NaN.
    @Test func posteriorGradientOfWhatNoTopicExplainsIsZero() throws {
        let counts = try TopicCounts(items: 2, topics: 20, concentration: 1e-36)
        for k in 0..<19 { for _ in 0..<1000 { counts.add(item: 1, to: k) } }
        counts.refreshInverseTotals()
        // Topic 19 has no events: φ is ½ there, and all of the 1e-36 / 1000 that it is elsewhere is lost.
        let theta = FloatBuffer((0..<20).map { $0 == 19 ? 1e-38 : 1.0 / 19 })
        let said = DenseDraw.posteriorGradient(theta.base, target: 3, item: 0, counts: counts, weight: 0.5)
        #expect(abs(said - log(1.0 / 19)) < 1e-6)
        #expect(theta.array.allSatisfy { $0 == 0 })
        // With more of topic 19 there is something to learn: the item is its own.
        theta.base.update(repeating: 0.05, count: 20)
        _ = DenseDraw.posteriorGradient(theta.base, target: 3, item: 0, counts: counts, weight: 0.5)
        #expect(abs(theta.base[19] + 0.475) < 1e-6 && abs(theta.base[3] - 0.025) < 1e-6)
    }
}
