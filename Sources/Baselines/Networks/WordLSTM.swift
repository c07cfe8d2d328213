import Corpora
import Kernels
import Recurrence
import StochasticEM

/// An LSTM over the items themselves: it reads the item before, and says which of all V comes next.
///
///     s_t = LSTM(x_t, s_{t-1}),   p(w_t | past) = softmax(W s_t + b)                                (Paper-notes M1 to M3 with z = w)
///
/// The best next item of all models here, for V (H + E) weights.
public struct WordLSTM: SequenceModel {
    public let settings: ItemNetworkSettings
    private let model: ItemNetwork

    public var vocabulary: Vocabulary { model.vocabulary }
    public var parameterCount: ParameterCount { model.parameterCount }

    private init(_ network: RecurrentNetwork, vocabulary: Vocabulary, settings: ItemNetworkSettings) {
        model = ItemNetwork(vocabulary: vocabulary, network: network)
        self.settings = settings
    }

    public func read(_ corpus: Corpus, first: [Int], shards: Shards, visit: @Sendable (Predictions) -> Void) {
        model.read(corpus, first: first, shards: shards, visit: visit)
    }

    /// The network of a model.
    private static func shape(_ settings: ItemNetworkSettings, items: Int) -> RecurrentNetwork.Shape {
        RecurrentNetwork.Shape(hidden: settings.hidden, classes: items, inputs: items, embedding: settings.embedding, learns: .touched)
    }
}

extension WordLSTM: Baseline {
    public static let name = "word-lstm"
    public static let summary = "an LSTM over items, with a softmax over all of them"

    public static func memory(for training: Corpus, settings: ItemNetworkSettings) -> Int {
        settings.memory(events: training.items.count, items: training.vocabulary.count)
    }

    public static func fitted(
        to corpus: Corpus, settings: ItemNetworkSettings, shards: Shards, observe: (BaselineEvent) throws -> Void
    ) throws -> WordLSTM {
        var learning = shape(settings, items: corpus.vocabulary.count)
        learning.negatives = settings.negatives
        let network = RecurrentNetwork(learning, seed: settings.seed, precision: settings.precision)
        let fit = ItemNetworkFit(
            ItemNetwork(vocabulary: corpus.vocabulary, network: network), settings, training: corpus.training, shards: shards)
        let fitted = try fit.run { progress in
            try observe(
                .progress(
                    epoch: progress.epoch, epochs: progress.epochs, tokens: progress.tokens, of: progress.tokensOfEpoch,
                    tokensPerSecond: progress.tokensPerSecond))
        } tell: { record in
            try observe(
                .epoch(
                    BaselineEpoch(
                        epoch: record.epoch, trainPerplexity: record.trainPerplexity, validationPerplexity: record.validationPerplexity,
                        tokensPerSecond: record.tokensPerSecond)))
        }
        var settings = settings
        settings.lanes = fit.lanes
        return WordLSTM(fitted, vocabulary: corpus.vocabulary, settings: settings)
    }

    public var tensors: [Tensor] { model.network.tensors }

    public init(_ tensors: StoredTensors, vocabulary: Vocabulary, settings: ItemNetworkSettings) throws {
        let shape = Self.shape(settings, items: vocabulary.count)
        // The largest bound all others, and are there before a network of their size is made.
        _ = try tensors.weights("recurrent", shape.hidden, 4 * shape.hidden)
        _ = try tensors.weights("output", shape.hidden, shape.classes)
        if let width = shape.embedding { _ = try tensors.weights("embedding", shape.inputs + 1, width) }
        let network = RecurrentNetwork(shape, seed: settings.seed)
        try network.takeWeights { try tensors.weights($0, $1, $2) }
        self.init(network, vocabulary: vocabulary, settings: settings)
    }
}

extension ItemNetworkSettings: BaselineSettings {
    public static let options = [
        BaselineOption("hidden", \ItemNetworkSettings.hidden), BaselineOption("embedding", \ItemNetworkSettings.embedding),
        BaselineOption("epochs", \ItemNetworkSettings.epochs), BaselineOption("seed", \ItemNetworkSettings.seed),
        BaselineOption("negatives", \ItemNetworkSettings.negatives), BaselineOption("lanes", \ItemNetworkSettings.lanes),
        BaselineOption("steps", \ItemNetworkSettings.steps), BaselineOption("shards", \ItemNetworkSettings.shards),
        BaselineOption("precision", \ItemNetworkSettings.precision), BaselineOption("dropout", \ItemNetworkSettings.dropout),
        BaselineOption("input-dropout", \ItemNetworkSettings.inputDropout), BaselineOption("learning-rate", \ItemNetworkSettings.learningRate),
        BaselineOption("final-rate", \ItemNetworkSettings.finalRate), BaselineOption("clip-norm", \ItemNetworkSettings.clipNorm),
        BaselineOption("validation", \ItemNetworkSettings.validation), BaselineOption("patience", \ItemNetworkSettings.patience),
    ]
}
