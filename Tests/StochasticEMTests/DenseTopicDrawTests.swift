import Corpora
import Foundation
import Kernels
import Recurrence
import TestSupport
import Testing
import TopicSampling
@testable import StochasticEM

@Suite struct DenseTopicDrawTests {
    static let log = corpus([[0, 3, 1], [4, 4], [2, 1, 0, 3], [1], [3, 3, 0, 2, 4, 1]], items: 5)

    /// One sweep that changes nothing.
    private func sweep(_ draw: DenseTopicDraw, _ model: EnumeratedModel, _ log: Corpus, shape: BlockShape, threads: Int) {
        let counts = model.counts
        let table = (0..<counts.items).flatMap { item in (0..<counts.topics).map { Int32(counts.count(item, $0)) } }
        let loop = BlockLoop(
            corpus: log, network: model.network, counts: model.counts, adam: AdamOptimizer(model.network.parameters),
            topics: [Int32](repeating: 0, count: log.items.count), seed: 3)
        // The loop has counted its own topics.
        counts.restore(table)
        _ = loop.run(
            BlockLoop.Sweep(
                draw: draw, pass: SamplingPass(shape: shape, network: model.network, dropout: 0, seed: 5), learns: false,
                countsMove: .never),
            epoch: 1, shards: Shards(threads: threads)) { _ in }
    }

    private func effectiveSampleSize(_ log: Corpus, shape: BlockShape, threads: Int = 1) throws -> Double? {
        let model = try EnumeratedModel.random(seed: 1)
        let draw = DenseTopicDraw(counts: model.counts, shape: shape)
        sweep(draw, model, log, shape: shape, threads: threads)
        defer { #expect(draw.takeEffectiveSampleSize() == nil, "all was taken") }
        return draw.takeEffectiveSampleSize()
    }

    @Test func effectiveSampleSizeOfCopiesThatDoNotDiffer() throws {
        // Copies first differ at a sequence's second event.
        let single = corpus([[0], [1], [4], [2], [2]], items: 5)
        let size = try #require(try effectiveSampleSize(single, shape: BlockShape(lanes: 2, steps: 4, particles: 6, shards: 2)))
        #expect(abs(size - 6) < 1e-9)
        #expect(try effectiveSampleSize(DenseTopicDrawTests.log, shape: BlockShape(lanes: 2, steps: 4, shards: 2)) == nil)
    }

    /// By the definition, from the rows of weights that the policy was shown.
    @Test func effectiveSampleSizeIsTheMeanOverLiveCells() throws {
        // Topics that differ much in what they explain.
        let model = try ParticleFilterTests.markov(TinyChain(
            start: [0.4, 0.3, 0.3], transition: [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]],
            emission: [[0.4, 0.4, 0.1, 0.05, 0.05], [0.2, 0.1, 0.4, 0.2, 0.1], [0.05, 0.1, 0.15, 0.3, 0.4]]))
        let shape = BlockShape(lanes: 2, steps: 6, particles: 4, shards: 1), spy = Spy()
        let draw = DenseTopicDraw(counts: model.counts, shape: shape, policy: spy)
        sweep(draw, model, DenseTopicDrawTests.log, shape: shape, threads: 1)
        #expect(spy.alphas.count == DenseTopicDrawTests.log.items.count)
        let sizes = spy.alphas.map { alphas in
            alphas.reduce(0, +) * alphas.reduce(0, +) / alphas.reduce(0) { $0 + $1 * $1 }
        }
        let mean = try #require(draw.takeEffectiveSampleSize())
        #expect(abs(mean - sizes.reduce(0, +) / Double(sizes.count)) < 1e-9)
        #expect(sizes.min()! < 3.5, "copies were to differ")
    }

    @Test func effectiveSampleSizeDoesNotDependOnThreads() throws {
        let shape = BlockShape(lanes: 5, steps: 2, particles: 3, shards: 4)
        let one = try effectiveSampleSize(DenseTopicDrawTests.log, shape: shape, threads: 1)
        #expect(try one != nil && one == effectiveSampleSize(DenseTopicDrawTests.log, shape: shape, threads: 4))
    }

    /// After a pick all copies are the same, as at a start, and scores have to say so before the next event is seen.
    @Test func scoresBeginAnewBehindEachPick() throws {
        let model = try EnumeratedModel.random(seed: 1)
        let shape = BlockShape(lanes: 1, steps: 2, particles: 4, shards: 1), spy = Spy()
        let draw = DenseTopicDraw(counts: model.counts, shape: shape, policy: spy)
        sweep(draw, model, corpus([[0, 1, 2, 3, 4]], items: 5), shape: shape, threads: 1)
        #expect(spy.scores == [0, 1, 0, 1, 0])
    }

    /// A policy that holds on to the events' topics picks nothing else.
    @Test func policiesSeeTheTopicsOfEvents() throws {
        let model = try EnumeratedModel.random(seed: 1), log = DenseTopicDrawTests.log
        let shape = BlockShape(lanes: 3, steps: 2, particles: 1, shards: 2)
        let topics = (0..<log.items.count).map { Int32($0 % 3) }
        withStart(topics: topics) { start in
            let draw = DenseTopicDraw(counts: model.counts, shape: shape, policy: ConditionalResampling(), topics: start)
            let pass = SamplingPass(shape: shape, network: model.network, dropout: 0, seed: 5)
            let hits = SamplingPassTests.picks(model, log, pass: pass, draw: draw, epochs: 1..<4)
            for n in 0..<log.count {
                #expect(hits[n][model.number(of: log.range(n).map { Int(topics[$0]) })] == 3)
            }
        }
    }

    /// p-values of a long particle Gibbs chain over two sequences that share a lane and a block: χ² over 1,500 draws, 40 epochs apart.
    ///
    /// - Parameter keeps: what the draw is told of the topics that the events have now.
    private func gibbs(keeps: (UnsafePointer<Int32>) -> UnsafePointer<Int32>?) throws -> [Double] {
        let model = try EnumeratedModel.random(seed: 3), log = corpus([[0, 3, 1, 4], [4, 4]], items: 5)
        let shape = BlockShape(lanes: 1, steps: 7, particles: 2, shards: 1)
        let pass = SamplingPass(shape: shape, network: model.network, dropout: 0, seed: 5)
        let topics = UnsafeMutablePointer<Int32>.allocate(capacity: log.items.count)
        defer { topics.deallocate() }
        topics.initialize(repeating: 0, count: log.items.count)
        let draw = DenseTopicDraw(counts: model.counts, shape: shape, policy: ConditionalResampling(), topics: keeps(topics))
        var hits: [[Int]] = []
        for epoch in 1...60_000 {
            let picked = SamplingPassTests.picks(model, log, pass: pass, draw: draw, epochs: epoch..<epoch + 1)
            for n in 0..<log.count {
                var number = picked[n].firstIndex(of: 1)!
                for event in log.range(n).reversed() {
                    topics[event] = Int32(number % model.topics)
                    number /= model.topics
                }
            }
            if hits.isEmpty { hits = picked.map { $0.map { _ in 0 } } }
            if epoch % 40 == 0 {
                for n in 0..<log.count { for path in picked[n].indices { hits[n][path] += picked[n][path] } }
            }
        }
        return SamplingPassTests.p(hits, log) { model.posterior($0).joint }
    }

    /// Sequences behind one another in a lane are one longer path to the policy, of which each part keeps its own posterior.
    /// One false alarm in 10⁴ seeds each.
    @Test func particleGibbsKeepsThePosterior() throws {
        #expect(try gibbs { $0 }.allSatisfy { $0 > 1e-4 })
        #expect(try gibbs { _ in nil }[0] < 1e-4)
    }

    /// Wide enough, a beam picks the best path of every sequence, also of those that end before their block does.
    @Test(arguments: [BlockShape(lanes: 1, steps: 16, particles: 81, shards: 1), BlockShape(lanes: 2, steps: 11, particles: 100, shards: 2)])
    func aBeamPicksTheBestPath(shape: BlockShape) throws {
        let model = try EnumeratedModel.random(seed: 1)
        let log = corpus([[0, 3, 1], [4, 4], [2, 1, 0, 3], [1]], items: 5)
        let draw = DenseTopicDraw(counts: model.counts, shape: shape, policy: BeamSearch())
        let pass = SamplingPass(shape: shape, network: model.network, dropout: 0, seed: 5)
        let hits = SamplingPassTests.picks(model, log, pass: pass, draw: draw, epochs: 1..<3)
        for n in 0..<log.count {
            let joint = model.posterior(log.sequence(n).map(Int.init)).joint
            #expect(hits[n][joint.firstIndex(of: joint.max()!)!] == 2)
        }
    }
}

/// Resamples, and notes what it is shown. Scores count the steps since they began. For one thread.
private final class Spy: SurvivorPolicy, @unchecked Sendable {
    private(set) var alphas: [[Double]] = []
    private(set) var scores: [Double] = []

    func begin(scores: UnsafeMutablePointer<Double>, copies: Int) { Resampling().begin(scores: scores, copies: copies) }

    func survive(
        _ candidates: Candidates, scores: UnsafeMutablePointer<Double>, random: inout RandomStream,
        ancestors: UnsafeMutablePointer<Int32>, topics: UnsafeMutablePointer<Int32>
    ) {
        alphas.append((0..<candidates.copies).map { Double(candidates.alphas[$0]) })
        self.scores.append(scores[0])
        for copy in 0..<candidates.copies { scores[copy] += 1 }
        Resampling().survive(candidates, scores: scores, random: &random, ancestors: ancestors, topics: topics)
    }
}
