import Corpora
import Kernels
import Recurrence
import TopicSampling

/// Assembles a run from its settings, and carries it through: start → warm-up → joint epochs → the best epoch's model.
public struct Fit: Sendable {
    /// Valid: `init` has checked them.
    public let settings: FitSettings
    /// Threads to work with.
    public let shards: Shards
    /// What the fit goes on from; nil: it begins with random weights, and topics that `settings.start` makes.
    public let warmStart: WarmStart?

    /// - Parameter shards: threads to work with; the model does not depend on their number.
    /// - Throws: `InvalidSetting` where a setting is out of its range, two contradict each other, this machine lacks one, or the
    ///   warm start has another that stays.
    public init(settings: FitSettings, shards: Shards, warmStart: WarmStart? = nil) throws {
        try settings.validate()
        try settings.validateForThisMachine()
        try warmStart?.check(settings)
        self.settings = settings
        self.shards = shards
        self.warmStart = warmStart
    }

    /// Fits the observed part of a corpus. Unknown items that it has are read where the settings say so, and left out elsewhere. Traps unless its vocabulary begins with that of the warm start.
    ///
    /// - Parameters:
    ///   - checkpoint: where to go on from, of a fit with the same settings and log; the same model comes out, bit by bit, as if it had
    ///     never been stopped, whatever the number of threads before and now. nil: begin at the beginning.
    ///   - store: takes a checkpoint at each epoch's end, whenever one is due after a block, and before `observe` ends the fit. None
    ///     is kept before the first block, nor of a state with a number that is not finite.
    ///   - observe: is told of phases, blocks and epochs; what it throws ends the fit.
    /// - Throws: `EmptyCorpus` where there is nothing to learn from; `CheckpointMismatch`; `ModelFolderError` where the checkpoint does
    ///   not fit together; `Divergence` where a number is not finite; what the store throws.
    public func run(
        _ corpus: Corpus, from checkpoint: FitCheckpoint? = nil, keeping store: (any CheckpointStore)? = nil,
        observe: (FitEvent) throws -> Void
    ) throws -> LatentLSTMAllocation {
        let heads = corpus.training, known = heads.withoutUnknown
        guard known.items.count > 0 else { throw EmptyCorpus() }
        let observed = settings.unknownItemsPolicy == .input ? heads : known
        precondition(warmStart?.isContinued(by: observed.vocabulary) != false, "items of a warm start keep their numbers")
        let identity = FitIdentity(fit: settings, log: LogFingerprint(observed: observed), warmStart: warmStart?.fingerprint)
        if let checkpoint { try identity.check(checkpoint) }
        let split = ValidationSplit(observed, share: settings.validation, seed: settings.seed)
        var settings = settings
        if warmStart == nil { settings.start = settings.start.resolved(for: known) }
        settings.warmUp = settings.warmUp ?? settings.start.usualWarmUp
        settings.lanes = settings.block(events: observed.items.count).lanes
        settings.particles = settings.copies

        var state = checkpoint.map { StateReader($0.tensors, source: $0.source) }
        var epochs = checkpoint?.epochs ?? [], best = BestRestart()
        var restart = try state?.whole("restart", in: 1...settings.restarts) ?? 1
        if checkpoint != nil { try observe(.resuming(epochs)) }
        while true {
            let run = try FitRun(settings, restart: restart, split, vocabulary: observed.vocabulary, warmStart: warmStart, shards: shards)
            if let kept = state.take() {
                best = try BestRestart(from: kept.part("best_restart"), like: run)
                try run.restore(from: kept.part("fit"))
            } else {
                try observe(.preparing(run.name))
                if warmStart == nil { try run.begin(with: settings.start.method(settings, for: known)) } else { run.beginWarm() }
            }
            func keep() throws {
                guard let store else { return }
                try run.checkNumbers()
                var writer = StateWriter()
                writer.add("restart", restart)
                writer.inside("best_restart") { best.save(to: &$0) }
                writer.add("fit", run)
                try store.keep(FitCheckpoint(identity: identity, tensors: writer.tensors, epochs: epochs))
            }
            try run.carryThrough { event in
                if case .epoch(let record) = event { epochs.append(record) }
                do {
                    try observe(event)
                } catch {
                    // Whoever ends the fit may want it to go on later.
                    try keep()
                    throw error
                }
            } rest: { done in
                if done == .epoch || store?.isDue == true { try keep() }
            }
            if restart == settings.restarts { return best.model(with: run) }
            best.offer(run)
            restart += 1
        }
    }
}

/// There is no event to learn from.
public struct EmptyCorpus: Error, CustomStringConvertible {
    /// It has no particulars.
    public init() {}

    public var description: String {
        "no item of the log is seen often enough to be learned; lower --min-count, or give more of the log (--observe)"
    }
}
