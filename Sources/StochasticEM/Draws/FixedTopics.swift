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
        weights = FloatBuffer(count: shape.shards * shape.particles * rowLength)
    }

    func draw(_ step: TopicDrawStep) -> Double {
        let pass = step.pass, p = pass.shape.particles
        let logits = pass.copies.proportions.rows(step.rows)
        pass.network.logits(pass.copies, rows: step.rows, shard: step.shard)
        var logLikelihood = 0.0
        let firstLane = pass.shape.lanes(of: step.shard).lowerBound
        let rows = weights.base + step.shard * p * rowLength
        for (place, cell) in step.cells.enumerated() {
            let event = step.block.events[cell]
            for copy in 0..<p {
                let alpha = DenseDraw.weigh(
                    logits: logits.row(place * p + copy), item: step.item(cell) ?? 0, counts: counts,
                    weights: rows + copy * rowLength)
                pass.ancestors[cell * p + copy] = Int32(copy)
                pass.topics[cell * p + copy] = event < 0 ? 0 : topics[event]
                if event >= 0 { logLikelihood += log(Double(alpha)) / Double(p) }
            }
            if let item = step.item(cell) {
                pass.explained(item, cell: cell, lane: firstLane + place, shard: step.shard, weights: (UnsafePointer(rows), rowLength))
            }
        }
        return logLikelihood
    }
}
