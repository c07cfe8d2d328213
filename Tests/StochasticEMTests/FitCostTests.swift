import Corpora
@testable import Kernels
import Recurrence
import Testing
import TopicSampling
@testable import StochasticEM

@Suite struct FitCostTests {
    /// Bytes of all floats that a thing holds on to, and of what its inputs are made of, but for those of `others`.
    static func bytes(_ thing: Any, without others: [AnyObject] = []) -> Int {
        var seen = Set(others.map(ObjectIdentifier.init))
        func visit(_ thing: Any) -> Int {
            let mirror = Mirror(reflecting: thing)
            if mirror.displayStyle == .class, !seen.insert(ObjectIdentifier(thing as AnyObject)).inserted { return 0 }
            // An optional one would be counted before it was seen.
            if mirror.displayStyle == .class, let half = thing as? HalfMatrix { return half.rows * half.stride * 2 }
            if let buffer = thing as? FloatBuffer { return buffer.count * 4 }
            if let inputs = thing as? InputMixtures { return inputs.rows * inputs.entries * 8 }
            // Of numbers there are few, and many to look at.
            if mirror.displayStyle == .collection, !(thing is [AnyObject]) { return 0 }
            return mirror.children.reduce(0) { $0 + visit($1.value) }
        }
        return visit(thing)
    }

    static let ways = FitSettings.Precision.bf16.isAvailable ? anywhere + rounded : anywhere
    private static let anywhere: [@Sendable (inout FitSettings) -> Void] = [
        { ($0.topics, $0.hidden, $0.particles, $0.embedding) = (20, 16, 4, nil) },
        { ($0.topics, $0.hidden, $0.particles, $0.embedding, $0.validation) = (100, 64, 1, nil, 0) },
        { ($0.topics, $0.hidden, $0.particles, $0.embedding) = (40, 32, 8, 10) },
        { ($0.variant, $0.topics, $0.hidden, $0.particles, $0.embedding) = (.word, 100, 32, 1, 40) },
        { ($0.variant, $0.topics, $0.hidden, $0.particles, $0.embedding, $0.validation) = (.word, 100, 32, 1, 40, 0) },
        { ($0.variant, $0.topics, $0.hidden, $0.particles, $0.memory) = (.belief, 200, 16, 1, .both) },
        { ($0.variant, $0.topics, $0.hidden, $0.particles, $0.beliefTopics) = (.belief, 200, 16, 1, 100) },
        { ($0.topics, $0.hidden, $0.particles, $0.memory) = (300, 16, 4, .both) },
        { ($0.topics, $0.hidden, $0.particles, $0.dropout) = (20, 64, 4, 0) },
        { ($0.topics, $0.hidden, $0.particles, $0.sampler, $0.negatives) = (500, 60, 1, .mh, 40) },
        { ($0.variant, $0.topics, $0.hidden, $0.particles, $0.embedding, $0.unknownItems) = (.word, 100, 32, 1, 40, .input) },
        { ($0.variant, $0.topics, $0.hidden, $0.particles, $0.embedding) = (.char, 20, 32, 1, 40) },
        { ($0.variant, $0.topics, $0.hidden, $0.particles, $0.embedding, $0.characterHidden, $0.validation) = (.char, 20, 32, 1, 40, 20, 0) },
        { ($0.cell, $0.topics, $0.hidden, $0.particles, $0.embedding) = (.gru, 30, 200, 4, 40) },
        { ($0.cell, $0.topics, $0.hidden, $0.particles, $0.embedding, $0.validation) = (.elman, 30, 200, 1, nil, 0) },
        { ($0.cell, $0.variant, $0.topics, $0.hidden, $0.particles, $0.embedding) = (.elman, .word, 30, 300, 1, 40) },
    ]
    private static let rounded: [@Sendable (inout FitSettings) -> Void] = [
        { ($0.precision, $0.topics, $0.hidden, $0.particles) = (.bf16, 500, 100, 4) },
        { ($0.precision, $0.topics, $0.hidden, $0.embedding, $0.particles, $0.lanes, $0.steps) = (.bf16, 90, 100, nil, 1, 16, 128) },
        { ($0.precision, $0.topics, $0.hidden, $0.particles, $0.sampler, $0.negatives) = (.bf16, 500, 60, 1, .mh, 40) },
        { ($0.precision, $0.cell, $0.topics, $0.hidden, $0.particles) = (.bf16, .elman, 40, 300, 4) },
    ]

    /// The estimate beside what the parts take when they are made: no less than 0.95 of it, and no more than 1.1 times.
    @Test(arguments: ways.indices) func isCloseToWhatIsAllocated(way: Int) throws {
        var settings = FitSettings()
        (settings.variant, settings.memory, settings.dropout, settings.start) = (.topic, .none, 0.1, .random)
        FitCostTests.ways[way](&settings)
        let items = 5000, lanes = FitSettings.fewestLanes, serial = Shards(threads: 1)
        let names = Vocabulary(items: (0..<items).map { "item number \(10_000 + $0)" }, counts: [Int](repeating: 1, count: items))
        let spelling = settings.spelling(of: names)
        let cost = FitCost.estimate(events: 50_000, sequences: 2000, items: items, spelling: spelling, settings: settings)

        let network = RecurrentNetwork(
            settings.learningShape(items: items, spelling: spelling), spelling: spelling, seed: 1, precision: settings.precision)
        let counts = try TopicCounts(items: items, topics: settings.topics, concentration: 0.1)
        let columns = (network.output as? SampledSoftmaxLayer)?.columns
        let scoring = settings.validation > 0 ? network.prepared(shards: serial) : network
        func pass(_ shape: BlockShape, of network: RecurrentNetwork, columns: Int?, dropout: Double) -> SamplingPass {
            SamplingPass(shape: shape, network: network, feedback: settings.feedback, columns: columns, dropout: dropout, seed: 1)
        }
        func bytes(_ pass: SamplingPass) -> Int { FitCostTests.bytes(pass, without: [network, scoring]) }
        let single = BlockShape(lanes: lanes, steps: settings.steps, shards: settings.shards)
        let copies = BlockShape(
            lanes: lanes, steps: settings.steps, particles: settings.copies, shards: settings.shards)
        let blocks = bytes(pass(single, of: network, columns: columns, dropout: settings.dropout))
            + (copies == single ? 0 : bytes(pass(copies, of: network, columns: columns, dropout: settings.dropout)))
        let filter = pass(ParticleFilter.shape(
            sequences: 2000, particles: settings.variant.isExact ? 1 : settings.validationParticles), of: scoring, columns: nil, dropout: 0)

        // As much of the table as is ever multiplied out: for a block of different items.
        let log = corpus((0..<lanes).map { lane in (0..<settings.steps).map { lane * settings.steps + $0 } }, items: items)
        let block = Block(single)
        var cursors = [Block.Cursor](repeating: Block.Cursor(), count: lanes)
        let dealer = LaneDealer(lengths: (0..<log.count).map(log.length), lanes: lanes, seed: 1, epoch: 0)
        #expect(block.fill(from: dealer, corpus: log, cursors: &cursors))
        if let layer = network.output as? SampledSoftmaxLayer {
            layer.samples.draw(counts: counts.totals, rows: single.cells) { RandomStream(seed: 1, purpose: .negatives, sequence: $0, position: $1, particle: $2) }
        }
        log.items.withUnsafeBufferPointer { pass(single, of: network, columns: columns, dropout: 0).prepareBlock(0, block, items: $0.baseAddress!, epoch: 1, shards: serial) }
        let adam = AdamOptimizer(network.parameters)
        if settings.precision != .single {
            // Where sums are made when they are wanted first.
            network.accumulateGradients(pass(single, of: network, columns: columns, dropout: 0).paths, shards: serial, pieces: single.shards)
        }
        let parameters = FitCostTests.bytes(network)
            + FitCostTests.bytes(adam, without: [network.parameters])
            + network.parameters.count * 4  // the best epoch's copy
        let table = items * counts.stride * 4 + counts.snapshot().count * 4

        func isClose(_ estimate: Int, _ actual: Int) -> Bool { (0.95...1.1).contains(Double(estimate) / Double(actual)) }
        #expect(isClose(cost.blocks, blocks), "\(cost.blocks), and not \(blocks)")
        let scored = bytes(filter) + filter.shape.cells * settings.topics * 4 + FitCostTests.bytes(scoring, without: [network, network.parameters, network.output])
        #expect(settings.validation == 0 ? cost.filter == 0 : isClose(cost.filter, scored), "\(cost.filter), and not \(scored)")
        #expect(isClose(cost.network, parameters), "\(cost.network), and not \(parameters)")
        #expect(isClose(cost.counts, table))
        #expect(cost.topics == 50_000 * 8)
        // The log, what is observed of it, and the training split hold each event once.
        #expect((50_000 * 4 * 2...50_000 * 4 * 4).contains(cost.corpus))
        // Weights four times over; the counts and the log's topics come on top.
        #expect(cost.checkpoint > network.parameters.learned * 16 + items * settings.topics * 4)
        #expect(
            cost.total == cost.corpus + cost.topics + cost.counts + cost.network + cost.blocks + cost.filter + cost.comparison + cost.checkpoint
                + FitCost.ofProgram)
        #expect(cost.comparison == items * settings.topics * 4)
        let alone = FitCost.filter(sequences: 2000, particles: settings.validationParticles, settings: settings)
        #expect(isClose(alone, bytes(filter) + filter.shape.cells * settings.topics * 4))
    }

    /// What a start takes is gone before the filter and the checkpoint come: the larger of the two counts.
    @Test func clustersCountWhereTheyAreTheMost() {
        func cost(_ start: FitSettings.Start, items: Int) -> FitCost {
            FitCost.estimate(events: 800_000, sequences: 20_000, items: items, neighbours: 600_000, settings: SmallFit.settings { $0.start = start })
        }
        let behind = { (cost: FitCost) in cost.filter + cost.comparison + cost.checkpoint }
        #expect(cost(.random, items: 60_000).start == 0 && cost(.lda, items: 60_000).start == 0)
        let many = cost(.clusters, items: 60_000), few = cost(.clusters, items: 500)
        #expect(many.total - cost(.random, items: 60_000).total == many.start - behind(many) && many.start > behind(many))
        // The subspace alone: V and 2V rows of 110, and the V vectors of 100.
        #expect(many.start > 60_000 * (330 + 100) * 4)
        #expect(few.start < many.start && cost(.clusters, items: 6).start == 0)
    }

    /// Counted in a bitmap, beside the true number.
    @Test func pairsOfNeighboursAreCounted() {
        var sequences: [[Int]] = [], item = 1
        for _ in 0..<200 {
            sequences.append((0..<2000).map { _ in item = (item &* 1_103_515_245 &+ 12_345) & 0x7FFF_FFFF; return (item >> 8) % 3000 })
        }
        let exact = Set(sequences.flatMap { zip($0, $0.dropFirst()).map { $0 * 3000 + $1 } }).count
        let counted = NeighbourMatrix.pairs(of: corpus(sequences, items: 3000))
        #expect(exact > 100_000 && abs(Double(counted) / Double(exact) - 1) < 0.01, "\(counted), and not \(exact)")
        #expect(NeighbourMatrix.pairs(of: corpus([[0, 1, 0, 1, 2]], items: 3)) == 3)
        #expect(NeighbourMatrix.pairs(of: corpus([[0], [1]], items: 3)) == 0)
    }

    /// A real checkpoint, behind its best epoch, beside the estimate; of what lanes carry, which is little, there is some besides.
    @Test func checkpointsAreAsLargeAsEstimated() throws {
        let log = try SmallFit.log().corpus
        let settings = SmallFit.settings { ($0.hidden, $0.embedding, $0.epochs, $0.lanes, $0.validation) = (96, 32, 2, 4, 0.1) }
        let blocks = try StoppedFit.end(log, settings).blocks
        let tensors = try StoppedFit.stop(log, settings, after: blocks - 1).checkpoint.tensors
        let bytes = tensors.reduce(0) { $0 + $1.values.withBytes(\.count) }
        let cost = FitCost.estimate(events: log.items.count, sequences: log.count, items: log.vocabulary.count, settings: settings)
        #expect((0.9...1.2).contains(Double(cost.checkpoint) / Double(bytes)), "\(cost.checkpoint), and not \(bytes)")
    }
}
