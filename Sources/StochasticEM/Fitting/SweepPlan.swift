import Kernels
import Recurrence
import TopicSampling

/// Which sweeps make an epoch: the one place that turns settings into draws and schedules.
struct SweepPlan {
    private let settings: FitSettings
    /// Epochs of warm-up, which come first.
    let warmUps: Int
    /// Epochs before patience counts: those of the warm-up, unless no joint ones follow.
    var patienceBegins: Int { warmUps < settings.epochs ? warmUps : 0 }
    /// Whether sweeps form all that the perplexity of what they read is made of.
    let saysPerplexity: Bool
    private let warmUp: [BlockLoop.Sweep]
    private let joint: [BlockLoop.Sweep]
    /// What the sweeps are made of, each part once.
    private let passes: [SamplingPass]
    private let draw: any TopicDraw
    private let copies: BlockShape
    private let loop: BlockLoop

    init(_ settings: FitSettings, loop: BlockLoop) throws {
        self.settings = settings
        let share = settings.warmUp ?? settings.start.usualWarmUp
        warmUps = min(settings.epochs, Int((Double(settings.epochs) * share).rounded()))

        let sampled = loop.network.output as? SampledSoftmaxLayer
        func pass(_ shape: BlockShape) -> SamplingPass { SweepPlan.pass(shape, settings, loop, columns: sampled?.columns) }
        let events = loop.corpus.items.count
        let single = settings.block(events: events), copies = settings.block(events: events, particles: settings.copies)
        let singlePass = pass(single)
        let jointPass = copies == single ? singlePass : pass(copies)
        // With a sample of topics nobody asks for θ.
        let keep: any TopicDraw = sampled == nil
            ? FixedTopics(topics: loop.topics, counts: loop.counts, shape: single) : FixedTopicsUnweighed(topics: loop.topics)
        let drawn: any TopicLoss = sampled.map {
            SampledTopicsLoss(layer: $0, cells: single.cells, counts: loop.counts, seed: settings.seed)
        } ?? DrawnTopicsLoss()
        saysPerplexity = sampled == nil
        let draw: any TopicDraw = switch settings.sampler {
        case .dense: DenseTopicDraw(counts: loop.counts, shape: copies, policy: settings.survivors.policy, topics: loop.topics)
        case .mh:
            try MetropolisHastingsTopicDraw(
                network: loop.network, counts: loop.counts, topics: loop.topics, shape: copies,
                proposals: settings.proposals)
        }
        (self.copies, self.loop) = (copies, loop)
        passes = copies == single ? [singlePass] : [singlePass, jointPass]
        self.draw = draw
        let learn = BlockLoop.Sweep(draw: keep, pass: singlePass, learns: true, countsMove: .never, loss: drawn)
        warmUp = [learn]
        joint = switch settings.schedule {
        case .fused:
            [
                BlockLoop.Sweep(
                    draw: draw, pass: jointPass, learns: true, countsMove: .afterEachBlock,
                    loss: settings.variant.isExact && sampled == nil ? PosteriorLoss(counts: loop.counts) : drawn)
            ]
        case .full:
            [
                BlockLoop.Sweep(
                    draw: draw, pass: jointPass, learns: false, countsMove: .afterTheSweep,
                    loss: sampled == nil ? DrawnTopicsLoss() : NoLoss()),
                learn,
            ]
        }
    }

    /// Draws topics for events that have none yet, by network and counts as they stand: survivors are chosen freely, and weights are
    /// formed of all topics, since there is no path to stay on, and no topic for a chain to start at.
    var firstDraw: BlockLoop.Sweep {
        // Those that learn from samples of topics have no room for all of them.
        let pass = loop.network.output is SampledSoftmaxLayer ? SweepPlan.pass(copies, settings, loop, columns: nil) : passes[passes.count - 1]
        return BlockLoop.Sweep(draw: DenseTopicDraw(counts: loop.counts, shape: copies), pass: pass, learns: false, countsMove: .afterTheSweep)
    }

    /// - Parameter columns: as many topics of a sample as a tape has room for; nil: all K.
    private static func pass(_ shape: BlockShape, _ settings: FitSettings, _ loop: BlockLoop, columns: Int?) -> SamplingPass {
        SamplingPass(
            shape: shape, network: loop.network, feedback: settings.learningFeedback(loop.corpus.vocabulary), columns: columns, dropout: settings.dropout,
            inputDropout: settings.inputDropout, seed: settings.seed)
    }

    func phase(of epoch: Int) -> Phase { epoch <= warmUps ? .warmUp : .joint }

    /// The sweeps of an epoch, counted from 1, with Adam's rate falling linearly from the first block of all to the last.
    func sweeps(of epoch: Int) -> [BlockLoop.Sweep] {
        return (phase(of: epoch) == .warmUp ? warmUp : joint).map {
            var sweep = $0
            sweep.rate = (first: settings.rateShare(after: epoch - 1), last: settings.rateShare(after: epoch))
            return sweep
        }
    }
}

extension SweepPlan: Checkpointed {
    /// Topics and counts were taken from elsewhere.
    func recounted() { draw.recounted() }

    func save(to state: inout StateWriter) {
        for (number, pass) in passes.enumerated() { state.add("pass_\(number)", pass) }
        state.add("draw", draw)
    }

    func restore(from state: StateReader) throws {
        for (number, pass) in passes.enumerated() { try pass.restore(from: state.part("pass_\(number)")) }
        var draw = draw
        try draw.restore(from: state.part("draw"))
        draw.recounted()
    }
}
