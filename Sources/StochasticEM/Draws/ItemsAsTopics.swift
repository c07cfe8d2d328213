import Kernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// No draw: every event's topic is its item, K = V, and φ is the identity. So the network says which item comes next, θ_t(w_t) is
/// p(w_t | past), and what is left of the blocks is an LSTM over items.
final class ItemsAsTopics: TopicDraw, @unchecked Sendable {
    func draw(_ step: TopicDrawStep) -> Double {
        let pass = step.pass, firstLane = pass.shape.lanes(of: step.shard).lowerBound
        for (place, cell) in step.cells.enumerated() {
            pass.ancestors[cell] = 0
            pass.topics[cell] = 0
            guard let item = step.item(cell) else { continue }
            pass.topics[cell] = Int32(item)
            pass.explained(item, cell: cell, lane: firstLane + place, shard: step.shard, weights: nil)
        }
        return 0
    }

    /// θ of all cells that the network ran for, by one product; Σ log θ_t(w_t).
    func complete(_ pass: SamplingPass, _ block: Block, items: UnsafePointer<UInt32>, shard: Int) -> Double {
        let cells = pass.shape.cells(of: shard), proportions = pass.paths.proportions
        pass.network.logits(pass.paths, rows: cells, shard: shard)
        var logLikelihood = 0.0
        for cell in cells where block.events[cell] != Block.idle {
            VectorMath.softmax(proportions.row(cell), count: proportions.columns)
            let event = block.events[cell]
            if event >= 0 { logLikelihood += log(Double(proportions.row(cell)[Int(items[event])])) }
        }
        return logLikelihood
    }
}
