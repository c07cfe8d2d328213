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
    /// One row a shard: a state, a 1, zeros; as wide as a class's row of weights.
    private let states: FloatBuffer
    private let width: Int
    /// Mean of s over the last block with the 1 behind it (H + 1), of each shard and of all: the stand-in's logits are those of this state.
    private let shardMeans: FloatBuffer
    private let mean: FloatBuffer
    private let standIn: FloatBuffer
    /// Blocks since the stand-in was renewed; nil: it never was. Renewing costs O(K·H), so blocks go by until they have
    /// `cellsPerTopic` cells for each topic.
    private var age: Int?
    private let lifetime: Int
    private static let cellsPerTopic = 2
    private var noted = (proposed: 0, accepted: 0)

    init(network: RecurrentNetwork, counts: TopicCounts, topics: UnsafePointer<Int32>, shape: BlockShape, proposals: Int) throws {
        self.network = network
        self.counts = counts
        self.topics = topics
        sampler = try MetropolisHastings(counts: counts, proposals: proposals)
        scratch = (0..<shape.shards).map { _ in MetropolisHastings.Scratch(topics: counts.topics) }
        rowLength = DenseDraw.rowLength(topics: counts.topics)
        weights = FloatBuffer(count: shape.shards * rowLength)
        width = network.output.classRows.columns
        states = FloatBuffer(count: shape.shards * width)
        shardMeans = FloatBuffer(count: shape.shards * (network.shape.hidden + 1))
        mean = FloatBuffer(count: network.shape.hidden + 1)
        standIn = FloatBuffer(count: counts.topics)
        lifetime = max(1, Self.cellsPerTopic * counts.topics / shape.cells)
    }

    func prepareBlock(shards: Shards) {
        if let age, age < lifetime {
            self.age = age + 1
        } else {
            mean.clear()
            for shard in scratch.indices {
                VectorMath.add(
                    shardMeans.base + shard * mean.count, times: 1 / Float(scratch.count), to: mean.base, count: mean.count)
            }
            network.output.logits(of: mean.matrix(1, mean.count), into: standIn.matrix(1, counts.topics), shard: 0)
            sampler.begin(standIn: standIn.base)
            age = 1
        }
        shardMeans.clear()
    }

    func draw(_ step: TopicDrawStep) -> Double {
        let pass = step.pass, weights = network.output.classRows
        let firstLane = pass.shape.lanes(of: step.shard).lowerBound
        let state = states.base + step.shard * width
        let average = shardMeans.base + step.shard * mean.count, share = 1 / Float(pass.shape.cells(of: step.shard).count)
        for (place, cell) in step.cells.enumerated() {
            pass.ancestors[cell] = 0
            VectorMath.add(pass.copies.output.row(cell), times: share, to: average, count: mean.count)
            guard let item = step.item(cell) else { continue }
            state.update(from: pass.copies.output.row(cell), count: mean.count)
            var random = pass.stream(.proposal, block: step.block, cell: cell, epoch: step.epoch)
            pass.topics[cell] = Int32(
                sampler.topic(
                    item: item, last: Int(topics[step.block.events[cell]]), scratch: scratch[step.shard], random: &random,
                    logits: StateLogits(state: state, weights: weights)))
            pass.explained(item, cell: cell, lane: firstLane + place, shard: step.shard, weights: nil)
        }
        return 0
    }

    /// Logits of one state, by the rows of the output layer.
    private struct StateLogits: LogitSource {
        let state: UnsafePointer<Float>  // (width)
        let weights: MatrixView  // (K, width)

        func logit(_ topic: Int) -> Float { VectorMath.dot(weights.row(topic), state, count: weights.columns) }

        func logits(of topics: UnsafeBufferPointer<Int32>, into values: UnsafeMutablePointer<Float>) {
            VectorMath.dots(weights, rows: topics, state, into: values)
        }
    }

    /// One product for the whole block: θ, for a loss that needs it, and α of the path.
    func complete(_ pass: SamplingPass, _ block: Block, items: UnsafePointer<UInt32>, shard: Int) -> Double {
        let cells = pass.shape.cells(of: shard)
        let logits = pass.paths.proportions.rows(cells)
        network.output.logits(of: pass.paths.output.rows(cells), into: logits, shard: shard)
        var logLikelihood = 0.0
        for cell in cells {
            let event = block.events[cell]
            let alpha = DenseDraw.weigh(
                logits: logits.row(cell - cells.lowerBound), item: event < 0 ? 0 : Int(items[event]), counts: counts,
                weights: weights.base + shard * rowLength)
            if event >= 0 { logLikelihood += log(Double(alpha)) }
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

/// The mean state that the next stand-in is made of, the stand-in in force, and what was noted since it was last asked for. Lists of
/// topics are read off the counts.
extension MetropolisHastingsTopicDraw {
    func save(to state: inout StateWriter) {
        state.add("mean_states", shardMeans)
        state.add("age", age ?? 0)
        state.add("masses", Array(sampler.masses.array.prefix(counts.topics)))
        state.add("reference", [sampler.reference])
        state.add("proposed", scratch.reduce(0) { $0 + $1.proposed } - noted.proposed)
        state.add("accepted", scratch.reduce(0) { $0 + $1.accepted } - noted.accepted)
    }

    func restore(from state: StateReader) throws {
        try state.read("mean_states", into: shardMeans)
        let age = try state.whole("age", in: 0...Int(Int32.max))
        self.age = age > 0 ? age : nil
        sampler.resume(
            masses: try state.numbers("masses", count: counts.topics, as: Float.self),
            reference: try state.numbers("reference", count: 1, as: Float.self)[0])
        // As if so many had been made since the last time.
        noted.proposed = scratch.reduce(0) { $0 + $1.proposed } - (try state.whole("proposed", in: 0...Int(Int64.max)))
        noted.accepted = scratch.reduce(0) { $0 + $1.accepted } - (try state.whole("accepted", in: 0...Int(Int64.max)))
    }
}
