import Corpora
import Recurrence

/// All that a network over items depends on besides the log; names and usual values are those of `FitSettings`, where they are the same thing.
public struct ItemNetworkSettings<Input: ItemInput>: Codable, Sendable, Equatable {
    /// H.
    public var hidden = 128
    /// E.
    public var embedding: Int? = 128
    /// Sweeps over the log at most.
    public var epochs = 30
    /// Key of all random numbers of the fit.
    public var seed: UInt64 = 1
    /// N, items that an event's own is told from while the network learns (Paper-notes L10); nil: all of them.
    public var negatives: Int?
    /// B; nil: what suits the log's size. Of a fitted model the number that it was.
    public var lanes: Int?
    /// T.
    public var steps = 32
    /// Groups that lanes are worked on in; nil: 4, or as many as there are lanes.
    public var shards: Int?
    /// Of the network's products while it is fitted.
    public var precision = Precision.single
    /// Share of the hidden units that the softmax layer does not see, drawn anew for each event.
    public var dropout = 0.2
    /// Share of the embedding's units that the network does not see, drawn anew for each block.
    public var inputDropout = 0.1
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
    /// What becomes of items that the model does not know; nil: what suits the input.
    public var unknownItems: UnknownItems?
    /// Of a spelled input, the width of a character's row; nil: that of `FitSettings`.
    public var characterEmbedding: Int?
    /// Of a spelled input, the units of each LSTM that reads characters; nil: those of `FitSettings`.
    public var characterHidden: Int?

    /// The usual ones.
    public init() {}

    /// - Throws: `InvalidSetting` for the first that is out of its range.
    public func validate() throws {
        try asFit.validate()
        if let negatives, !(1...1_000_000).contains(negatives) {
            throw InvalidSetting(name: "negatives", value: "\(negatives)", remedy: "choose between 1 and 1,000,000")
        }
    }

    /// The settings of a fit that reads items, as far as they say something of a network over items.
    var asFit: FitSettings {
        var fit = FitSettings()
        (fit.variant, fit.memory, fit.topics, fit.start) = (Input.variant, .none, 1, .random)
        (fit.unknownItems, fit.characterEmbedding, fit.characterHidden) = (unknownItems, characterEmbedding, characterHidden)
        (fit.hidden, fit.embedding, fit.epochs, fit.seed) = (hidden, embedding, epochs, seed)
        (fit.steps, fit.precision, fit.dropout, fit.inputDropout) = (steps, precision, dropout, inputDropout)
        (fit.lanes, fit.shards) = (lanes, shards ?? max(1, min(fit.shards, lanes ?? fit.shards)))
        (fit.adam.rate, fit.adam.clipNorm, fit.finalRate) = (learningRate, clipNorm, finalRate)
        (fit.validation, fit.patience) = (validation, patience)
        return fit
    }

    /// How the items of a vocabulary are spelled, where the input reads that.
    package func spelling(of vocabulary: Vocabulary) -> Spelling? { asFit.spelling(of: vocabulary) }

    /// The network of a model: of as many classes as there are items.
    package func shape(items: Int, spelling: Spelling?) -> RecurrentNetwork.Shape {
        var shape = asFit.networkShape(items: items, spelling: spelling)
        shape.classes = items
        return shape
    }

    /// What becomes of items that the model does not know.
    public var unknownItemsPolicy: UnknownItems { asFit.unknownItemsPolicy }

    /// Bytes of a fit, about: weights, gradients, Adam's means and the best copy; blocks of learning and of reading.
    package func memory(for training: Corpus) -> Int {
        let fit = asFit, v = training.vocabulary.count, h = hidden, e = embedding ?? h, rows = shape(items: v, spelling: nil).rows
        let spelled = fit.spelling(of: training.vocabulary).map { FitCost.Spelled($0, settings: fit) }
        let weights = (spelled?.parameters ?? rows * e) + e * 4 * h + 4 * h * h + (h + 1) * v
        let shape = fit.block(events: training.items.count)
        let columns = negatives.map { SampledSoftmaxLayer.columns(classes: v, negatives: $0) } ?? v
        let reading = ItemNetwork.shape(sequences: .max)
        let cells = shape.cells * (11 * h + columns) + reading.cells * (9 * h + v)
        let derived = spelled?.derived(rows: min(rows, shape.cells + shape.lanes + 1)) ?? 0
        // All items' parts of the gates are multiplied out for reading.
        return 4 * (5 * weights + cells + derived + rows * (e + 8 * h))
    }
}
