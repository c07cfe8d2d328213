/// What a baseline tells while it is fitted.
public enum BaselineEvent: Sendable {
    /// So many of the sweeps of a piece of work are over.
    case sweeps(Int, of: Int, work: String)
    /// Within an epoch.
    case progress(epoch: Int, epochs: Int, tokens: Int, of: Int, tokensPerSecond: Double)
    /// An epoch is over; a line of training.jsonl.
    case epoch(BaselineEpoch)
}

/// One epoch in numbers, under the names that those of LLA have.
public struct BaselineEpoch: Codable, Sendable, Equatable {
    /// Counted from 1.
    public var epoch: Int
    /// exp(−mean log p) of the training tokens, parameters as they were in the epoch; nil where it is not known.
    public var trainPerplexity: Double?
    /// Of the sequences that validation keeps; nil where it keeps none.
    public var validationPerplexity: Double?
    /// Validation left out.
    public var tokensPerSecond: Double

    enum CodingKeys: String, CodingKey {
        case epoch
        case trainPerplexity = "train_perplexity"
        case validationPerplexity = "validation_perplexity"
        case tokensPerSecond = "tokens_per_second"
    }
}
