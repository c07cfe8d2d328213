import Kernels
import Recurrence
import TopicSampling
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The draw that evaluates only the logits that its proposals need. One particle: it never forms α.
final class MetropolisHastingsTopicDraw: TopicDraw, @unchecked Sendable {
    private let network: RecurrentNetwork
    private let counts: TopicCounts
    private let sampler: MetropolisHastings
    private let topics: UnsafePointer<Int32>  // one an event of the corpus: where chains start
    private let scratch: [MetropolisHastings.Scratch]  // one a shard
    private let weights: FloatBuffer  // one row a shard
    private let rowLength: Int
    /// Mean of s over the last block with the 1 behind it (H + 1), of each shard and of all: the stand-in's logits are those of this state.
    private let shardMeans: FloatBuffer
    private let mean: FloatBuffer
    private let standIn: FloatBuffer
    private var noted = (proposed: 0, accepted: 0)

    init(network: RecurrentNetwork, counts: TopicCounts, topics: UnsafePointer<Int32>, shape: BlockShape, proposals: Int) throws {
        self.network = network
        self.counts = counts
        self.topics = topics
        sampler = try MetropolisHastings(counts: counts, proposals: proposals)
        scratch = (0..<shape.shards).map { _ in MetropolisHastings.Scratch(topics: counts.topics) }
        rowLength = DenseDraw.rowLength(topics: counts.topics)
        weights = FloatBuffer(count: shape.shards * rowLength)
        let width = network.shape.hidden + 1
        shardMeans = FloatBuffer(count: shape.shards * width)
        mean = FloatBuffer(count: width)
        standIn = FloatBuffer(count: counts.topics)
    }

    func prepareBlock(shards: Shards) {
        mean.clear()
        for shard in scratch.indices {
            VectorMath.add(
                shardMeans.base + shard * mean.count, times: 1 / Float(scratch.count), to: mean.base, count: mean.count)
        }
        network.output.logits(of: mean.matrix(1, mean.count), into: standIn.matrix(1, counts.topics))
        sampler.begin(standIn: standIn.base)
    }

    func draw(_ step: TopicDrawStep) -> Double {
        let pass = step.pass, h = network.shape.hidden
        let bias = network.parameters.value(network.output.bias).base, weights = network.output.transposed
        let firstLane = pass.shape.lanes(of: step.shard).lowerBound
        for (place, cell) in step.cells.enumerated() {
            pass.ancestors[cell] = 0
            guard let item = step.item(cell) else { continue }
            let state = pass.copies.output.row(cell)
            var random = pass.stream(.proposal, block: step.block, cell: cell, epoch: step.epoch)
            pass.topics[cell] = Int32(
                sampler.topic(
                    item: item, last: Int(topics[step.block.events[cell]]), scratch: scratch[step.shard], random: &random
                ) { VectorMath.dot(weights.row($0), state, count: h) + bias[$0] })
            pass.explained(item, cell: cell, lane: firstLane + place, shard: step.shard, weights: nil)
        }
        return 0
    }

    /// One product for the whole block: θ, which the M-step needs, and α of the path.
    func complete(_ pass: SamplingPass, _ block: Block, items: UnsafePointer<UInt32>, shard: Int) -> Double {
        let cells = pass.shape.cells(of: shard), width = mean.count
        let logits = pass.paths.proportions.rows(cells)
        network.output.logits(of: pass.paths.output.rows(cells), into: logits)
        let average = shardMeans.base + shard * width
        average.update(repeating: 0, count: width)
        var logLikelihood = 0.0
        for cell in cells {
            let event = block.events[cell]
            let alpha = DenseDraw.weigh(
                logits: logits.row(cell - cells.lowerBound), item: event < 0 ? 0 : Int(items[event]), counts: counts,
                weights: weights.base + shard * rowLength)
            if event >= 0 { logLikelihood += log(Double(alpha)) }
            VectorMath.add(pass.paths.output.row(cell), times: 1 / Float(cells.count), to: average, count: width)
        }
        return logLikelihood
    }

    func moved(item: Int, from old: Int, to new: Int) {
        sampler.nonzero.moved(item: item, from: old, to: new, counts: counts)
    }

    func recounted() { sampler.nonzero.rebuild(from: counts) }

    func takeAcceptanceRate() -> Double? {
        let proposed = scratch.reduce(0) { $0 + $1.proposed }, accepted = scratch.reduce(0) { $0 + $1.accepted }
        defer { noted = (proposed, accepted) }
        return proposed > noted.proposed ? Double(accepted - noted.accepted) / Double(proposed - noted.proposed) : nil
    }
}

/// The mean state that the next block's stand-in is made of, and what was noted since it was last asked for. Lists of topics are
/// read off the counts.
extension MetropolisHastingsTopicDraw {
    func save(to state: inout StateWriter) {
        state.add("mean_states", shardMeans)
        state.add("proposed", scratch.reduce(0) { $0 + $1.proposed } - noted.proposed)
        state.add("accepted", scratch.reduce(0) { $0 + $1.accepted } - noted.accepted)
    }

    func restore(from state: StateReader) throws {
        try state.read("mean_states", into: shardMeans)
        // As if so many had been made since the last time.
        noted.proposed = scratch.reduce(0) { $0 + $1.proposed } - (try state.whole("proposed", in: 0...Int(Int64.max)))
        noted.accepted = scratch.reduce(0) { $0 + $1.accepted } - (try state.whole("accepted", in: 0...Int(Int64.max)))
    }
}
