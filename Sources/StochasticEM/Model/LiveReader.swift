import Kernels
import Recurrence
import TopicSampling

/// Reads users' sequences as they happen, an event at a time, and says after each what comes next.
///
///     let reader = LiveReader(model)
///     let anna = reader.sequence(of: "anna")
///     anna.observe(model.vocabulary.number(of: "cheese")!)
///     anna.items(count: 10)
///
/// What it says is what ``SequenceModel/read(_:first:shards:visit:)`` says of the whole sequence at that place. It holds φ as a matrix (V, K) of
/// floats, and each sequence a few rows of the network's size.
public final class LiveReader: Sendable {
    let model: LatentLSTMAllocation
    let phi: FloatBuffer
    let network: RecurrentNetwork

    /// Derives what all sequences share from the model as it is now.
    public init(_ model: LatentLSTMAllocation) {
        self.model = model
        phi = model.itemProbabilities(shards: .allProcessors)
        network = model.network.prepared(shards: .allProcessors)
    }

    /// The sequence of a user of whom nothing was seen yet. The name keys the random numbers of models that draw topics.
    public func sequence(of user: String) -> LiveSequence { LiveSequence(self, user: user) }

    var shape: BlockShape { BlockShape(lanes: 1, steps: 1, particles: model.particles, shards: 1) }
}

/// One user's sequence, and what the model expects after its last event. Of several threads one at a time may use it.
public final class LiveSequence {
    private let reader: LiveReader
    private let pass: SamplingPass
    private let draw: DenseTopicDraw
    private let block: Block
    private let mean: FloatBuffer
    private let observed: UnsafeMutablePointer<UInt32>

    init(_ reader: LiveReader, user: String) {
        let model = reader.model, shape = reader.shape
        self.reader = reader
        pass = SamplingPass(
            shape: shape, network: reader.network, feedback: model.settings.feedback, dropout: 0, seed: model.settings.seed,
            streams: [ParticleFilter.stream(user)])
        draw = DenseTopicDraw(counts: model.counts, shape: shape)
        block = Block(shape)
        mean = FloatBuffer(count: model.counts.topics)
        observed = .allocate(capacity: 1)
        observed.initialize(to: 0)
        block.sequences[0] = 0
        block.positions[0] = 0
        block.starts[0] = true
        expect()
    }

    deinit { observed.deallocate() }

    /// Events observed so far.
    public var count: Int { Int(block.positions[0]) }

    /// θ̄ (K): the topics that are expected next.
    public var proportions: [Float] { mean.array }

    /// Takes in the user's next event.
    ///
    /// - Parameter item: its number in the model's vocabulary.
    public func observe(_ item: Int) {
        precondition((0..<reader.model.vocabulary.count).contains(item), "an item is a number below V")
        observed.pointee = UInt32(item)
        block.events[0] = 0
        // States are those of the last `expect`; only now is known what they have to explain.
        _ = draw.explain(TopicDrawStep(pass: pass, block: block, items: observed, shard: 0, cells: 0..<1, epoch: 0))
        pass.carrySurvivors(shard: 0)
        block.positions[0] += 1
        block.starts[0] = false
        expect()
    }

    /// Takes in an event of an item that the model does not know: it leaves it out, or is fed with it, as its settings say.
    public func observe(unknown name: String) {
        guard reader.model.settings.unknownItemsPolicy == .input else { return }
        pass.take(unknown: [name], shards: Shards(threads: 1))
        block.strangers[0] = 0
        pass.passStrangers(block, shard: 0, step: 0)
        block.strangers[0] = Block.none
        pass.carrySurvivors(shard: 0)
        block.positions[0] += 1
        block.starts[0] = false
        expect()
    }

    /// The items that are expected next with p(item | all events before), the likeliest first; ties by number.
    public func items(count: Int) -> [(item: Int, probability: Double)] {
        let items = reader.model.vocabulary.count, topics = mean.count
        let probabilities = FloatBuffer(count: items)
        GEMM.multiply(
            mean.matrix(1, topics), .asIs, reader.phi.matrix(items, topics), .transposed, into: probabilities.matrix(1, items))
        return TopK.indices(count: count, of: items) { probabilities.base[$0] }.map { ($0, Double(probabilities.base[$0])) }
    }

    /// Runs the network to the place behind the last event.
    private func expect() {
        block.events[0] = Block.query
        _ = draw.draw(pass.advance(block, items: observed, shard: 0, step: 0, epoch: 0))
        mean.base.update(repeating: 0, count: mean.count)
        let copies = pass.shape.particles
        for copy in 0..<copies {
            VectorMath.add(pass.copies.proportions.row(copy), times: 1 / Float(copies), to: mean.base, count: mean.count)
        }
    }
}
