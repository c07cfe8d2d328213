import Corpora
import Kernels
import Recurrence
import TopicSampling
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One fit from random numbers of its own: all its parts, and where it stands. It can be left after any block, and taken up again.
final class FitRun {
    /// What it says of itself before it begins.
    let name: String
    private let settings: FitSettings
    /// Counted from 1, of `settings.restarts`.
    private let restart: Int
    /// From which all random numbers come but those of the validation, which is the same in all restarts.
    private let seed: UInt64
    private let vocabulary: Vocabulary
    private let validation: Corpus
    private let shards: Shards

    private let network: RecurrentNetwork
    private let counts: TopicCounts
    private let adam: AdamOptimizer
    private let loop: BlockLoop
    private let plan: SweepPlan

    private var place = Place()
    private var best = BestEpoch()
    private var watch: CollapseWatch?

    /// Where it stands between two blocks, or two epochs.
    struct Place {
        /// Under way, or about to begin; counted from 1.
        var epoch = 1
        /// Of the epoch's sweeps the one under way, and where that stands.
        var sweep = 0
        var within = BlockLoop.Place()
        /// Events whose topic changed in the epoch's earlier sweeps.
        var moved = 0
        /// Spent on the epoch's sweeps; of all that is here the only thing that no model depends on.
        var seconds = 0.0
    }

    /// What it has done when it rests.
    enum Rest { case block, epoch }

    /// All parts as they are before the first block, without topics: `begin` or `restore` comes next.
    ///
    /// - Parameter warmStart: whose weights are taken, and whose counts stand below those of the log; nil: random weights.
    init(
        _ settings: FitSettings, restart: Int, _ split: ValidationSplit, vocabulary: Vocabulary, warmStart: WarmStart?, shards: Shards
    ) throws {
        self.settings = settings
        self.restart = restart
        self.vocabulary = vocabulary
        self.shards = shards
        validation = split.validation
        let work = "\(warmStart == nil ? settings.start.rawValue : "warm") start"
        name = settings.restarts > 1 ? "fit \(restart) of \(settings.restarts): \(work)" : work

        var own = settings
        // Seeds as users choose them do not reach the upper half.
        own.seed = settings.seed &+ UInt64(restart - 1) << 32
        seed = own.seed
        counts = try TopicCounts(items: vocabulary.count, topics: own.topics, concentration: Float(own.beta))
        let spelling = own.spelling(of: vocabulary)
        network = RecurrentNetwork(
            own.learningShape(items: vocabulary.count, spelling: spelling), spelling: spelling, seed: own.seed, precision: own.precision)
        if let warmStart { network.copy(from: warmStart.model.network) }
        adam = AdamOptimizer(network.parameters, settings: own.adam)
        // Which topics a block reads is not known before it is drawn.
        let learning = network.learning(split.training.unknown)
        loop = BlockLoop(
            corpus: split.training,
            network: own.variant.readsItems ? learning : learning.reading(atMost: own.block(events: split.training.items.count, particles: own.copies).rows),
            counts: counts, adam: adam,
            topics: [Int32](repeating: 0, count: split.training.items.count), prior: warmStart?.model.counts, seed: own.seed)
        plan = try SweepPlan(own, loop: loop)
    }

    /// log p̂ of what is kept aside, by network and counts as they are now: scored alike in all restarts, and as the model will be.
    private func validated() -> (sum: Double, tokens: Int) {
        guard validation.knownEvents > 0 else { return (0, 0) }
        return ParticleFilter(
            network: network.prepared(shards: shards), counts: counts,
            particles: settings.variant.particles(of: settings.validationParticles), seed: settings.seed, feedback: settings.feedback
        ).logLikelihood(validation, first: [Int](repeating: 0, count: validation.count), shards: shards)
    }

    /// Takes the topics of a start.
    func begin(with start: any Start) throws {
        loop.take(try start.topics(for: loop.corpus.withoutUnknown, topics: settings.topics, seed: seed, shards: shards))
        network.output.start(from: counts.totals)
        plan.recounted()
        watch = CollapseWatch(TopicHealth(counts, shards: shards), settings: settings)
    }

    /// Draws the first topics by the weights and counts of the model that it goes on from, which is a candidate for the best epoch
    /// itself, as number 0: what is learned from the log has to be better on what is kept aside.
    func beginWarm() {
        loop.countNone()
        _ = loop.run(plan.firstDraw, epoch: 0, shards: shards) { _ in }
        plan.recounted()
        watch = CollapseWatch(TopicHealth(counts, shards: shards), settings: settings)
        let scored = validated()
        if scored.tokens > 0 {
            best.offer(exp(-scored.sum / Double(scored.tokens)), epoch: 0, network: network, counts: counts)
        }
    }

    /// Goes on from where it stands to the end, and returns to the best epoch.
    ///
    /// - Parameters:
    ///   - tell: takes events. Each comes when the state can be saved; what this throws ends the fit.
    ///   - rest: called after each block, and behind all that is to be told of an epoch. The state can be saved then, too.
    func carryThrough(tell: (FitEvent) throws -> Void, rest: (Rest) throws -> Void) throws {
        while !isOver {
            var record = try sweep(tell: tell) { try rest(.block) }
            let health = TopicHealth(counts, shards: shards)
            record.restart = settings.restarts > 1 ? restart : nil
            record.take(health)
            if let perplexity = record.validationPerplexity {
                best.offer(perplexity, epoch: record.epoch, network: network, counts: counts)
            }
            place = Place(epoch: record.epoch + 1)
            try tell(.epoch(record))
            if let collapse = watch?.collapse(in: health, phase: record.phase) { try tell(.collapse(collapse)) }
            try rest(.epoch)
        }
        best.restore(network: network, counts: counts)
    }

    /// Whether the epochs are done, or so many were no better that it ends before.
    private var isOver: Bool {
        let last = place.epoch - 1
        if last >= settings.epochs { return true }
        guard validation.knownEvents > 0 else { return false }
        return last - max(best.epoch, plan.patienceBegins) >= settings.patience
    }

    /// The sweeps of an epoch, or those that are left of it, and its score.
    private func sweep(tell: (FitEvent) throws -> Void, rest: () throws -> Void) throws -> EpochRecord {
        let clock = ContinuousClock(), began = clock.now, before = place.seconds
        let epoch = place.epoch, sweeps = plan.sweeps(of: epoch), phase = plan.phase(of: epoch)
        let events = loop.corpus.knownEvents
        var outcome = BlockLoop.Outcome()
        while place.sweep < sweeps.count {
            outcome = try loop.run(sweeps[place.sweep], epoch: epoch, from: place.within, shards: shards) { within in
                place.within = within
                place.seconds = before + (clock.now - began) / .seconds(1)
                try check(within)
                let tokens = events * place.sweep + within.outcome.tokens
                try tell(
                    .progress(
                        FitEvent.Progress(
                            epoch: epoch, epochs: settings.epochs, phase: phase, tokens: tokens, tokensOfEpoch: events * sweeps.count,
                            trainPerplexity: perplexity(within.outcome.logLikelihood, tokens: within.outcome.tokens),
                            tokensPerSecond: Double(tokens) / place.seconds)))
                try rest()
            }
            place.sweep += 1
            place.within = BlockLoop.Place()
            place.moved += outcome.moved
        }
        try checkNumbers()
        if phase == .joint { settings.betaUpdate.renew(counts, shards: shards) }
        let tokens = Double(max(1, outcome.tokens))
        let scored = validated()
        let record = EpochRecord(
            epoch: epoch, phase: phase, trainPerplexity: perplexity(outcome.logLikelihood, tokens: outcome.tokens),
            validationPerplexity: scored.tokens > 0 ? exp(-scored.sum / Double(scored.tokens)) : nil,
            topicPerplexity: perplexity(outcome.topicLogLikelihood, tokens: outcome.tokens),
            tokensPerSecond: Double(outcome.tokens * sweeps.count) / place.seconds,
            acceptRate: sweeps.compactMap { $0.draw.takeAcceptanceRate() }.last,
            effectiveSampleSize: sweeps.compactMap { $0.draw.takeEffectiveSampleSize() }.last, moved: Double(place.moved) / tokens,
            beta: Double(counts.concentration))
        try check(record)
        return record
    }

    /// nil where the sweeps form nothing that it could be made of.
    private func perplexity(_ logLikelihood: Double, tokens: Int) -> Double? {
        plan.saysPerplexity ? exp(-logLikelihood / Double(max(1, tokens))) : nil
    }
}

// MARK: What it came to

extension FitRun {
    /// Perplexity of the best epoch on validation; infinite where there is none.
    var bestPerplexity: Double { best.perplexity }

    /// What network and counts hold.
    var learned: LearnedValues { LearnedValues(network, counts) }

    func learned(from state: StateReader) throws -> LearnedValues { try LearnedValues(from: state, network, counts) }

    /// - Parameter values: to be put in place of what network and counts hold; nil: that stays.
    func model(with values: LearnedValues?) -> LatentLSTMAllocation {
        values?.put(into: network, counts)
        var fitted = settings
        // A model that is loaded predicts by what its settings say.
        if counts.concentration != Float(settings.beta) { fitted.beta = Double(counts.concentration) }
        return LatentLSTMAllocation(vocabulary: vocabulary, settings: fitted, network: network.with(.single).withFullSoftmax(), counts: counts)
    }
}

// MARK: Numbers that are not finite

extension FitRun {
    /// - Throws: `Divergence` where a number that is to be kept is not finite.
    func checkNumbers() throws {
        if let tensor = network.parameters.nameOfNotFinite(in: network.parameters.values) { throw divergence(in: "the weights \"\(tensor)\"") }
        for means in [adam.mean, adam.square] {
            if let tensor = network.parameters.nameOfNotFinite(in: means) { throw divergence(in: "Adam's means of \"\(tensor)\"") }
        }
    }

    private func check(_ within: BlockLoop.Place) throws {
        let outcome = within.outcome
        if !outcome.gradientNorm.isFinite {
            let tensor = network.parameters.nameOfNotFinite(in: network.parameters.gradients)
            // Squares of numbers that are finite can add up to more than there is.
            throw divergence(in: tensor.map { "the gradient of \"\($0)\"" } ?? "the gradient's norm")
        }
        if !outcome.logLikelihood.isFinite || !outcome.topicLogLikelihood.isFinite { throw divergence(in: "the log-likelihood") }
    }

    private func check(_ record: EpochRecord) throws {
        if record.trainPerplexity?.isFinite == false || record.topicPerplexity?.isFinite == false { throw divergence(in: "the perplexity in training") }
        if record.validationPerplexity?.isFinite == false { throw divergence(in: "the perplexity on validation") }
    }

    private func divergence(in what: String) -> Divergence {
        Divergence(
            what: what, epoch: place.epoch, block: place.within.blocks, restart: settings.restarts > 1 ? restart : nil, settings: settings)
    }
}

// MARK: Where it stands

extension FitRun: Checkpointed {
    func save(to state: inout StateWriter) {
        state.add("network", network.parameters)
        state.add("adam", adam)
        state.add("loop", loop)
        state.add("counts", counts)
        state.add("plan", plan)
        state.add("place", place)
        state.inside("best_epoch") { best.save(to: &$0) }
        if let watch { state.add("watch", watch) }
    }

    func restore(from state: StateReader) throws {
        try network.parameters.restore(from: state.part("network"))
        try adam.restore(from: state.part("adam"))
        try loop.restore(from: state.part("loop"))
        try counts.restore(from: state.part("counts"))
        // Behind the counts, which samplers read.
        try plan.restore(from: state.part("plan"))
        try place.restore(from: state.part("place"))
        guard place.within.cursors.count == (place.within.blocks > 0 ? settings.block(events: loop.corpus.items.count).lanes : 0) else {
            throw state.damaged("the lanes are others than the settings ask for")
        }
        best = try BestEpoch(from: state.part("best_epoch"), network: network, counts: counts)
        watch = try CollapseWatch(from: state.part("watch"), settings: settings)
    }
}

extension FitRun.Place: Checkpointed {
    func save(to state: inout StateWriter) {
        state.add("epoch", epoch)
        state.add("sweep", sweep)
        state.add("within", within)
        state.add("moved", moved)
        state.add("seconds", seconds)
    }

    mutating func restore(from state: StateReader) throws {
        epoch = try state.whole("epoch", in: 1...1 << 20)
        sweep = try state.whole("sweep", in: 0...1)
        try within.restore(from: state.part("within"))
        moved = try state.whole("moved", in: 0...Int(Int64.max))
        seconds = try state.number("seconds")
    }
}
