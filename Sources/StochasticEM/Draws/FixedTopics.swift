import Kernels
import TopicSampling
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// No draw: every event keeps its topic. The network learns a start (warm-up), or the topics of a whole SE-step (the paper's schedule).
final class FixedTopics: TopicDraw, @unchecked Sendable {
    private let counts: TopicCounts
    private let topics: UnsafePointer<Int32>  // one an event of the corpus
    private let weights: FloatBuffer
    private let rowLength: Int

    init(topics: UnsafePointer<Int32>, counts: TopicCounts, shape: BlockShape) {
        self.topics = topics
        self.counts = counts
        rowLength = DenseDraw.rowLength(topics: counts.topics)
        weights = FloatBuffer(count: shape.shards * rowLength)
    }

    func draw(_ step: TopicDrawStep) -> Double {
        let pass = step.pass, p = pass.shape.particles
        let logits = pass.copies.proportions.rows(step.rows)
        pass.network.output.logits(of: pass.copies.output.rows(step.rows), into: logits)
        var logLikelihood = 0.0
        for (place, cell) in step.cells.enumerated() {
            let event = step.block.events[cell]
            for copy in 0..<p {
                let alpha = DenseDraw.weigh(
                    logits: logits.row(place * p + copy), item: step.item(cell) ?? 0, counts: counts,
                    weights: weights.base + step.shard * rowLength)
                pass.ancestors[cell * p + copy] = Int32(copy)
                pass.topics[cell * p + copy] = event < 0 ? 0 : topics[event]
                if event >= 0 { logLikelihood += log(Double(alpha)) / Double(p) }
            }
        }
        return logLikelihood
    }
}
