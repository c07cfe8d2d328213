import Corpora
import Foundation
import Kernels
import Testing
import TopicSampling
@testable import StochasticEM

/// A fit on a log with a known optimum learns what there is to learn.
@Suite struct LearningTests {
    /// Eight topics of eight to twelve items each, each followed by one of two others: order tells much, popularity nearly nothing.
    static func log() throws -> SyntheticCorpus {
        var settings = SyntheticSettings()
        settings.topics = 8
        settings.items = 80
        settings.sequences = 400
        settings.lengths = 20...20
        settings.support = 0.15
        settings.concentration = 1
        settings.dynamics = .markov(successors: 2, stay: 0.1)
        settings.observe = 0.8
        return try SyntheticCorpus(settings)
    }

    static let settings = SmallFit.settings {
        ($0.topics, $0.hidden, $0.epochs, $0.particles, $0.warmUp) = (8, 24, 15, 4, 0.3)
        ($0.dropout, $0.adam.rate, $0.validationParticles, $0.beta, $0.seed) = (0, 0.01, 16, 0.001, 3)
    }

    /// exp(−mean log p̂) of the events behind each sequence's observed part, each given all before it.
    static func perplexity(_ model: LatentLSTMAllocation, _ log: Corpus) -> Double {
        let filter = ParticleFilter(
            network: model.network.prepared(shards: Shards(threads: 1)), counts: model.counts, particles: model.particles, seed: 1, feedback: model.settings.feedback)
        let scored = filter.logLikelihood(log, first: log.observed, shards: .allProcessors)
        return exp(-scored.sum / Double(scored.tokens))
    }

    /// The same by how often each item was seen.
    static func unigramPerplexity(_ log: Corpus) -> Double {
        var seen = [Double](repeating: 1, count: log.vocabulary.count)
        for item in log.training.items { seen[Int(item)] += 1 }
        let total = seen.reduce(0, +)
        let logs = (0..<log.count).flatMap { n in log.sequence(n).dropFirst(log.observed[n]).map { Foundation.log(seen[Int($0)] / total) } }
        return exp(-logs.reduce(0, +) / Double(logs.count))
    }

    /// Over eight seeds the fitted model scores 0.61 to 0.65 of the unigram perplexity and 1.16 to 1.22 of the optimum, and the best
    /// epoch 0.92 to 0.98 of the first of a fit without warm-up. This seed's are 0.64, 1.21 and 0.92: rounding on another machine
    /// moves them by a hundredth at most.
    @Test func learnsTheOrderOfTopics() throws {
        let drawn = try LearningTests.log(), log = drawn.corpus
        let (model, epochs) = try SmallFit.run(log, LearningTests.settings)
        let perplexity = LearningTests.perplexity(model, log), unigram = LearningTests.unigramPerplexity(log)
        #expect(perplexity < 0.75 * unigram)
        #expect(perplexity < 1.35 * (try drawn.optimum().perplexity))

        var cold = LearningTests.settings
        (cold.warmUp, cold.patience) = (0, 1)
        let first = try #require(try SmallFit.run(log, cold).epochs[0].validationPerplexity)
        #expect(try #require(epochs.compactMap(\.validationPerplexity).min()) < 0.97 * first)

        // Random topics leave the network on a saddle: what learns nothing must not pass (1.00 of the unigram perplexity here).
        var random = LearningTests.settings
        random.start = .random
        #expect(LearningTests.perplexity(try SmallFit.run(log, random).model, log) > 0.9 * unigram)
    }

    /// The other sampler, the other schedule and embeddings get as far: 0.65 of the unigram perplexity each.
    @Test(arguments: 1...3)
    func otherWaysLearnToo(way: Int) throws {
        let log = try LearningTests.log().corpus
        var settings = LearningTests.settings
        switch way {
        case 1: (settings.sampler, settings.particles) = (.mh, 1)
        case 2: settings.schedule = .full
        default: settings.embedding = 8
        }
        let perplexity = LearningTests.perplexity(try SmallFit.run(log, settings).model, log)
        #expect(perplexity < 0.75 * LearningTests.unigramPerplexity(log))
    }

    /// The other variants, memories and survivor policies.
    static let variants: [(name: String, change: @Sendable (inout FitSettings) -> Void)] = [
        ("words", { ($0.variant, $0.embedding, $0.particles) = (.word, 8, 1) }),
        ("beliefs", { ($0.variant, $0.particles) = (.belief, 1) }),
        ("beliefs and counts", { ($0.variant, $0.memory, $0.particles) = (.belief, .both, 1) }),
        ("counts of four copies", { $0.memory = .long }),
        ("a beam of four", { $0.survivors = .beam }),
        ("one of four copies kept", { $0.survivors = .conditional }),
        ("spellings", { ($0.variant, $0.embedding, $0.particles) = (.char, 8, 1) }),
        ("GRU", { $0.cell = .gru }),
        ("Elman", { $0.cell = .elman }),
    ]

    /// 0.62 to 0.65 of the unigram perplexity each; 0.98 to 1.19 where the weights stay as they were drawn.
    @Test(arguments: variants.indices) func variantsLearn(index: Int) throws {
        let log = try LearningTests.log().corpus, unigram = LearningTests.unigramPerplexity(log)
        var settings = LearningTests.settings
        LearningTests.variants[index].change(&settings)
        let learned = LearningTests.perplexity(try SmallFit.run(log, settings).model, log)
        // The start's topics, and weights as they were drawn.
        (settings.epochs, settings.warmUp, settings.adam.rate) = (1, 1, 1e-12)
        let untrained = LearningTests.perplexity(try SmallFit.run(log, settings).model, log)
        #expect(learned < 0.75 * unigram && learned < 0.8 * untrained)
        #expect(untrained > 0.85 * unigram)
    }
}
