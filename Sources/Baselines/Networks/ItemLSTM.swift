import Corpora
import Kernels
import Recurrence
import StochasticEM

/// An LSTM over the items themselves: it reads the item before, and says which of all V comes next.
///
///     s_t = LSTM(x_t, s_{t-1}),   p(w_t | past) = softmax(W s_t + b)                                (Paper-notes M1 to M3 with z = w)
///
/// What it reads of that item, ``ItemLSTMInput`` says. The best next item of all models here, for V·H weights and those of the input.
public struct ItemLSTM<Input: ItemLSTMInput>: SequenceModel {
    public let settings: ItemNetworkSettings<Input>
    private var model: ItemNetwork

    public var vocabulary: Vocabulary { model.vocabulary }
    public var parameterCount: ParameterCount { model.parameterCount }
    public var unknownItems: UnknownItems { model.unknownItems }

    private init(_ network: RecurrentNetwork, vocabulary: Vocabulary, settings: ItemNetworkSettings<Input>) {
        model = ItemNetwork(vocabulary: vocabulary, network: network, unknownItems: settings.unknownItemsPolicy)
        self.settings = settings
    }

    public func prepared(shards: Shards) -> ItemLSTM {
        var prepared = self
        prepared.model = model.prepared(shards: shards)
        return prepared
    }

    public func read(_ corpus: Corpus, first: [Int], shards: Shards, visit: @Sendable (Predictions) -> Void) {
        model.read(corpus, first: first, shards: shards, visit: visit)
    }
}

extension ItemLSTM: Baseline {
    public static var name: String { Input.name }
    public static var summary: String { Input.summary }

    public static func memory(for training: Corpus, settings: ItemNetworkSettings<Input>) -> Int { settings.memory(for: training) }

    public static func fitted(
        to corpus: Corpus, settings: ItemNetworkSettings<Input>, shards: Shards, observe: (BaselineEvent) throws -> Void
    ) throws -> ItemLSTM {
        let spelling = settings.spelling(of: corpus.vocabulary)
        var learning = settings.shape(items: corpus.vocabulary.count, spelling: spelling)
        learning.negatives = settings.negatives
        let network = RecurrentNetwork(learning, spelling: spelling, seed: settings.seed, precision: settings.precision)
        let fit = ItemNetworkFit(
            ItemNetwork(vocabulary: corpus.vocabulary, network: network, unknownItems: settings.unknownItemsPolicy), settings,
            training: corpus.training, shards: shards)
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
        return ItemLSTM(fitted, vocabulary: corpus.vocabulary, settings: settings)
    }

    public var tensors: [Tensor] { model.network.tensors }

    public init(_ tensors: StoredTensors, vocabulary: Vocabulary, settings: ItemNetworkSettings<Input>) throws {
        let spelling = settings.spelling(of: vocabulary), shape = settings.shape(items: vocabulary.count, spelling: spelling)
        // The largest bound all others, and are there before a network of their size is made.
        _ = try tensors.weights("recurrent", shape.hidden, 4 * shape.hidden)
        _ = try tensors.weights("output", shape.hidden, shape.classes)
        if let spelled = shape.spelled {
            _ = try tensors.weights("character_embedding", spelled.characters, spelled.embedding)
            _ = try tensors.weights("forward_recurrent", spelled.hidden, 4 * spelled.hidden)
            if let width = shape.embedding { _ = try tensors.weights("spelling", 2 * spelled.hidden, width) }
        } else if let width = shape.embedding {
            _ = try tensors.weights("embedding", shape.rows, width)
        }
        let network = RecurrentNetwork(shape, spelling: spelling, seed: settings.seed)
        try network.takeWeights { try tensors.weights($0, $1, $2) }
        self.init(network, vocabulary: vocabulary, settings: settings)
    }
}
