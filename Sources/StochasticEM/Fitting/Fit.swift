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
        var settings = settings
        settings.start = settings.start.resolved(for: observed)
        settings.warmUp = settings.warmUp ?? settings.start.usualWarmUp
        settings.lanes = settings.block(events: observed.items.count).lanes
        var best = try Fit(settings: settings, shards: shards).run(restart: 1, split, observed: observed, observe)
        for restart in 1..<settings.restarts {
            let fitted = try Fit(settings: settings, shards: shards).run(restart: restart + 1, split, observed: observed, observe)
            if fitted.perplexity < best.perplexity { best = fitted }
        }
        return best.model
    }

    /// One fit from random numbers of its own.
    ///
    /// - Returns: the model, and what it comes to on validation; infinite where there is none.
    private func run(
        restart: Int, _ split: ValidationSplit, observed: Corpus, _ observe: (FitEvent) throws -> Void
    ) throws -> (model: LatentLSTMAllocation, perplexity: Double) {
        let training = split.training, k = settings.topics, items = observed.vocabulary.count
        var own = settings
        // Seeds as users choose them do not reach the upper half.
        own.seed = settings.seed &+ UInt64(restart - 1) << 32

        let work = "\(settings.start.rawValue) start"
        try observe(.preparing(settings.restarts > 1 ? "fit \(restart) of \(settings.restarts): \(work)" : work))
        let start = try own.start.method(own, for: observed).topics(for: training, topics: k, seed: own.seed, shards: shards)
        let counts = try TopicCounts(items: items, topics: k, concentration: Float(own.beta))
        let network = RecurrentNetwork(own.networkShape(items: items), seed: own.seed)
        let adam = AdamOptimizer(network.parameters, settings: own.adam)
        let loop = BlockLoop(corpus: training, network: network, counts: counts, adam: adam, topics: start, seed: own.seed)
        let plan = try SweepPlan(own, loop: loop)
        // Scored alike in all restarts, and as the model will be.
        let filter = ParticleFilter(
            network: network, counts: counts, particles: settings.variant.isExact ? 1 : settings.validationParticles,
            seed: settings.seed, feedback: settings.feedback)
        var best = BestEpoch()
        var watch = CollapseWatch(TopicHealth(counts, shards: shards), settings: settings)

        for epoch in 1...settings.epochs {
            var record = try run(epoch: epoch, plan: plan, loop: loop, filter: filter, validation: split.validation, observe)
            record.restart = settings.restarts > 1 ? restart : nil
            let health = TopicHealth(counts, shards: shards)
            record.take(health)
            try observe(.epoch(record))
            if let collapse = watch.collapse(in: health, phase: record.phase) { try observe(.collapse(collapse)) }
            guard let perplexity = record.validationPerplexity else { continue }
            best.offer(perplexity, epoch: epoch, network: network, counts: counts)
            if plan.phase(of: epoch) == .joint, epoch - max(best.epoch, plan.warmUps) >= settings.patience { break }
        }
        best.restore(network: network, counts: counts)
        var fitted = settings
        // A model that is loaded predicts by what its settings say.
        if counts.concentration != Float(settings.beta) { fitted.beta = Double(counts.concentration) }
        let model = LatentLSTMAllocation(vocabulary: observed.vocabulary, settings: fitted, network: network, counts: counts)
        return (model, best.perplexity)
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
            acceptRate: sweeps.compactMap { $0.draw.takeAcceptanceRate() }.last,
            effectiveSampleSize: sweeps.compactMap { $0.draw.takeEffectiveSampleSize() }.last, moved: Double(moved) / tokens,
            beta: Double(loop.counts.concentration))
    }
}

/// There is no event to learn from.
public struct EmptyCorpus: Error, CustomStringConvertible {
    public var description: String {
        "no item of the log is seen often enough to be learned; lower --min-count, or give more of the log (--observe)"
    }
}
