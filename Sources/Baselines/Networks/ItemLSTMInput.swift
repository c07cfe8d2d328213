import StochasticEM

/// What an LSTM over items reads, and what the model is called for it.
public protocol ItemLSTMInput: ItemInput {
    /// What `lla fit --model` and `settings.json` call the model.
    static var name: String { get }

    /// What it is: a clause for a list of all.
    static var summary: String { get }

    /// Options that say something of the input, besides those of all such models.
    static var options: [BaselineOption<ItemNetworkSettings<Self>>] { get }
}

/// Reads the item itself, by a row of V·E weights.
public typealias WordLSTM = ItemLSTM<WordInput>

/// Reads how the item is spelled: next to no weights at the input, and something to say behind an item that was never seen.
public typealias CharLSTM = ItemLSTM<SpelledInput>

extension WordInput: ItemLSTMInput {
    public static let name = "word-lstm"
    public static let summary = "an LSTM over items, with a softmax over all of them"
    public static let options: [BaselineOption<ItemNetworkSettings<WordInput>>] = []
}

extension SpelledInput: ItemLSTMInput {
    public static let name = "char-lstm"
    public static let summary = "the same, which reads how items are spelled, by two LSTMs"
    public static let options = [
        BaselineOption("character-embedding", \ItemNetworkSettings<SpelledInput>.characterEmbedding),
        BaselineOption("character-hidden", \ItemNetworkSettings<SpelledInput>.characterHidden),
    ]
}

extension ItemNetworkSettings: BaselineSettings where Input: ItemLSTMInput {
    public static var options: [BaselineOption<Self>] {
        [
            BaselineOption("hidden", \Self.hidden), BaselineOption("embedding", \Self.embedding),
            BaselineOption("epochs", \Self.epochs), BaselineOption("seed", \Self.seed), BaselineOption("negatives", \Self.negatives),
            BaselineOption("lanes", \Self.lanes), BaselineOption("steps", \Self.steps), BaselineOption("shards", \Self.shards),
            BaselineOption("precision", \Self.precision), BaselineOption("dropout", \Self.dropout),
            BaselineOption("input-dropout", \Self.inputDropout), BaselineOption("learning-rate", \Self.learningRate),
            BaselineOption("final-rate", \Self.finalRate), BaselineOption("clip-norm", \Self.clipNorm),
            BaselineOption("validation", \Self.validation), BaselineOption("patience", \Self.patience),
            BaselineOption("unknown-items", \Self.unknownItems),
        ] + Input.options
    }
}
