import Corpora
import Kernels
import Recurrence
import StochasticEM
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A denoising auto-encoder of histories: the bag of a sequence's items so far, some of them left out, is encoded in H units, from
/// which the next item is decoded.
///
/// The paper names an auto-encoder among its rivals, and not which one; this one is our choice (Paper-notes, open-questions).
public struct HistoryAutoencoder: StepwiseModel {
    public let vocabulary: Vocabulary
    public let settings: Settings
    let network: HistoryNetwork

    /// What it is fitted with; names and values are those of `FitSettings`, where they are the same thing.
    public struct Settings: BaselineSettings {
        /// H.
        public var hidden = 128
        /// a: what is left of an event's weight one event later.
        public var decay = 0.8
        /// Share of a history's items that the network does not see while it learns, drawn anew for each event.
        public var inputDropout = 0.2
        /// Sweeps over the log at most.
        public var epochs = 30
        /// Key of all random numbers of the fit.
        public var seed: UInt64 = 1
        /// Adam's step where the fit begins.
        public var learningRate = 0.003
        /// Adam's step at the last epoch's end, as a share of that where the fit begins; it falls in a straight line.
        public var finalRate = 0.05
        /// The gradient is scaled down to this Euclidean norm where it is longer.
        public var clipNorm = 1.0
        /// Share of the sequences that validation keeps for itself.
        public var validation = 0.05
        /// Epochs without a better validation perplexity after which the fit ends.
        public var patience = 6

        public init() {}

        public static let options = [
            BaselineOption("hidden", \Settings.hidden), BaselineOption("decay", \Settings.decay),
            BaselineOption("input-dropout", \Settings.inputDropout), BaselineOption("epochs", \Settings.epochs),
            BaselineOption("seed", \Settings.seed), BaselineOption("learning-rate", \Settings.learningRate),
            BaselineOption("final-rate", \Settings.finalRate), BaselineOption("clip-norm", \Settings.clipNorm),
            BaselineOption("validation", \Settings.validation), BaselineOption("patience", \Settings.patience),
        ]

        public func validate() throws {
            try check(decay >= 0 && decay <= 1, "decay", decay, "choose a share from 0, the last item alone, to 1, all items alike")
            try network.validate()
        }

        /// What it has in common with a network over items, whose ranges hold here too.
        private var network: ItemNetworkSettings<WordInput> {
            var network = ItemNetworkSettings<WordInput>()
            (network.hidden, network.inputDropout, network.epochs) = (hidden, inputDropout, epochs)
            (network.learningRate, network.finalRate, network.clipNorm) = (learningRate, finalRate, clipNorm)
            (network.validation, network.patience) = (validation, patience)
            return network
        }
    }

    init(_ network: HistoryNetwork, vocabulary: Vocabulary, settings: Settings) {
        self.network = network
        self.vocabulary = vocabulary
        self.settings = settings
    }

    public struct State: Sendable {
        var history = ItemHistory()
    }

    public func start() -> State { State() }

    public func observe(_ item: Int, in state: inout State) { state.history.observe(item, decay: Float(settings.decay)) }

    private func encode(_ state: State, into h: UnsafeMutablePointer<Float>) {
        network.encode(state.history.items, state.history.weights.map { log(1 + $0) }, into: h)
    }

    public func predict(_ state: State, into probabilities: UnsafeMutablePointer<Float>) {
        let h = FloatBuffer(count: network.hidden + 1)
        encode(state, into: h.base)
        network.decode(h.matrix(1, network.hidden + 1), into: MatrixView(probabilities, rows: 1, columns: network.items))
    }

    public func read(_ corpus: Corpus, first: [Int], shards: Shards, visit: @Sendable (Predictions) -> Void) {
        readSteps(corpus, first: first, shards: shards, width: network.hidden + 1, write: encode) { steps, h in
            let scores = FloatBuffer(count: h.rows * network.items), probabilities = scores.matrix(h.rows, network.items)
            network.decode(h, into: probabilities)
            visit(
                Predictions(
                    shard: steps.shard, sequences: steps.sequences, positions: steps.positions, items: steps.items, probabilities: probabilities))
            withExtendedLifetime(scores) {}
        }
    }
}

extension HistoryAutoencoder: Baseline {
    public static let name = "autoencoder"
    public static let summary = "a denoising auto-encoder, from the items so far to the next"

    /// Events of a step of Adam.
    static let batch = 512
    static let pieces = 4

    public var parameterCount: ParameterCount { ParameterCount(learned: network.parameters.learned) }

    public static func memory(for training: Corpus, settings: Settings) -> Int {
        let v = training.vocabulary.count, h = settings.hidden
        return 4 * (5 * (2 * v * h + v + h) + batch * (2 * h + v) + 16 * 64 * v)
    }

    public static func fitted(
        to corpus: Corpus, settings: Settings, shards: Shards, observe: (BaselineEvent) throws -> Void
    ) throws -> HistoryAutoencoder {
        let training = corpus.training
        guard !training.items.isEmpty else { throw EmptyCorpus() }
        let split = ValidationSplit(training, share: settings.validation, seed: settings.seed)
        let network = HistoryNetwork(items: corpus.vocabulary.count, hidden: settings.hidden, seed: settings.seed)
        let model = HistoryAutoencoder(network, vocabulary: corpus.vocabulary, settings: settings)
        let learning = HistoryLearning(model, split.training, shards: shards)
        var best = BestWeights()
        for epoch in 1...settings.epochs {
            var record = try learning.epoch(epoch) { tokens, pace in
                try observe(
                    .progress(epoch: epoch, epochs: settings.epochs, tokens: tokens, of: split.training.items.count, tokensPerSecond: pace))
            }
            if !split.validation.items.isEmpty {
                let perplexity = model.perplexity(on: split.validation, shards: shards)
                if !perplexity.isFinite { throw learning.divergence(in: "the perplexity on validation", epoch: epoch) }
                record.validationPerplexity = perplexity
            }
            best.offer(record.validationPerplexity, epoch: epoch, network.parameters)
            try observe(.epoch(record))
            if best.isOver(patience: settings.patience) { break }
        }
        best.restore(network.parameters)
        return model
    }

    public var tensors: [Tensor] {
        network.parameters.slots.map { slot in
            Tensor(
                slot.name, shape: [slot.rows, slot.columns],
                Array(UnsafeBufferPointer(start: network.parameters.value(slot).base, count: slot.count)))
        }
    }

    public init(_ tensors: StoredTensors, vocabulary: Vocabulary, settings: Settings) throws {
        // The largest are there before a network of their size is made.
        _ = try tensors.weights("embedding", vocabulary.count, settings.hidden)
        _ = try tensors.weights("output", settings.hidden, vocabulary.count)
        let network = HistoryNetwork(items: vocabulary.count, hidden: settings.hidden, seed: settings.seed)
        for slot in network.parameters.slots {
            network.parameters.value(slot).base.update(from: try tensors.weights(slot.name, slot.rows, slot.columns), count: slot.count)
        }
        self.init(network, vocabulary: vocabulary, settings: settings)
    }
}
