import Kernels
import Recurrence
import Testing
import TopicSampling
@testable import StochasticEM

@Suite struct FitCostTests {
    /// Bytes of a tape, by its matrices.
    static func bytes(_ tape: BlockTape) -> Int {
        [
            tape.gates, tape.previousHidden, tape.previousCell, tape.cell, tape.squashedCell, tape.hidden, tape.mask,
            tape.output, tape.proportions,
        ].reduce(0) { $0 + $1.rows * $1.columns * 4 }
    }

    static func bytes(_ pass: SamplingPass) -> Int {
        bytes(pass.copies) + (pass.copies === pass.paths ? 0 : bytes(pass.paths))
    }

    /// The estimate beside what the parts take when they are made: no less than 0.9 of it, and no more than 1.3 times.
    @Test(arguments: [(20, 16, 4, nil, 0.1), (100, 64, 1, nil, 0), (40, 32, 8, 10, 0.1)] as [(Int, Int, Int, Int?, Double)])
    func isCloseToWhatIsAllocated(topics: Int, hidden: Int, particles: Int, embedding: Int?, validation: Double) throws {
        var settings = FitSettings()
        (settings.variant, settings.memory) = (.topic, .none)
        (settings.topics, settings.hidden, settings.particles) = (topics, hidden, particles)
        (settings.embedding, settings.validation) = (embedding, validation)
        let items = 1000
        let cost = FitCost.estimate(events: 50_000, sequences: 2000, items: items, settings: settings)

        let network = RecurrentNetwork(settings.networkShape(items: items), seed: 1)
        let counts = try TopicCounts(items: items, topics: topics, concentration: 0.1)
        func pass(_ shape: BlockShape) -> Int {
            FitCostTests.bytes(SamplingPass(shape: shape, network: network, dropout: 0, seed: 1))
        }
        let (b, t) = (settings.lanes, settings.steps)
        var blocks = pass(BlockShape(lanes: b, steps: t, shards: 4))
        if particles > 1 { blocks += pass(BlockShape(lanes: b, steps: t, particles: particles, shards: 4)) }
        let filter = validation > 0 ? pass(ParticleFilter.shape(sequences: 2000, particles: settings.validationParticles)) : 0
        // Values, gradients, Adam's two means, the best epoch's copy; the transposed recurrent and output weights; and of an
        // embedding its masked copy, and the table of gate contributions with its gradient.
        let derived = embedding.map { (topics + 1) * ($0 + 8 * hidden) } ?? 0
        let parameters = network.parameters.count * 4 * 5 + (4 * hidden * hidden + hidden * topics + derived) * 4
        let table = items * counts.stride * 4 + counts.snapshot().count * 4

        func isClose(_ estimate: Int, _ actual: Int) -> Bool { (0.9...1.3).contains(Double(estimate) / Double(actual)) }
        #expect(isClose(cost.blocks, blocks))
        #expect(filter == 0 ? cost.filter == 0 : isClose(cost.filter, filter))
        #expect(isClose(cost.network, parameters))
        #expect(isClose(cost.counts, table))
        #expect(cost.topics == 50_000 * 8)
        // The log, what is observed of it, and the training split hold each event once.
        #expect((50_000 * 4 * 2...50_000 * 4 * 4).contains(cost.corpus))
        #expect(cost.total == cost.corpus + cost.topics + cost.counts + cost.network + cost.blocks + cost.filter + cost.comparison)
        #expect(cost.comparison == items * topics * 4)
    }
}
