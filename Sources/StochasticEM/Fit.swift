import Corpora
import Foundation
import Kernels
import Recurrence
import TopicSampling

/// Assembles a run from its settings, and carries it through: start → warm-up → joint epochs → the best epoch's model.
public struct Fit: Sendable {
    public let settings: FitSettings
    public let shards: Shards

    public init(settings: FitSettings, shards: Shards) {
        self.settings = settings
        self.shards = shards
    }

    /// Fits the corpus, telling `observe` of each epoch and, within it, of each block.
    public func run(_ corpus: Corpus, start topics: [Int32]? = nil, startItemTopics: [Int32] = [], observe: (FitEvent) throws -> Void) throws -> LatentLSTMAllocation {
        let split = ValidationSplit(corpus, share: settings.validation, seed: settings.seed)
        let k = settings.topics
        let counts = try TopicCounts(items: corpus.vocabulary.count, topics: k, concentration: Float(settings.beta))
        let network = RecurrentNetwork(
            .init(hidden: settings.hidden, classes: k, inputs: k, embedding: settings.embedding), seed: settings.seed)
        let adam = AdamOptimizer(network.parameters, settings: settings.adam)
        let loop = BlockLoop(
            corpus: split.training, network: network, counts: counts, adam: adam, topics: split.training.items.map { startItemTopics[Int($0)] }, seed: settings.seed)
        let single = BlockShape(lanes: settings.lanes, steps: settings.steps, shards: settings.shards)
        let shape = BlockShape(
            lanes: settings.lanes, steps: settings.steps, particles: settings.particles, shards: settings.shards)
        let warmUpPass = SamplingPass(shape: single, network: network, dropout: settings.dropout, seed: settings.seed)
        let jointPass = SamplingPass(shape: shape, network: network, dropout: settings.dropout, seed: settings.seed)
        let keep = FixedTopics(topics: loop.topics, counts: counts, shape: single)
        let draw = DenseTopicDraw(counts: counts, shape: shape)
        let warmUps = Int((Double(settings.epochs) * settings.warmUp).rounded())
        let filter = ParticleFilter(
            network: network, counts: counts, particles: settings.validationParticles, seed: settings.seed)

        for epoch in 1...settings.epochs {
            let clock = ContinuousClock.now
            let warm = epoch <= warmUps
            func rate(_ e: Int) -> Double {
                1 - (1 - settings.finalRate) * Double(e) / Double(settings.epochs)
            }
            let sweep = BlockLoop.Sweep(
                draw: warm ? keep : draw, pass: warm ? warmUpPass : jointPass, rate: rate(epoch)...rate(epoch - 1),
                countsMove: warm ? .never : .afterEachBlock)
            let outcome = loop.run(sweep, epoch: epoch, shards: shards) { _ in }
            let took = clock.duration(to: .now)
            let validation = filter.logLikelihood(
                split.validation, first: [Int](repeating: 0, count: split.validation.count), shards: shards)
            try observe(
                FitEvent(
                    epoch: epoch, phase: warm ? "warm-up" : "joint",
                    trainPerplexity: exp(-outcome.logLikelihood / Double(outcome.tokens)),
                    validationPerplexity: exp(-validation.sum / Double(validation.tokens)),
                    tokensPerSecond: Double(outcome.tokens) / (took / .seconds(1)),
                    topicPerplexity: exp(-outcome.topicLogLikelihood / Double(outcome.tokens)),
                    moved: Double(outcome.moved) / Double(outcome.tokens)))
        }
        return LatentLSTMAllocation(network: network, counts: counts)
    }
}

public struct FitEvent: Sendable {
    public var epoch: Int
    public var phase: String
    public var trainPerplexity, validationPerplexity, tokensPerSecond, topicPerplexity, moved: Double
}

public final class LatentLSTMAllocation: Sendable {
    public let network: RecurrentNetwork
    public let counts: TopicCounts
    init(network: RecurrentNetwork, counts: TopicCounts) {
        self.network = network
        self.counts = counts
    }
}

extension LatentLSTMAllocation {
    public func testPerplexity(_ corpus: Corpus, particles: Int, shards: Shards) -> Double {
        let f = ParticleFilter(network: network, counts: counts, particles: particles, seed: 7)
        let r = f.logLikelihood(corpus, first: corpus.observed, shards: shards)
        return exp(-r.sum / Double(r.tokens))
    }
}
