/// What a fit tells while it runs.
public enum FitEvent: Sendable {
    /// A fit goes on from a checkpoint; told once, before all else. The epochs that are over, of all restarts.
    case resuming([EpochRecord])
    /// A phase begins that has no epochs: the start's own work.
    case preparing(String)
    /// Within an epoch.
    case progress(Progress)
    /// An epoch is over; a line of training.jsonl.
    case epoch(EpochRecord)
    /// Topics collapse; told once a fit, behind the first epoch that shows it.
    case collapse(TopicCollapse)

    /// Where an epoch stands after a block.
    public struct Progress: Sendable {
        /// The epoch under way, counted from 1.
        public let epoch: Int
        /// How many epochs there may be; `patience` can end a fit before.
        public let epochs: Int
        /// That of the epoch.
        public let phase: Phase
        /// Tokens read in this epoch's sweeps so far.
        public let tokens: Int
        /// What these will come to at the epoch's end.
        public let tokensOfEpoch: Int
        /// exp(−mean log p̂) over the sweep under way, so far; nil as in `EpochRecord`.
        public let trainPerplexity: Double?
        /// Mean since the epoch began.
        public let tokensPerSecond: Double
    }
}

/// The phases of a fit: the network learns the start's topics, then topics and network move together.
public enum Phase: String, Codable, Sendable { case warmUp = "warm-up", joint }

/// One epoch in numbers.
public struct EpochRecord: Codable, Sendable, Equatable {
    /// Counted from 1.
    public var epoch: Int
    /// The phase that it belongs to.
    public var phase: Phase
    /// exp(−mean log p̂) of the training tokens as the epoch's last sweep saw them, parameters moving meanwhile: in joint epochs of the fused schedule as
    /// topics were drawn; in the warm-up, and where topics are drawn for the whole log at once, given the topics that the sequence has. nil where topics are sampled in the
    /// M-step (`FitSettings.negatives`), since θ of all topics is never formed then.
    public var trainPerplexity: Double?
    /// Of the sequences that validation keeps; nil where it keeps none.
    public var validationPerplexity: Double?
    /// exp(−mean log θ_t(z_t)); nil as the one before.
    public var topicPerplexity: Double?
    /// Over all sweeps of the epoch, validation left out.
    public var tokensPerSecond: Double
    /// Share of Metropolis-Hastings proposals accepted; nil for a sampler that proposes nothing.
    public var acceptRate: Double?
    /// Mean over events of how many of the P copies explain it about alike (Paper-notes S11); nil where there is one.
    public var effectiveSampleSize: Double?
    /// Share of events whose topic changed.
    public var moved: Double
    /// β at the epoch's end; nil in lines that were written before it could move.
    public var beta: Double?
    /// Of `TopicHealth` at the epoch's end; nil in lines that were written before it was.
    public var effectiveTopics: Double?
    /// How many topics are dead, of `TopicHealth` at the epoch's end; nil as the one before.
    public var deadTopics: Int?
    /// Bhattacharyya's coefficient of the two most alike, of `TopicHealth`; nil as before, and where fewer than two topics are alive.
    public var largestOverlap: Double?
    /// Which of several fits it belongs to, counted from 1; nil where there is one.
    public var restart: Int?

    enum CodingKeys: String, CodingKey {
        case epoch, phase, moved, beta, restart
        case trainPerplexity = "train_perplexity"
        case validationPerplexity = "validation_perplexity"
        case topicPerplexity = "topic_perplexity"
        case tokensPerSecond = "tokens_per_second"
        case acceptRate = "accept_rate"
        case effectiveSampleSize = "effective_sample_size"
        case effectiveTopics = "effective_topics"
        case deadTopics = "dead_topics"
        case largestOverlap = "largest_overlap"
    }

    mutating func take(_ health: TopicHealth) {
        effectiveTopics = health.effectiveTopics
        deadTopics = health.deadTopics.count
        largestOverlap = health.largestOverlap?.coefficient
    }
}
