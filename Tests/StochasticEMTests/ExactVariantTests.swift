import Corpora
import Foundation
import Kernels
import Recurrence
import Testing
import TopicSampling
@testable import StochasticEM

/// The variants whose likelihood is exact, against the same recursion in Double.
@Suite struct ExactVariantTests {
    struct Way: Sendable, CustomTestStringConvertible {
        /// nil: words.
        let beliefs: Int?
        let topics: Int
        let memories: Int
        let embedding: Int?
        var testDescription: String { "\(beliefs.map { "belief of \($0)" } ?? "word"), K=\(topics), F=\(memories), E=\(embedding ?? 0)" }

        func recursion(scale: Float = 5, seed: UInt64 = 7) throws -> ExactRecursion {
            let model = try EnumeratedModel.random(
                topics: topics, hidden: 5, scale: scale, embedding: embedding, inputs: beliefs == nil ? 5 : nil, memories: memories,
                seed: seed)
            return ExactRecursion(model: model, carried: beliefs.map { .belief(most: $0) } ?? .word)
        }
    }

    static let ways = [
        Way(beliefs: nil, topics: 3, memories: 0, embedding: 4), Way(beliefs: nil, topics: 19, memories: 2, embedding: 4),
        Way(beliefs: 3, topics: 3, memories: 0, embedding: nil), Way(beliefs: 3, topics: 3, memories: 1, embedding: 4),
        Way(beliefs: 2, topics: 5, memories: 0, embedding: 4), Way(beliefs: 2, topics: 5, memories: 2, embedding: nil),
        Way(beliefs: 8, topics: 19, memories: 2, embedding: 4), Way(beliefs: 1, topics: 4, memories: 1, embedding: 4),
    ]

    /// 150 sequences of 1 to 11 events: more than there are lanes, and longer than a block.
    static let log: Corpus = {
        var random = RandomStream(seed: 2, purpose: .other)
        return corpus((0..<150).map { n in (0..<1 + n % 11).map { _ in random.index(below: 5) } }, items: 5)
    }()

    /// The largest relative distance of a token's probability from the recursion's.
    static func misfit(_ estimates: [[Double]], _ recursion: ExactRecursion, _ log: Corpus = log) -> Double {
        var worst = 0.0
        for (n, row) in estimates.enumerated() {
            for (p, exact) in zip(row, recursion.predictive(log.sequence(n).map(Int.init))) {
                let misfit = abs(p / exact - 1)
                if !(misfit <= worst) { worst = misfit.isNaN ? .infinity : misfit }
            }
        }
        return worst
    }

    /// Each token's, not the sum alone. Single precision explains 2e-5 of a probability; any fault is seen a hundred times as well.
    @Test(arguments: ways.indices) func filterAgreesWithTheRecursion(way: Int) throws {
        let way = Self.ways[way], recursion = try way.recursion()
        let estimates = ParticleFilterTests.filtered(recursion.model, Self.log, particles: 1, feedback: recursion.feedback)
        #expect(estimates.map(\.count) == (0..<Self.log.count).map(Self.log.length))
        #expect(Self.misfit(estimates, recursion) < 5e-5)
        for fault in ExactRecursion.Fault.allCases where shows(fault, way) {
            var broken = recursion
            broken.fault = fault
            #expect(Self.misfit(estimates, broken) > 1e-3, "\(fault)")
        }
        let filter = ParticleFilter(
            network: recursion.model.network.prepared(shards: Shards(threads: 1)), counts: recursion.model.counts, particles: 1, seed: 4, feedback: recursion.feedback)
        let sum = filter.logLikelihood(Self.log, first: [Int](repeating: 0, count: Self.log.count), shards: Shards(threads: 2))
        let exact = (0..<Self.log.count).reduce(0) { $0 + recursion.predictive(Self.log.sequence($1).map(Int.init)).reduce(0) { $0 + Foundation.log($1) } }
        #expect(sum.tokens == Self.log.items.count && abs(sum.sum / exact - 1) < 1e-6)
    }

    /// Whether a fault makes a difference.
    private func shows(_ fault: ExactRecursion.Fault, _ way: Way) -> Bool {
        switch fault {
        case .notRenormalised: way.beliefs.map { $0 < way.topics } ?? false
        case .allTopicsKept: way.beliefs.map { $0 < way.topics } ?? false
        case .oneTopicKept: way.beliefs.map { $0 > 1 } ?? false
        case .startLikeAnyOther, .inputNeverRead: true
        case .countsOfTheLikeliestTopic, .countsAfterTheEvent, .nothingCounted: way.memories > 0
        case .countsThatNeverFade: way.memories > 1
        }
    }

    /// Shares of 1/1000 and less are left out, even where there would be room for them: with larger weights there are some that matter.
    @Test func smallSharesAreLeftOut() throws {
        let way = Way(beliefs: 3, topics: 3, memories: 0, embedding: 4), recursion = try way.recursion(scale: 12, seed: 3)
        let estimates = ParticleFilterTests.filtered(recursion.model, Self.log, particles: 1, feedback: recursion.feedback)
        let dropped = (0..<Self.log.count).flatMap { recursion.steps(Self.log.sequence($0).map(Int.init)) }.count { $0.input.count == 2 }
        #expect(dropped > 50)
        let misfit = Self.misfit(estimates, recursion)
        var broken = recursion
        broken.fault = .allTopicsKept
        #expect(misfit < 1e-3 && Self.misfit(estimates, broken) > 5 * misfit)
    }

    /// The recursion itself, against the sum over all K^T topic paths: Σ_z Π θ_t(z_t) φ.
    @Test func recursionAgreesWithEnumeration() throws {
        let items = [0, 3, 1, 4, 2]
        for way in Self.ways where way.topics <= 5 {
            let recursion = try way.recursion(), steps = recursion.steps(items)
            let paths = (0..<items.count).reduce(1) { count, _ in count * way.topics }
            let sum = (0..<paths).reduce(0.0) { sum, number in
                var rest = number
                return sum + items.indices.reduce(1.0) { p, t in
                    defer { rest /= way.topics }
                    return p * steps[t].theta[rest % way.topics] * recursion.model.phi(items[t], rest % way.topics)
                }
            }
            #expect(abs(sum / steps.reduce(1) { $0 * $1.alpha } - 1) < 1e-12)
            guard way.beliefs == nil, way.memories == 0 else { continue }
            // Words without a memory: the enumeration that knows nothing of the recursion, in which paths feed on items.
            let exact = recursion.model.posterior(items) { _, item in item }.predictive
            for (p, q) in zip(steps.map(\.alpha), exact) { #expect(abs(p / q - 1) < 1e-12) }
            let topicsFed = recursion.model.posterior(items).predictive
            #expect(zip(steps.map(\.alpha), topicsFed).contains { abs($0 / $1 - 1) > 1e-2 })
        }
    }

    // MARK: The block loop

    static let short = corpus([[0, 3, 1, 4, 2, 2], [], [4, 4, 0], [2], [1, 0, 1, 0, 3, 3, 3]], items: 5)

    /// What a sweep reports is the exact likelihood, wherever blocks, lanes and shards are cut, and whether topics are drawn or kept.
    @Test(arguments: ways.indices, [true, false]) func sweepSumsTheExactLikelihood(way: Int, draws: Bool) throws {
        for shape in [(1, 64, 1), (1, 1, 1), (1, 3, 1), (2, 2, 2), (3, 4, 1), (16, 5, 4)].map({ BlockShape(lanes: $0, steps: $1, shards: $2) }) {
            let recursion = try Self.ways[way].recursion(), log = Self.short
            let loop = BlockLoopTests.loop(recursion.model, log)
            let exact = (0..<log.count).reduce(0) { $0 + recursion.predictive(log.sequence($1).map(Int.init)).reduce(0) { $0 + Foundation.log($1) } }
            let draw: any TopicDraw = draws
                ? DenseTopicDraw(counts: loop.counts, shape: shape) : FixedTopics(topics: loop.topics, counts: loop.counts, shape: shape)
            let pass = SamplingPass(shape: shape, network: loop.network, feedback: recursion.feedback, dropout: 0, seed: 3)
            // Twice: the second sweep must not go on from where the first one ended.
            for epoch in 1...2 {
                let sweep = BlockLoop.Sweep(draw: draw, pass: pass, learns: false, countsMove: .never)
                let outcome = loop.run(sweep, epoch: epoch, shards: Shards(threads: 1)) { _ in }
                #expect(outcome.tokens == log.items.count)
                #expect(abs(outcome.logLikelihood - exact) < 1e-3, "\(shape)")
            }
        }
    }

    /// The gradient that Adam gets is that of −mean log p(w_t | w_{<t}), inputs and counts held, by finite differences in Double; a
    /// row of the table that was not read is not touched.
    @Test(arguments: ways.indices, [0, 0.5]) func gradientOfTheExactLikelihood(way: Int, dropout: Double) throws {
        let way = Self.ways[way], log = Self.short
        if way.embedding == nil && dropout > 0 { return }
        var recursion = try way.recursion(scale: 2)
        let loop = BlockLoopTests.loop(recursion.model, log)
        if let embedding = way.embedding, dropout > 0 {
            var key = RandomStream(seed: 3, purpose: .inputDropout, epoch: 1, position: 0)
            let mask = FloatBuffer(count: embedding)
            DropoutMask(rate: Float(dropout)).fill(mask.base, count: embedding, key: key.nextWord())
            recursion.model.inputMask = mask.array.map(Double.init)
        }
        let shape = BlockShape(lanes: 2, steps: 11, shards: 2)
        let pass = SamplingPass(
            shape: shape, network: loop.network, feedback: recursion.feedback, dropout: 0, inputDropout: dropout, seed: 3)
        loop.network.parameters.gradients.base.update(repeating: .nan, count: loop.network.parameters.count)
        let outcome = loop.run(
            BlockLoop.Sweep(
                draw: DenseTopicDraw(counts: loop.counts, shape: shape), pass: pass, learns: true, countsMove: .never,
                loss: PosteriorLoss(counts: loop.counts)),
            epoch: 1, shards: Shards(threads: 2)) { _ in }
        #expect(loop.adam.steps == 1, "one block was to hold the corpus")

        let sequences = (0..<log.count).map { log.sequence($0).map(Int.init) }, held = sequences.map(recursion.steps)
        var model = recursion.model
        func loss() -> Double {
            sequences.indices.reduce(0) { $0 + recursion.loss(model, sequences[$1], inputsOf: held[$1]) } / Double(outcome.tokens)
        }
        #expect(abs(loss() + outcome.logLikelihood / Double(outcome.tokens)) < 1e-5)
        let read = Set(held.joined().flatMap { $0.input.map { Int32($0.row) } })
        if way.beliefs == nil { #expect(read.isSubset(of: loop.network.parameters.touched[0])) }
        var largest = 0.0, drawn = 0.0
        let paths = BlockLoopTests.paths(loop)
        for slot in loop.network.parameters.slots {
            let gradient = loop.network.parameters.gradient(slot)
            for i in 0..<slot.count {
                let value = model[slot.name, i], step = 1e-5
                model[slot.name, i] = value + step
                let above = loss()
                model[slot.name, i] = value - step
                let slope = (above - loss()) / (2 * step)
                model[slot.name, i] = value
                let untouched = slot.name == loop.network.parameters.sparse.first?.name
                    && !loop.network.parameters.touched[0].contains(Int32(i / slot.columns))
                if untouched {
                    #expect(slope == 0 && gradient.base[i].isNaN)
                } else {
                    let distance = abs(Double(gradient.base[i]) - slope) / (1e-5 + 1e-4 * abs(slope))
                    if !(distance <= largest) { largest = distance.isNaN ? .infinity : distance }
                }
                // Broken twin: the bias pulled to the topics that events have, not to what they are expected to have.
                if slot.name == "output_bias" {
                    let hits = Double(paths.joined().count { $0 == i }), expected = held.joined().reduce(0) { $0 + $1.theta[i] }
                    drawn = max(drawn, abs((expected - hits) / Double(outcome.tokens) - slope) / (1e-5 + 1e-4 * abs(slope)))
                }
            }
        }
        #expect(largest < 1)
        #expect(drawn > 10)
    }

    /// The rows that a block of word-LLA learns: those of the start, of its own items, and of the items that lanes carry in; each once.
    @Test func touchedRowsAreThoseThatCanBeRead() {
        let log = corpus([[7, 3, 3, 9, 1, 5], [2, 2]], items: 12)
        let shape = BlockShape(lanes: 2, steps: 2, shards: 1), block = Block(shape), carried = InputMixtures(rows: 2, entries: 1)
        var cursors = [Block.Cursor](repeating: Block.Cursor(), count: 2)
        let dealer = LaneDealer(lengths: [6, 2], lanes: 2, seed: 1, epoch: 0)
        let long = dealer.lanes.firstIndex { $0 == [0] }!
        // What lanes were fed with last, in another epoch perhaps.
        carried.set(long, to: 10)
        carried.set(1 - long, to: 11)
        let rows = (0..<3).map { _ in
            #expect(block.fill(from: dealer, corpus: log, cursors: &cursors))
            defer { carried.set(long, to: Int32(log.items[block.events[block.events[2 + long] < 0 ? 0 : 2 + long]])) }
            return log.items.withUnsafeBufferPointer {
                WordFeedback().rows(of: block, items: $0.baseAddress!, carried: carried, table: 13, start: 12)!.sorted()
            }
        }
        #expect(rows == [[2, 3, 7, 12], [3, 9, 12], [1, 5, 9, 12]])
        #expect(BeliefFeedback(entries: 2).rows(of: block, items: [], carried: carried, table: 13, start: 12) == nil)
    }

    /// A filter leaves the network that learns as the next block wants it, whether it reads somebody or nobody: what it reads with is its own.
    @Test func aFilterLeavesTheNextBlockAlone() throws {
        let recursion = try Self.ways[0].recursion(), network = recursion.model.network
        let filter = ParticleFilter(
            network: network.prepared(shards: Shards(threads: 1)), counts: recursion.model.counts, particles: 1, seed: 4, feedback: recursion.feedback)
        network.input.use(rows: [3, 1])
        #expect(filter.logLikelihood(corpus([], items: 5), first: [], shards: Shards(threads: 1)) == (0, 0))
        #expect(network.parameters.touched[0] == [3, 1])
        #expect(filter.logLikelihood(corpus([[2]], items: 5), first: [0], shards: Shards(threads: 1)).tokens == 1)
        #expect(network.parameters.touched[0] == [3, 1])
    }

    // MARK: Rivals that the model contains

    /// Without weights and with λ = 1 the memory is latent Dirichlet allocation read in sequence: θ_k = (n_k + α) / (n + Kα), n_k sums of γ.
    @Test(arguments: [nil, 2] as [Int?], [0.05, 0.7]) func withoutWeightsItIsLDA(beliefs: Int?, alpha: Double) throws {
        let k = 5, recursion = try Way(beliefs: beliefs, topics: k, memories: 1, embedding: 4).recursion()
        let network = recursion.model.network
        for slot in network.parameters.slots where slot.name.hasPrefix("output") {
            network.parameters.value(slot).base.update(repeating: 0, count: slot.count)
        }
        let memory = try #require(network.memory)
        network.parameters.value(memory.slot).row(0)[0] = 1
        network.parameters.value(memory.slot).row(0)[1] = Float(Foundation.log(alpha))
        let estimates = ParticleFilterTests.filtered(recursion.model, Self.log, particles: 1, feedback: recursion.feedback)

        func misfit(alpha: Double, adds: (_ theta: Double, _ gamma: Double) -> Double = { $1 }) -> Double {
            var worst = 0.0
            for n in 0..<Self.log.count {
                var counts = [Double](repeating: 0, count: k), total = 0.0
                for (item, p) in zip(Self.log.sequence(n).map(Int.init), estimates[n]) {
                    let theta = counts.map { ($0 + alpha) / (total + Double(k) * alpha) }
                    let weights = (0..<k).map { theta[$0] * recursion.model.phi(item, $0) }, sum = weights.reduce(0, +)
                    worst = max(worst, abs(p / sum - 1))
                    for topic in 0..<k { counts[topic] += adds(theta[topic], weights[topic] / sum) }
                    total += 1
                }
            }
            return worst
        }
        #expect(misfit(alpha: alpha) < 2e-5)
        // Another α, and counts of what was expected before the event, are other models.
        #expect(misfit(alpha: 1.05 * alpha) > 1e-3)
        #expect(misfit(alpha: alpha) { theta, _ in theta } > 1e-3)
    }

    /// λ = 0 is no memory at all, to the bit.
    @Test(arguments: [1, 2], [3, 19]) func zeroWeightIsNoMemory(memories: Int, topics: Int) throws {
        for (feedback, inputs, particles) in [(WordFeedback(), 5, 1), (BeliefFeedback(entries: 2), nil, 1), (TopicFeedback(), nil, 3)]
            as [(any Feedback, Int?, Int)] {
            func scores(_ weight: Float) throws -> [[Double]] {
                let model = try EnumeratedModel.random(topics: topics, embedding: 4, inputs: inputs, memories: memories, seed: 4)
                let memory = try #require(model.network.memory)
                for kind in 0..<memories { model.network.parameters.value(memory.slot).row(kind)[0] = weight }
                return ParticleFilterTests.filtered(model, Self.log, particles: particles, feedback: feedback)
            }
            let with = try EnumeratedModel.random(topics: topics, embedding: 4, inputs: inputs, memories: memories, seed: 4).network
            let plain = try EnumeratedModel.random(topics: topics, embedding: 4, inputs: inputs, seed: 4)
            for slot in plain.network.parameters.slots {
                let twin = try #require(with.parameters.slots.first { $0.name == slot.name })
                plain.network.parameters.value(slot).base.update(from: with.parameters.value(twin).base, count: slot.count)
            }
            let model = try EnumeratedModel.random(topics: topics, embedding: 4, inputs: inputs, memories: memories, seed: 4)
            plain.counts.restore(model.counts.snapshot())
            let expected = ParticleFilterTests.filtered(plain, Self.log, particles: particles, feedback: feedback)
            #expect(try scores(0) == expected)
            #expect(try scores(1e-3) != expected)
        }
    }
}
