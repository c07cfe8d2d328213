import Kernels
import Recurrence
import TopicSampling
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The draw that looks at all K topics: logits by one product, then weights, then the survivors and their topics.
final class DenseTopicDraw: TopicDraw, @unchecked Sendable {
    private let counts: TopicCounts
    private let policy: any SurvivorPolicy
    /// For each copy of each lane: a row of weights θφ, its α, and the policy's score. Shards write to disjoint ones.
    private let weights, likelihoods: FloatBuffer
    private let scores: UnsafeMutablePointer<Double>
    private let rowLength: Int
    private let particles: Int
    private let topics: UnsafePointer<Int32>?  // one an event of the corpus, where events have topics already
    /// Of each shard, since last asked: Σ effective sample size, and over how many cells.
    private let effective: UnsafeMutablePointer<(sum: Double, cells: Int)>
    private let shards: Int

    /// - Parameter topics: what the events' topics are now, for a policy that holds on to them; nil where they have none.
    init(
        counts: TopicCounts, shape: BlockShape, policy: any SurvivorPolicy = Resampling(), topics: UnsafePointer<Int32>? = nil
    ) {
        self.counts = counts
        self.topics = topics
        particles = shape.particles
        shards = shape.shards
        effective = .allocate(capacity: shards)
        effective.initialize(repeating: (0, 0), count: shards)
        self.policy = policy
        rowLength = DenseDraw.rowLength(topics: counts.topics)
        let copies = shape.lanes * shape.particles
        weights = FloatBuffer(count: copies * rowLength)
        likelihoods = FloatBuffer(count: copies)
        scores = .allocate(capacity: copies)
        scores.initialize(repeating: 0, count: copies)
        // As `pick` leaves them between two blocks, where a fit may go on.
        for lane in 0..<shape.lanes { policy.begin(scores: scores + lane * particles, copies: particles) }
    }

    deinit {
        scores.deallocate()
        effective.deallocate()
    }

    func draw(_ step: TopicDrawStep) -> Double {
        step.pass.network.logits(step.pass.copies, rows: step.rows, shard: step.shard)
        // Where there is nothing to explain θ is wanted all the same, and any item gives that.
        return survive(step) { DenseDraw.weigh(logits: $0, item: $1 ?? 0, counts: counts, weights: $2) }
    }

    /// As `draw`, of a step that was drawn before its item was known: θ stands in the place of the logits.
    func explain(_ step: TopicDrawStep) -> Double {
        survive(step) { theta, item, weights in item.map { DenseDraw.explain(theta: theta, item: $0, counts: counts, weights: weights) } ?? 0 }
    }

    /// Weighs the topics of each copy, and lets the policy choose.
    ///
    /// - Parameter weigh: writes the weights of an item under the proportions of one copy, (K); returns α.
    @inline(__always)
    private func survive(
        _ step: TopicDrawStep, weigh: (_ proportions: UnsafeMutablePointer<Float>, _ item: Int?, _ weights: UnsafeMutablePointer<Float>) -> Float
    ) -> Double {
        let pass = step.pass, p = pass.shape.particles
        let proportions = pass.copies.proportions.rows(step.rows)
        var logLikelihood = 0.0
        let firstLane = pass.shape.lanes(of: step.shard).lowerBound
        for (place, cell) in step.cells.enumerated() {
            let lane = firstLane + place
            let rows = weights.base + lane * p * rowLength
            let alphas = likelihoods.base + lane * p
            var sum = 0.0
            for copy in 0..<p {
                alphas[copy] = weigh(proportions.row(place * p + copy), step.item(cell), rows + copy * rowLength)
                sum += Double(alphas[copy])
            }
            if step.block.starts[cell] { policy.begin(scores: scores + lane * p, copies: p) }
            guard let item = step.item(cell) else {
                // Nobody dies where there is nothing to explain: paths are traced back through these cells too.
                for copy in 0..<p {
                    pass.ancestors[cell * p + copy] = Int32(copy)
                    pass.topics[cell * p + copy] = 0
                }
                continue
            }
            logLikelihood += log(sum / Double(p))
            if p > 1 {
                effective[step.shard].sum += Resampling.effectiveSampleSize(alphas, count: p)
                effective[step.shard].cells += 1
            }
            var random = pass.stream(.survivors, block: step.block, cell: cell, epoch: step.epoch)
            policy.survive(
                Candidates(
                    copies: p, topics: counts.topics, weights: rows, rowStride: rowLength, alphas: alphas,
                    reference: topics?[step.block.events[cell]]),
                scores: scores + lane * p, random: &random,
                ancestors: pass.ancestors + cell * p, topics: pass.topics + cell * p)
            pass.explained(item, cell: cell, lane: lane, shard: step.shard, weights: (UnsafePointer(rows), rowLength))
        }
        return logLikelihood
    }

    /// By the policy. All copies go on from the path picked, so their scores are made as at a start.
    func pick(lane: Int, random: inout RandomStream) -> Int {
        let scores = scores + lane * particles
        defer { policy.begin(scores: scores, copies: particles) }
        return policy.pick(scores: scores, copies: particles, random: &random)
    }

    func takeEffectiveSampleSize() -> Double? {
        var sum = 0.0, cells = 0
        for shard in 0..<shards {
            sum += effective[shard].sum
            cells += effective[shard].cells
            effective[shard] = (0, 0)
        }
        return cells > 0 ? sum / Double(cells) : nil
    }
}

/// What was noted since it was last asked for. Scores are the same between any two blocks.
extension DenseTopicDraw {
    func save(to state: inout StateWriter) {
        state.add("effective_sum", (0..<shards).map { effective[$0].sum })
        state.add("effective_cells", (0..<shards).map { Int64(effective[$0].cells) })
    }

    func restore(from state: StateReader) throws {
        let sums = try state.numbers("effective_sum", count: shards, as: Double.self)
        let cells = try state.numbers("effective_cells", count: shards, in: 0...Int64.max)
        for shard in 0..<shards { effective[shard] = (sums[shard], Int(cells[shard])) }
    }
}
