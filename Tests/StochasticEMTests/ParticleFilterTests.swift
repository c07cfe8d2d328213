import Corpora
import Foundation
import Kernels
import Recurrence
import TestSupport
import Testing
import TopicSampling
@testable import StochasticEM

/// The filter against all K^T paths of small models, and against the forward algorithm of a Markov chain.
@Suite struct ParticleFilterTests {
    static let items = [0, 3, 1, 4, 2]

    /// Independent estimates of p(w_t | w_{<t}) for each t: one replicate a user, since users have random numbers of their own.
    typealias Estimates = [[Double]]

    /// p̂(w_t | w_{<t}) by the filter itself.
    static func filtered(
        _ model: EnumeratedModel, _ items: [Int], particles: Int, replicates: Int, feedback: any Feedback = TopicFeedback()
    ) -> Estimates {
        filtered(
            model, corpus([[Int]](repeating: items, count: replicates), items: model.counts.items), particles: particles,
            feedback: feedback)
    }

    /// The same for sequences that differ.
    static func filtered(
        _ model: EnumeratedModel, _ log: Corpus, particles: Int, feedback: any Feedback, threads: Shards = .allProcessors
    ) -> Estimates {
        let filter = ParticleFilter(
            network: model.network.prepared(shards: Shards(threads: 1)), counts: model.counts, particles: particles, seed: 11, feedback: feedback)
        let estimates = UnsafeMutablePointer<Double>.allocate(capacity: log.items.count)
        defer { estimates.deallocate() }
        estimates.initialize(repeating: .nan, count: log.items.count)
        nonisolated(unsafe) let slots = estimates
        filter.read(log, first: [Int](repeating: 0, count: log.count), queries: 0, shards: threads) { _, seen in
            for i in seen.sequences.indices {
                guard let item = seen.items[i] else { continue }
                slots[log.starts[seen.sequences[i]] + seen.positions[i]] =
                    exp(filter.logProbability(of: item, proportions: seen.proportions.row(i)))
            }
        }
        return (0..<log.count).map { n in log.range(n).map { estimates[$0] } }
    }

    /// The same by the filter's pass with another policy, or with marks of starts left out; the sequence is read behind another one.
    static func passed(
        _ model: EnumeratedModel, _ items: [Int], particles: Int, replicates: Int, policy: any SurvivorPolicy,
        resets: Bool = true
    ) -> Estimates {
        let before = [4, 4, 0], whole = before + items
        let shape = BlockShape(lanes: 1, steps: 1, particles: particles, shards: 1)
        model.network.prepareBlock(shards: Shards(threads: 1), pieces: 1)
        let block = Block(shape)
        return (0..<replicates).map { replicate in
            let pass = SamplingPass(shape: shape, network: model.network, dropout: 0, seed: UInt64(replicate))
            let draw = DenseTopicDraw(counts: model.counts, shape: shape, policy: policy)
            let logs = whole.indices.map { t in
                block.events[0] = t
                block.sequences[0] = t < before.count ? 0 : 1
                block.positions[0] = Int32(t < before.count ? t : t - before.count)
                block.starts[0] = t == 0 || (t == before.count && resets)
                let log = whole.map(UInt32.init).withUnsafeBufferPointer {
                    pass.run(block, items: $0.baseAddress!, shard: 0, epoch: 0, draw: draw)
                }
                pass.carrySurvivors(shard: 0)
                return log
            }
            return logs.dropFirst(before.count).map { exp($0) }
        }
    }

    /// The largest distance of a position's mean estimate from the exact value, in standard errors.
    static func deviation(_ estimates: Estimates, exact: [Double]) -> Double {
        exact.indices.map { t in
            let values = estimates.map { $0[t] }, n = Double(values.count)
            let mean = values.reduce(0, +) / n
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
            // Where all estimates agree, as before the first draw, their error is the rounding of θ̄, a sum of P floats.
            return abs(mean - exact[t]) / max((variance / n).squareRoot(), 2e-5 * exact[t])
        }.max() ?? 0
    }

    /// 60 replicates, 5 positions, 5 standard errors: with 59 degrees of freedom a false alarm in 3e-5 of all seeds.
    /// The estimates' bias of order 1/P is a tenth of a standard error.
    static let limit = 5.0

    @Test(arguments: [1, 2, 3] as [UInt64], [nil, 3] as [Int?])
    func agreesWithEnumeration(seed: UInt64, embedding: Int?) throws {
        let model = try EnumeratedModel.random(embedding: embedding, seed: seed)
        let exact = model.posterior(ParticleFilterTests.items).predictive
        let estimates = ParticleFilterTests.filtered(model, ParticleFilterTests.items, particles: 2000, replicates: 60)
        #expect(ParticleFilterTests.deviation(estimates, exact: exact) < ParticleFilterTests.limit)
    }

    /// Broken filters are found out by one at least of the models on which the right one passes.
    @Test func brokenFiltersDisagreeWithEnumeration() throws {
        let items = ParticleFilterTests.items
        let models = try [1, 2, 3].map { try EnumeratedModel.random(seed: $0) }
        func deviations(_ policy: any SurvivorPolicy, resets: Bool = true) -> [Double] {
            models.map { model in
                let estimates = ParticleFilterTests.passed(
                    model, items, particles: 1000, replicates: 60, policy: policy, resets: resets)
                return ParticleFilterTests.deviation(estimates, exact: model.posterior(items).predictive)
            }
        }
        let limit = ParticleFilterTests.limit
        #expect(deviations(Resampling()).allSatisfy { $0 < limit })
        #expect(deviations(NeverResampling()).contains { $0 > 4 * limit })
        #expect(deviations(TopicsBeforeResampling()).contains { $0 > 4 * limit })
        #expect(deviations(Resampling(), resets: false).contains { $0 > 4 * limit })
    }

    /// Π p̂ is an unbiased estimate of p(w) with any number of particles. z-test over 20,000 replicates; one false alarm in 10,000 seeds.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func likelihoodIsUnbiasedWithFewParticles(seed: UInt64) throws {
        let items = ParticleFilterTests.items
        let model = try EnumeratedModel.random(seed: seed)
        let products = ParticleFilterTests.filtered(model, items, particles: 4, replicates: 20_000).map { $0.reduce(1, *) }
        #expect(zTest(samples: products, expected: model.posterior(items).likelihood) > 1e-4)
    }

    /// A model in which counts of a path's topics say as much as the network does, a longer sequence, and Π p̂ of each replicate.
    private func counting(
        memories: Int, seed: UInt64, feedback: any Feedback = TopicFeedback()
    ) throws -> (products: [Double], likelihood: (_ decays: [Double]) -> Double) {
        let items = [0, 3, 1, 4, 2, 2, 0], model = try EnumeratedModel.random(scale: 3, memories: memories, seed: seed)
        let estimates = ParticleFilterTests.filtered(model, items, particles: 4, replicates: 20_000, feedback: feedback)
        return (estimates.map { $0.reduce(1, *) }, { model.posterior(items, decays: $0).likelihood })
    }

    /// The same where each copy counts the topics of its path, as a memory does: z-test over 20,000 replicates, one false alarm in
    /// 10,000 seeds each. Counts that fade in another way are other models.
    @Test(arguments: [1, 2])
    func likelihoodIsUnbiasedWithCountsOfEachCopy(memories: Int) throws {
        var p: [[Double]] = [[], []]
        for seed in [1, 2, 3] as [UInt64] {
            let (products, likelihood) = try counting(memories: memories, seed: seed)
            #expect(zTest(samples: products, expected: likelihood([1, 0.8])) > 1e-4)
            for (i, decays) in [[0.8, 0.8], [1, 0.4]].enumerated() { p[i].append(zTest(samples: products, expected: likelihood(decays))) }
        }
        #expect(p[0].contains { $0 < 1e-8 })
        #expect(memories == 1 || p[1].contains { $0 < 1e-8 })
    }

    /// Broken twin: copies that count what they expect of an event, not the topic of their path.
    @Test func countsOfExpectationsAreNotThoseOfPaths() throws {
        struct Expecting: Feedback {
            let entries = 1
            func write(_ event: ExplainedEvent, to inputs: InputMixtures, row: Int) { TopicFeedback().write(event, to: inputs, row: row) }
            func count(_ event: ExplainedEvent, in counts: UnsafeMutablePointer<Float>) { WordFeedback().count(event, in: counts) }
        }
        let p = try ([1, 2, 3] as [UInt64]).map { seed in
            let (products, likelihood) = try counting(memories: 2, seed: seed, feedback: Expecting())
            return zTest(samples: products, expected: likelihood([1, 0.8]))
        }
        #expect(p.contains { $0 < 1e-8 })
    }

    /// Broken filters are found out by one at least of the models on which the right one passes.
    @Test func brokenFiltersAreBiased() throws {
        let items = ParticleFilterTests.items
        let models = try [3, 4, 5].map { try EnumeratedModel.random(seed: $0) }
        func p(_ policy: any SurvivorPolicy) -> [Double] {
            models.map { model in
                let estimates = ParticleFilterTests.passed(model, items, particles: 4, replicates: 10_000, policy: policy)
                return zTest(samples: estimates.map { $0.reduce(1, *) }, expected: model.posterior(items).likelihood)
            }
        }
        #expect(p(Resampling()).allSatisfy { $0 > 1e-4 })
        #expect(p(NeverResampling()).contains { $0 < 1e-8 })
        #expect(p(TopicsBeforeResampling()).contains { $0 < 1e-8 })
    }

    /// A network in which θ_t is a row of a table that z_{t-1} picks: no recurrent weights, forget gates shut, one unit a topic.
    static func markov(_ chain: TinyChain) throws -> EnumeratedModel {
        let k = chain.topics, h = k + 1
        let network = RecurrentNetwork(RecurrentNetwork.Shape(hidden: h, classes: k, inputs: k), seed: 1)
        let parameters = network.parameters
        parameters.values.clear()
        for slot in parameters.slots {
            let value = parameters.value(slot)
            for row in 0..<slot.rows {
                switch slot.name {
                case "gate_table":
                    for j in 0..<h {
                        value.row(row)[j] = 40
                        value.row(row)[h + j] = -40
                        value.row(row)[2 * h + j] = j == row ? 40 : 0
                        value.row(row)[3 * h + j] = 40
                    }
                case "output":
                    // A unit that is on says tanh 1.
                    for topic in 0..<k {
                        value.row(row)[topic] = Float(log(row < k ? chain.transition[row][topic] : chain.start[topic]) / tanh(1))
                    }
                default: break
                }
            }
        }
        let counts = try TopicCounts(items: chain.emission[0].count, topics: k, concentration: 1e-9)
        counts.restore((0..<counts.items).flatMap { item in (0..<k).map { Int32((chain.emission[$0][item] * 1e6).rounded()) } })
        return EnumeratedModel(network: network, counts: counts)
    }

    /// p(w_t | w_{<t}) by the forward algorithm.
    static func forwardAlgorithm(_ chain: TinyChain, _ items: [Int]) -> [Double] {
        var prior = chain.start
        return items.map { item in
            let weights = prior.indices.map { prior[$0] * chain.emission[$0][item] }
            let alpha = weights.reduce(0, +)
            prior = prior.indices.map { next in
                weights.indices.reduce(0) { $0 + weights[$1] / alpha * chain.transition[$1][next] }
            }
            return alpha
        }
    }

    /// Forty positions, 40 replicates, 6 standard errors: with 39 degrees of freedom a false alarm in 2e-5 of all seeds.
    @Test func agreesWithTheForwardAlgorithm() throws {
        let chain = TinyChain(
            start: [0.7, 0.2, 0.1], transition: [[0.8, 0.15, 0.05], [0.05, 0.8, 0.15], [0.25, 0.05, 0.7]],
            emission: [[0.6, 0.3, 0.05, 0.05], [0.1, 0.4, 0.4, 0.1], [0.05, 0.05, 0.3, 0.6]])
        let model = try ParticleFilterTests.markov(chain)
        let items = (0..<40).map { [0, 1, 1, 2, 3, 3, 0, 2][$0 * 5 % 8] }
        let exact = ParticleFilterTests.forwardAlgorithm(chain, items)
        let short = model.posterior(Array(items.prefix(6))).predictive
        #expect(zip(short, exact).allSatisfy { abs($0 - $1) < 1e-5 }, "the network is to be the chain")
        let estimates = ParticleFilterTests.filtered(model, items, particles: 2000, replicates: 40)
        #expect(ParticleFilterTests.deviation(estimates, exact: exact) < 6)

        // A chain with its steps reversed is another one.
        let reversed = TinyChain(
            start: chain.start, transition: [[0.8, 0.05, 0.25], [0.15, 0.8, 0.05], [0.05, 0.15, 0.7]], emission: chain.emission)
        #expect(ParticleFilterTests.deviation(estimates, exact: ParticleFilterTests.forwardAlgorithm(reversed, items)) > 12)
    }

    /// The sum over a corpus is that of its positions from the first that is asked for, behind empty sequences too.
    @Test func sumsWhatIsAskedFor() throws {
        let model = try EnumeratedModel.random(seed: 4)
        let filter = ParticleFilter(network: model.network.prepared(shards: Shards(threads: 1)), counts: model.counts, particles: 3, seed: 1)
        let log = corpus([[0, 1, 2, 3], [], [4, 4], [2]], items: 5)
        func score(_ first: [Int]) -> (sum: Double, tokens: Int) { filter.logLikelihood(log, first: first, shards: Shards(threads: 2)) }
        let all = score([0, 0, 0, 0]), tails = score([2, 0, 1, 0])
        #expect(all.tokens == 7 && tails.tokens == 4)
        #expect(score([4, 0, 2, 1]).tokens == 0)
        #expect(score([9, 9, 9, 9]).tokens == 0)
        let heads = [score([0, 9, 9, 9]).sum - score([2, 9, 9, 9]).sum, score([9, 9, 0, 9]).sum - score([9, 9, 1, 9]).sum]
        #expect(abs(all.sum - tails.sum - heads.reduce(0, +)) < 1e-9)
        #expect(all.sum < tails.sum)
    }
}

/// A filter that drops the weights: every copy goes on as itself.
struct NeverResampling: SurvivorPolicy {
    func begin(scores: UnsafeMutablePointer<Double>, copies: Int) {}

    func survive(
        _ candidates: Candidates, scores: UnsafeMutablePointer<Double>, random: inout RandomStream,
        ancestors: UnsafeMutablePointer<Int32>, topics: UnsafeMutablePointer<Int32>
    ) {
        for copy in 0..<candidates.copies {
            ancestors[copy] = Int32(copy)
            topics[copy] = Int32(DenseDraw.topic(of: candidates.row(copy), topics: candidates.topics, at: random.uniform()))
        }
    }
}

/// A filter that draws each copy's topic before copies are resampled, and leaves the topics where they were.
struct TopicsBeforeResampling: SurvivorPolicy {
    func begin(scores: UnsafeMutablePointer<Double>, copies: Int) {}

    func survive(
        _ candidates: Candidates, scores: UnsafeMutablePointer<Double>, random: inout RandomStream,
        ancestors: UnsafeMutablePointer<Int32>, topics: UnsafeMutablePointer<Int32>
    ) {
        for copy in 0..<candidates.copies {
            topics[copy] = Int32(DenseDraw.topic(of: candidates.row(copy), topics: candidates.topics, at: random.uniform()))
        }
        Resampling.systematic(candidates.alphas, count: candidates.copies, offset: random.uniform(), into: ancestors)
    }
}
