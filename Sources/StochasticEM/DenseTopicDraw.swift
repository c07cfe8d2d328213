import Kernels
import Recurrence
import TopicSampling
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The draw that looks at all K topics: logits by one product, then survivors, then a topic for each.
final class DenseTopicDraw: TopicDraw, @unchecked Sendable {
    private let counts: TopicCounts
    /// Rows of weights θφ, one a row of a step: shards write to disjoint ones.
    private let weights: FloatBuffer
    private let likelihoods: FloatBuffer
    private let rowLength: Int

    init(counts: TopicCounts, shape: BlockShape) {
        self.counts = counts
        rowLength = DenseDraw.rowLength(topics: counts.topics)
        weights = FloatBuffer(count: shape.lanes * shape.particles * rowLength)
        likelihoods = FloatBuffer(count: shape.lanes * shape.particles)
    }

    func draw(_ step: TopicDrawStep) -> Double {
        let pass = step.pass, p = pass.shape.particles
        let logits = pass.copies.proportions.rows(step.rows)
        pass.network.output.logits(of: pass.copies.output.rows(step.rows), into: logits)

        var logLikelihood = 0.0
        let firstLane = pass.shape.lanes(of: step.shard).lowerBound
        for (place, cell) in step.cells.enumerated() {
            let ancestors = pass.ancestors + cell * p, topics = pass.topics + cell * p
            let rows = weights.base + (firstLane + place) * p * rowLength
            guard let item = step.item(cell) else {
                for copy in 0..<p {
                    DenseDraw.weigh(logits: logits.row(place * p + copy), item: 0, counts: counts, weights: rows)
                    ancestors[copy] = Int32(copy)
                    topics[copy] = 0
                }
                continue
            }
            let alpha = likelihoods.base + (firstLane + place) * p
            var sum = 0.0
            for copy in 0..<p {
                alpha[copy] = DenseDraw.weigh(
                    logits: logits.row(place * p + copy), item: item, counts: counts, weights: rows + copy * rowLength)
                sum += Double(alpha[copy])
            }
            logLikelihood += log(sum / Double(p))

            var random = pass.stream(.survivors, block: step.block, cell: cell, epoch: step.epoch)
            let offset = p > 1 ? random.uniformDouble() : 0
            var source = 0, reached = Double(alpha[0])
            for copy in 0..<p {
                let target = (Double(copy) + offset) / Double(p) * sum
                while reached <= target && source < p - 1 {
                    source += 1
                    reached += Double(alpha[source])
                }
                ancestors[copy] = Int32(source)
                var uniform = pass.stream(.topicDraw, block: step.block, cell: cell, epoch: step.epoch, particle: copy)
                topics[copy] = Int32(
                    DenseDraw.topic(of: rows + source * rowLength, topics: counts.topics, at: uniform.uniform()))
            }
        }
        return logLikelihood
    }
}
