import Corpora
import Kernels
import TopicSampling

/// Gibbs sampling for distance-dependent LDA.
///
/// A sweep goes in rounds. In a round sequences are visited at the same time, event by event, with n_wk as it was before the round: what
/// was drawn in a sequence is seen at once within it, and by others from the next round on. Random numbers are keyed by sequence and
/// position, so that no topic hangs on the threads.
final class DistanceDependentSampler: @unchecked Sendable {
    private static let pieces = 8
    /// Rounds of a sweep, as long as each has some sequences for every piece.
    private static let rounds = 64

    private let corpus: Corpus
    private let counts: TopicCounts
    private let alpha: Float
    private let decay: Float
    private let seed: UInt64
    private let rounds: Int
    private let visits: [DistanceDependentVisit]
    /// z, and as it was before the round.
    private let topics: UnsafeMutablePointer<Int32>
    private let before: UnsafeMutablePointer<Int32>

    /// - Parameters:
    ///   - topics: of each event.
    ///   - counts: n_wk of these; they follow what is drawn.
    init(_ corpus: Corpus, topics start: [Int32], counts: TopicCounts, alpha: Float, decay: Float, seed: UInt64) {
        self.corpus = corpus
        self.counts = counts
        self.alpha = alpha
        self.decay = decay
        self.seed = seed
        rounds = max(1, min(Self.rounds, corpus.count / Self.pieces))
        visits = (0..<Self.pieces).map { _ in DistanceDependentVisit(counts, alpha: alpha, decay: decay) }
        topics = .allocate(capacity: max(1, start.count))
        topics.initialize(from: start, count: start.count)
        before = .allocate(capacity: max(1, start.count))
        before.initialize(from: start, count: start.count)
    }

    deinit {
        topics.deallocate()
        before.deallocate()
    }

    /// Bytes of what visits need.
    static func memory(longest: Int, topics: Int) -> Int {
        pieces * topics * 4 * (DistanceDependentVisit.segment + longest / DistanceDependentVisit.segment + 4)
    }

    /// z now, one an event.
    var drawn: [Int32] { Array(UnsafeBufferPointer(start: topics, count: corpus.items.count)) }

    /// Every event is drawn anew once.
    ///
    /// - Parameter number: from 1 on; its random numbers hang on it.
    func sweep(_ number: Int, shards: Shards) {
        for round in 0..<rounds {
            let sequences = Shards.slice(round, of: rounds, total: corpus.count)
            shards.forEach(Self.pieces) { piece in
                let mine = Shards.slice(piece, of: Self.pieces, total: sequences.count)
                for n in sequences.lowerBound + mine.lowerBound..<sequences.lowerBound + mine.upperBound {
                    self.visits[piece].visit(
                        self.topics + self.corpus.starts[n], items: self.corpus.sequence(n)) { position in
                        var random = RandomStream(seed: self.seed, purpose: .topicDraw, epoch: number, sequence: n, position: position)
                        return random.uniform()
                    }
                }
            }
            follow(corpus.starts[sequences.lowerBound]..<corpus.starts[sequences.upperBound])
        }
    }

    private func follow(_ events: Range<Int>) {
        for event in events where topics[event] != before[event] {
            counts.move(item: Int(corpus.items[event]), from: Int(before[event]), to: Int(topics[event]))
            before[event] = topics[event]
        }
        counts.refreshInverseTotals()
    }
}

/// A walk through one sequence, which draws each event's topic anew.
///
/// What lies before an event is one running sum of K, a (sum + the event before). What lies behind it is the same from the other end:
/// those sums are kept for one segment at a time, and for the ends of the others, so that a sequence of any length fits.
final class DistanceDependentVisit: @unchecked Sendable {
    static let segment = 64

    private let counts: TopicCounts
    private let alpha: Float
    private let decay: Float
    /// Σ_{s<t} a^{t−s} [z_s = k], (K).
    private let left: FloatBuffer
    /// Σ_{s>t} a^{s−t} [z_s = k] at each event of a segment, (segment, K), and at the last of each segment.
    private let right: FloatBuffer
    private var ends = FloatBuffer(count: 0)
    private let weights: FloatBuffer
    private let sums: FloatBuffer

    private var k: Int { counts.topics }

    /// - Parameter counts: n_wk, which stays as it is while sequences are visited.
    init(_ counts: TopicCounts, alpha: Float, decay: Float) {
        self.counts = counts
        self.alpha = alpha
        self.decay = decay
        left = FloatBuffer(count: counts.topics)
        right = FloatBuffer(count: Self.segment * counts.topics)
        weights = FloatBuffer(count: (counts.topics + 15) / 16 * 16)
        sums = FloatBuffer(count: (counts.topics + 15) / 16)
    }

    /// - Parameters:
    ///   - topics: of the sequence's events; overwritten.
    ///   - items: of the same.
    ///   - uniform: a number in [0, 1) for each position.
    func visit(_ topics: UnsafeMutablePointer<Int32>, items: ArraySlice<UInt32>, uniform: (_ position: Int) -> Float) {
        let length = items.count, segments = (length + Self.segment - 1) / Self.segment
        if ends.count < segments * k { ends = FloatBuffer(count: segments * k) }
        let sum = weights.base  // free until topics are drawn
        sum.update(repeating: 0, count: k)
        for t in stride(from: length - 1, through: 0, by: -1) {
            if t % Self.segment == Self.segment - 1 || t == length - 1 { (ends.base + t / Self.segment * k).update(from: sum, count: k) }
            fade(sum, with: topics[t])
        }
        left.clear()
        for segment in 0..<segments {
            let first = segment * Self.segment, last = min(first + Self.segment, length) - 1
            (right.base + (last - first) * k).update(from: ends.base + segment * k, count: k)
            for t in stride(from: last - 1, through: first, by: -1) {
                let row = right.base + (t - first) * k
                row.update(from: row + k, count: k)
                fade(row, with: topics[t + 1])
            }
            for t in first...last {
                weigh(Int(items[items.startIndex + t]), topic: Int(topics[t]), right: right.base + (t - first) * k)
                topics[t] = Int32(draw(uniform(t)))
                fade(left.base, with: topics[t])
            }
        }
    }

    /// sum ← a (sum + [z = k]).
    private func fade(_ sum: UnsafeMutablePointer<Float>, with topic: Int32) {
        sum[Int(topic)] += 1
        if decay == 1 { return }
        for i in stride(from: 0, to: k, by: 16) { sum.setLanes(i, faded(sum.lanes(i, count: k - i), by: decay), count: k - i) }
    }

    /// (Σ_{s≠t} a^{|t−s|} [z_s = k] + α) (n_wk + β) / (n_k + Vβ), the event itself left out of the counts.
    private func weigh(_ item: Int, topic: Int, right: UnsafePointer<Float>) {
        let row = counts.row(item), inverse = counts.inverseTotals, beta = counts.concentration
        for i in stride(from: 0, to: k, by: 16) {
            let n = k - i
            // Rows of counts are padded to sixteen.
            let own = UnsafeRawPointer(row + i).loadUnaligned(as: SIMD16<Int32>.self)
            let near = left.base.lanes(i, count: n) + right.lanes(i, count: n) + alpha
            // Behind the last topic the inverse is 0, and so is the weight.
            let weight = near * (Lanes16(own) + beta) * inverse.lanes(i, count: n)
            weights.base.setLanes(i, weight)
            sums.base[i / 16] = weight.sum()
        }
        let total = Float(Double(counts.totals[topic] - 1) + Double(counts.items) * Double(beta))
        weights.base[topic] = (left.base[topic] + right[topic] + alpha) * (Float(row[topic] - 1) + beta) / total
        sums.base[topic / 16] = weights.base.lanes(topic / 16 * 16).sum()
    }

    /// A topic with probability proportional to its weight.
    private func draw(_ uniform: Float) -> Int {
        let chunks = (k + 15) / 16
        var left = uniform * (0..<chunks).reduce(0) { $0 + sums.base[$1] }, chunk = 0
        while chunk < chunks - 1, left >= sums.base[chunk] {
            left -= sums.base[chunk]
            chunk += 1
        }
        var topic = chunk * 16
        let last = min(topic + 16, k) - 1
        while topic < last, left >= weights.base[topic] {
            left -= weights.base[topic]
            topic += 1
        }
        // Rounding may lead behind the last topic that has any weight.
        while topic > 0, !(weights.base[topic] > 0) { topic -= 1 }
        return topic
    }
}

extension DistanceDependentVisit {
    /// The law of one event's topic given all others of its sequence, (K): what a visit draws from.
    func law(of position: Int, topics: [Int32], items: [UInt32]) -> [Double] {
        left.clear()
        for t in 0..<position { fade(left.base, with: topics[t]) }
        right.base.update(repeating: 0, count: k)
        for t in stride(from: topics.count - 1, to: position, by: -1) { fade(right.base, with: topics[t]) }
        weigh(Int(items[position]), topic: Int(topics[position]), right: right.base)
        let all = (0..<k).map { Double(weights.base[$0]) }, total = all.reduce(0, +)
        return all.map { $0 / total }
    }
}
