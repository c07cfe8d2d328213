import Corpora
import Kernels
import Recurrence
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Fits a network over items as LLA's is fitted: the same blocks, schedule of the rate, dropout, validation, and return to the best epoch.
package final class ItemNetworkFit {
    /// What it tells of an epoch, and within one.
    package struct Progress: Sendable {
        package let epoch: Int
        package let epochs: Int
        package let tokens: Int
        package let tokensOfEpoch: Int
        package let tokensPerSecond: Double
    }

    /// One epoch in numbers.
    package struct Record: Sendable {
        package let epoch: Int
        /// exp(−mean log p(w_t | past)), parameters moving meanwhile; nil where items are sampled, since p is not formed then.
        package let trainPerplexity: Double?
        /// nil where nothing is kept aside.
        package let validationPerplexity: Double?
        package let tokensPerSecond: Double
    }

    /// n_w of what is learned from.
    private final class ItemTotals: ClassTotals, @unchecked Sendable {
        private let counts: UnsafeMutablePointer<Int32>

        init(_ corpus: Corpus) {
            counts = .allocate(capacity: corpus.vocabulary.count)
            counts.initialize(repeating: 0, count: corpus.vocabulary.count)
            for (event, item) in corpus.items.enumerated() where corpus.isKnown(event) { counts[Int(item)] += 1 }
        }

        deinit { counts.deallocate() }

        var totals: UnsafePointer<Int32> { UnsafePointer(counts) }
    }

    private let settings: FitSettings
    private let model: ItemNetwork
    private let split: ValidationSplit
    private let shards: Shards
    private let sweep: BlockLoop.Sweep
    private let loop: NetworkLoop
    /// Whether p is formed of all items.
    private let isFull: Bool

    /// - Parameters:
    ///   - model: whose network is to learn; with a sampled softmax where `negatives` ask for it.
    ///   - training: what a model may be fitted on.
    package init(_ model: ItemNetwork, _ settings: ItemNetworkSettings<some ItemInput>, training: Corpus, shards: Shards) {
        self.settings = settings.asFit
        self.model = model
        self.shards = shards
        split = ValidationSplit(
            model.unknownItems == .input ? training : training.withoutUnknown, share: settings.validation, seed: settings.seed)
        let network = model.network.learning(split.training.unknown), sampled = network.output as? SampledSoftmaxLayer
        isFull = sampled == nil
        let fit = self.settings, shape = fit.block(events: training.items.count)
        let pass = SamplingPass(
            shape: shape, network: network, feedback: fit.learningFeedback(model.vocabulary), columns: sampled?.columns, dropout: fit.dropout,
            inputDropout: fit.inputDropout, seed: fit.seed)
        let totals = ItemTotals(split.training)
        network.output.start(from: totals.totals)
        let loss: any TopicLoss = sampled.map { SampledTopicsLoss(layer: $0, cells: shape.cells, counts: totals, seed: fit.seed) } ?? DrawnTopicsLoss()
        sweep = BlockLoop.Sweep(draw: ItemsAsTopics(), pass: pass, learns: true, countsMove: .never, loss: loss)
        loop = NetworkLoop(
            corpus: split.training, network: network, adam: AdamOptimizer(network.parameters, settings: fit.adam), seed: fit.seed)
    }

    /// Sequences worked on side by side.
    package var lanes: Int { sweep.pass.shape.lanes }

    /// Learns until the epochs are over, or so many were no better on what is kept aside, and returns the best epoch's network, with a
    /// softmax over all items.
    ///
    /// - Throws: `EmptyCorpus`; `Divergence` where a number is not finite; what `progress` and `tell` throw.
    package func run(progress: (Progress) throws -> Void, tell: (Record) throws -> Void) throws -> RecurrentNetwork {
        guard split.training.knownEvents > 0 else { throw EmptyCorpus() }
        let parameters = model.network.parameters
        var best = BestWeights()
        for epoch in 1...settings.epochs {
            let record = try learn(epoch, progress)
            best.offer(record.validationPerplexity, epoch: epoch, parameters)
            try tell(record)
            if best.isOver(patience: settings.patience) { break }
        }
        best.restore(parameters)
        return model.network.with(.single).withFullSoftmax()
    }

    private func learn(_ epoch: Int, _ progress: (Progress) throws -> Void) throws -> Record {
        var sweep = sweep
        sweep.rate = (first: settings.rateShare(after: epoch - 1), last: settings.rateShare(after: epoch))
        let clock = ContinuousClock(), began = clock.now, events = split.training.knownEvents
        func pace(_ tokens: Int) -> Double { Double(tokens) / max(1e-9, (clock.now - began) / .seconds(1)) }
        var blocks = 0
        let outcome = try loop.run(sweep, epoch: epoch, shards: shards) { place in
            blocks = place.blocks
            if !place.outcome.gradientNorm.isFinite || !place.outcome.topicLogLikelihood.isFinite {
                throw divergence(in: "the loss or its gradient", epoch: epoch, block: blocks)
            }
            let tokens = place.outcome.tokens
            try progress(
                Progress(epoch: epoch, epochs: settings.epochs, tokens: tokens, tokensOfEpoch: events, tokensPerSecond: pace(tokens)))
        }
        let tokensPerSecond = pace(outcome.tokens)
        if let tensor = model.network.parameters.nameOfNotFinite(in: model.network.parameters.values) {
            throw divergence(in: "the weights \"\(tensor)\"", epoch: epoch, block: 0)
        }
        let validation = split.validation.knownEvents == 0 ? nil : validated.perplexity(on: split.validation, shards: shards)
        if validation?.isFinite == false { throw divergence(in: "the perplexity on validation", epoch: epoch, block: blocks) }
        return Record(
            epoch: epoch, trainPerplexity: isFull ? exp(-outcome.topicLogLikelihood / Double(max(1, outcome.tokens))) : nil,
            validationPerplexity: validation,
            tokensPerSecond: tokensPerSecond)
    }

    /// The model as it would be kept now.
    private var validated: ItemNetwork {
        ItemNetwork(
            vocabulary: model.vocabulary, network: model.network.with(.single).withFullSoftmax(), unknownItems: model.unknownItems)
    }

    private func divergence(in what: String, epoch: Int, block: Int) -> Divergence {
        Divergence(what: what, epoch: epoch, block: block, restart: nil, settings: settings)
    }
}
