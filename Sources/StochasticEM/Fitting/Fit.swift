import Corpora
import Kernels
import Recurrence
import TopicSampling
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Assembles a run from its settings, and carries it through: start → warm-up → joint epochs → the best epoch's model.
public struct Fit: Sendable {
    /// Valid: `init` has checked them.
    public let settings: FitSettings
    /// Threads to work with.
    public let shards: Shards

    /// - Parameter shards: threads to work with; the model does not depend on their number.
    /// - Throws: `InvalidSetting` where a setting is out of its range or two contradict each other.
    public init(settings: FitSettings, shards: Shards) throws {
        try settings.validate()
        self.settings = settings
        self.shards = shards
    }

    /// Fits the observed part of a corpus.
    ///
    /// - Parameter observe: is told of phases, blocks and epochs; what it throws ends the fit.
    /// - Throws: `EmptyCorpus` where there is nothing to learn from.
    public func run(_ corpus: Corpus, observe: (FitEvent) throws -> Void) throws -> LatentLSTMAllocation {
        let observed = corpus.training
        guard observed.items.count > 0 else { throw EmptyCorpus() }
        let split = ValidationSplit(observed, share: settings.validation, seed: settings.seed)
        let training = split.training, k = settings.topics

        var settings = settings
        settings.start = settings.start.resolved(for: observed)
        try observe(.preparing("\(settings.start.rawValue) start"))
        let start = try settings.start.method(settings, for: observed).topics(
            for: training, topics: k, seed: settings.seed, shards: shards)
        let counts = try TopicCounts(items: corpus.vocabulary.count, topics: k, concentration: Float(settings.beta))
        let network = RecurrentNetwork(settings.networkShape, seed: settings.seed)
        let adam = AdamOptimizer(network.parameters, settings: settings.adam)
        let loop = BlockLoop(
            corpus: training, network: network, counts: counts, adam: adam, topics: start, seed: settings.seed)
        let plan = try SweepPlan(settings, loop: loop)
        let filter = ParticleFilter(
            network: network, counts: counts, particles: settings.validationParticles, seed: settings.seed)
        var best = BestEpoch()
        var watch = CollapseWatch(TopicHealth(counts, shards: shards), settings: settings)

        for epoch in 1...settings.epochs {
            var record = try run(epoch: epoch, plan: plan, loop: loop, filter: filter, validation: split.validation, observe)
            let health = TopicHealth(counts, shards: shards)
            record.take(health)
            try observe(.epoch(record))
            if let collapse = watch.collapse(in: health, phase: record.phase) { try observe(.collapse(collapse)) }
            guard let perplexity = record.validationPerplexity else { continue }
            best.offer(perplexity, epoch: epoch, network: network, counts: counts)
            if plan.phase(of: epoch) == .joint, epoch - max(best.epoch, plan.warmUps) >= settings.patience { break }
        }
        best.restore(network: network, counts: counts)
        // A model that is loaded predicts by what its settings say.
        if counts.concentration != Float(settings.beta) { settings.beta = Double(counts.concentration) }
        return LatentLSTMAllocation(vocabulary: corpus.vocabulary, settings: settings, network: network, counts: counts)
    }

    private func run(
        epoch: Int, plan: SweepPlan, loop: BlockLoop, filter: ParticleFilter, validation: Corpus,
        _ observe: (FitEvent) throws -> Void
    ) throws -> EpochRecord {
        let clock = ContinuousClock()
        let began = clock.now
        let sweeps = plan.sweeps(of: epoch), phase = plan.phase(of: epoch)
        var outcome = BlockLoop.Outcome(), moved = 0
        for (index, sweep) in sweeps.enumerated() {
            outcome = try loop.run(sweep, epoch: epoch, shards: shards) { sofar in
                let seconds = (clock.now - began) / .seconds(1)
                let tokens = loop.corpus.items.count * index + sofar.tokens
                try observe(
                    .progress(
                        FitEvent.Progress(
                            epoch: epoch, epochs: settings.epochs, phase: phase, tokens: tokens,
                            tokensOfEpoch: loop.corpus.items.count * sweeps.count,
                            trainPerplexity: exp(-sofar.logLikelihood / Double(max(1, sofar.tokens))),
                            tokensPerSecond: Double(tokens) / seconds)))
            }
            moved += outcome.moved
        }
        let seconds = (clock.now - began) / .seconds(1)
        if phase == .joint { settings.betaUpdate.renew(loop.counts, shards: shards) }
        let tokens = Double(max(1, outcome.tokens))
        let scored = filter.logLikelihood(
            validation, first: [Int](repeating: 0, count: validation.count), shards: shards)
        return EpochRecord(
            epoch: epoch, phase: phase, trainPerplexity: exp(-outcome.logLikelihood / tokens),
            validationPerplexity: scored.tokens > 0 ? exp(-scored.sum / Double(scored.tokens)) : nil,
            topicPerplexity: exp(-outcome.topicLogLikelihood / tokens),
            tokensPerSecond: Double(outcome.tokens * sweeps.count) / seconds,
            acceptRate: sweeps.compactMap { $0.draw.takeAcceptanceRate() }.last, moved: Double(moved) / tokens,
            beta: Double(loop.counts.concentration))
    }
}

/// There is no event to learn from.
public struct EmptyCorpus: Error, CustomStringConvertible {
    public var description: String {
        "no item of the log is seen often enough to be learned; lower --min-count, or give more of the log (--observe)"
    }
}
