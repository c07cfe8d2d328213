import Corpora
import Foundation
import Kernels
import Recurrence
import Testing
import TopicSampling
@testable import StochasticEM

@Suite struct BlockLoopTests {
    static let log = corpus([[0, 3, 1, 4, 2, 2], [], [4, 4, 0], [2], [1, 0, 1, 0, 3, 3, 3]], items: 5)

    static func loop(_ model: EnumeratedModel, _ log: Corpus = log, topics: [Int32]? = nil, seed: UInt64 = 3) -> BlockLoop {
        BlockLoop(
            corpus: log, network: model.network, counts: model.counts, adam: AdamOptimizer(model.network.parameters),
            topics: topics ?? RandomTopics().topics(for: log, topics: model.topics, seed: seed, shards: Shards(threads: 1)),
            seed: seed)
    }

    static func pass(_ loop: BlockLoop, _ shape: BlockShape, dropout: Double = 0, inputDropout: Double = 0) -> SamplingPass {
        SamplingPass(shape: shape, network: loop.network, dropout: dropout, inputDropout: inputDropout, seed: 3)
    }

    /// z of each sequence.
    static func paths(_ loop: BlockLoop) -> [[Int]] {
        (0..<loop.corpus.count).map { n in loop.corpus.range(n).map { Int(loop.topics[$0]) } }
    }

    /// Draws of all kinds, each with a shape that it can work with.
    enum Kind: CaseIterable {
        case dense, particles, mh, fixed

        func draw(_ loop: BlockLoop, _ shape: BlockShape) throws -> any TopicDraw {
            switch self {
            case .dense, .particles: DenseTopicDraw(counts: loop.counts, shape: shape)
            case .mh:
                try MetropolisHastingsTopicDraw(
                    network: loop.network, counts: loop.counts, topics: loop.topics, shape: shape, proposals: 4)
            case .fixed: FixedTopics(topics: loop.topics, counts: loop.counts, shape: shape)
            }
        }

        var copies: Int { self == .particles ? 4 : 1 }
    }

    /// The gradient that Adam gets is that of −mean log θ_t(z_t) along the picked paths, by finite differences of the naive
    /// network in Double, sequences starting and lanes running idle inside the block.
    @Test(arguments: Kind.allCases, [(nil, 0), (3, 0), (6, 0.5)] as [(Int?, Double)])
    func gradientOfThePickedPaths(kind: Kind, input: (embedding: Int?, dropout: Double)) throws {
        try compareGradient(kind: kind, embedding: input.embedding, dropout: input.dropout, memories: 0)
    }

    /// The same with counts of the path's topics in the logits, which each copy keeps for itself.
    @Test(arguments: [Kind.dense, .particles, .fixed], [1, 2])
    func gradientWithCountsOfThePickedPaths(kind: Kind, memories: Int) throws {
        try compareGradient(kind: kind, embedding: 3, dropout: 0, memories: memories)
    }

    private func compareGradient(kind: Kind, embedding: Int?, dropout: Double, memories: Int) throws {
        var naive = try EnumeratedModel.random(hidden: 5, scale: 2, embedding: embedding, memories: memories, seed: 8)
        if let embedding, dropout > 0 {
            var key = RandomStream(seed: 3, purpose: .inputDropout, epoch: 1, position: 0)
            let mask = FloatBuffer(count: embedding)
            DropoutMask(rate: Float(dropout)).fill(mask.base, count: embedding, key: key.nextWord())
            naive.inputMask = mask.array.map(Double.init)
            #expect(Set(mask.array) == [0, 2], "some units were to be dropped, and some kept")
        }
        let loop = BlockLoopTests.loop(naive)
        let shape = BlockShape(lanes: 2, steps: 11, particles: kind.copies, shards: 2)
        let draw = try kind.draw(loop, shape)
        let outcome = loop.run(
            BlockLoop.Sweep(
                draw: draw, pass: BlockLoopTests.pass(loop, shape, inputDropout: dropout), learns: true, countsMove: .afterEachBlock),
            epoch: 1, shards: Shards(threads: 2)) { _ in }
        #expect(outcome.tokens == BlockLoopTests.log.items.count)
        #expect(loop.adam.steps == 1, "one block was to hold the corpus")
        let paths = BlockLoopTests.paths(loop)

        func loss(_ model: EnumeratedModel, _ paths: [[Int]]) -> Double {
            -paths.reduce(0) { $0 + model.topicLogLikelihood(of: $1) } / Double(outcome.tokens)
        }
        #expect(abs(loss(naive, paths) + outcome.topicLogLikelihood / Double(outcome.tokens)) < 1e-5)

        /// The largest distance to the gradient of the loss along `paths`, beyond rounding.
        func distance(_ paths: [[Int]]) -> Double {
            var largest = 0.0
            for slot in loop.network.parameters.slots {
                let gradient = loop.network.parameters.gradient(slot).base
                for i in 0..<slot.count {
                    let value = naive[slot.name, i], step = 1e-5
                    naive[slot.name, i] = value + step
                    let above = loss(naive, paths)
                    naive[slot.name, i] = value - step
                    let slope = (above - loss(naive, paths)) / (2 * step)
                    naive[slot.name, i] = value
                    largest = max(largest, abs(Double(gradient[i]) - slope) / (1e-5 + 1e-4 * abs(slope)))
                }
            }
            return largest
        }
        #expect(distance(paths) < 1)
        // One topic that another stands for is enough to be seen.
        var wrong = paths
        wrong[4][3] = (wrong[4][3] + 1) % 3
        #expect(distance(wrong) > 10)
    }

    /// With one copy a token's draw depends on its past alone: neither on where blocks are cut, nor on lanes and shards. (Rounding of
    /// products may differ with the number of rows; none of these draws lies that close to a bound.)
    @Test(arguments: [Kind.dense, .fixed])
    func blocksDoNotMatter(kind: Kind) throws {
        func run(_ shape: BlockShape) throws -> (paths: [[Int]], outcome: BlockLoop.Outcome, model: EnumeratedModel) {
            let model = try EnumeratedModel.random(scale: 3, seed: 6)
            let loop = BlockLoopTests.loop(model)
            let sweep = BlockLoop.Sweep(
                draw: try kind.draw(loop, shape), pass: BlockLoopTests.pass(loop, shape), learns: false,
                countsMove: .afterTheSweep)
            let outcome = loop.run(sweep, epoch: 1, shards: Shards(threads: 1)) { _ in }
            return (BlockLoopTests.paths(loop), outcome, model)
        }
        let whole = try run(BlockShape(lanes: 1, steps: 64, shards: 1))
        for shape in [(1, 1, 1), (1, 3, 1), (2, 2, 2), (3, 4, 1), (16, 5, 4)].map({ BlockShape(lanes: $0, steps: $1, shards: $2) }) {
            let cut = try run(shape)
            #expect(cut.paths == whole.paths)
            #expect(cut.outcome.tokens == whole.outcome.tokens)
            #expect(abs(cut.outcome.logLikelihood - whole.outcome.logLikelihood) < 1e-4)
            #expect(abs(cut.outcome.topicLogLikelihood - whole.outcome.topicLogLikelihood) < 1e-4)
        }
        let naive = whole.paths.reduce(0) { $0 + whole.model.topicLogLikelihood(of: $1) }
        #expect(abs(naive - whole.outcome.topicLogLikelihood) < 1e-4)
    }

    /// Copies that differ hand on the state, the input and the counts of the path picked: Σ log θ_t(z_t) along the paths that come of
    /// many small blocks is that of the naive network.
    @Test(arguments: FitSettings.Survivors.allCases, [0, 2]) func pathsGoOnFromBlockToBlock(survivors: FitSettings.Survivors, memories: Int) throws {
        for shape in [(1, 1, 1), (2, 2, 2), (3, 4, 1)].map({ BlockShape(lanes: $0, steps: $1, particles: 4, shards: $2) }) {
            let model = try EnumeratedModel.random(scale: 3, memories: memories, seed: 6)
            let loop = BlockLoopTests.loop(model)
            let draw = DenseTopicDraw(counts: loop.counts, shape: shape, policy: survivors.policy, topics: loop.topics)
            let sweep = BlockLoop.Sweep(draw: draw, pass: BlockLoopTests.pass(loop, shape), learns: false, countsMove: .afterTheSweep)
            let outcome = loop.run(sweep, epoch: 1, shards: Shards(threads: 1)) { _ in }
            func naive(_ paths: [[Int]]) -> Double { paths.reduce(0) { $0 + model.topicLogLikelihood(of: $1) } }
            var paths = BlockLoopTests.paths(loop)
            #expect(abs(naive(paths) - outcome.topicLogLikelihood) < 1e-4)
            // One topic that another stands for, before the last, is enough to be seen.
            paths[4][2] = (paths[4][2] + 1) % 3
            #expect(abs(naive(paths) - outcome.topicLogLikelihood) > 1e-2)
        }
    }

    /// Counts equal a recount of z whenever they are said to have followed, whatever draws and however often.
    @Test(arguments: Kind.allCases, [BlockLoop.CountsMove.afterEachBlock, .afterTheSweep])
    func countsEqualARecount(kind: Kind, moves: BlockLoop.CountsMove) throws {
        let model = try EnumeratedModel.random(seed: 5)
        let loop = BlockLoopTests.loop(model)
        let shape = BlockShape(lanes: 3, steps: 2, particles: kind.copies, shards: 2)
        let sweep = BlockLoop.Sweep(
            draw: try kind.draw(loop, shape), pass: BlockLoopTests.pass(loop, shape, dropout: 0.3), learns: true, countsMove: moves)
        var moved = 0
        for epoch in 1...20 {
            let before = BlockLoopTests.paths(loop)
            let outcome = loop.run(sweep, epoch: epoch, shards: Shards(threads: 2)) { _ in }
            let after = BlockLoopTests.paths(loop)
            #expect(outcome.moved == zip(before.joined(), after.joined()).count { $0 != $1 })
            #expect(after.joined().allSatisfy { 0..<3 ~= $0 })
            #expect(loop.counts.violation == nil)
            var recount = [Int32](repeating: 0, count: 5 * 3)
            for (event, item) in loop.corpus.items.enumerated() { recount[Int(item) * 3 + Int(loop.topics[event])] += 1 }
            #expect(loop.counts.snapshot() == recount)
            #expect((0..<3).allSatisfy {
                abs(loop.counts.inverseTotals[$0] * (Float(loop.counts.totals[$0]) + loop.counts.concentrationSum) - 1) < 1e-5
            })
            moved += outcome.moved
        }
        #expect((moved == 0) == (kind == .fixed))
    }

    /// A sweep that only looks leaves everything as it was.
    @Test func lookingChangesNothing() throws {
        let model = try EnumeratedModel.random(seed: 5)
        let loop = BlockLoopTests.loop(model)
        let shape = BlockShape(lanes: 3, steps: 2, particles: 4, shards: 2)
        let (paths, counts) = (BlockLoopTests.paths(loop), loop.counts.snapshot())
        let weights = loop.network.parameters.values.array
        let sweep = BlockLoop.Sweep(
            draw: DenseTopicDraw(counts: loop.counts, shape: shape), pass: BlockLoopTests.pass(loop, shape), learns: false,
            countsMove: .never)
        let outcome = loop.run(sweep, epoch: 1, shards: Shards(threads: 1)) { _ in }
        #expect(outcome.moved == 0 && outcome.logLikelihood < 0)
        #expect(BlockLoopTests.paths(loop) == paths)
        #expect(loop.counts.snapshot() == counts)
        #expect(loop.network.parameters.values.array == weights)
    }
}
