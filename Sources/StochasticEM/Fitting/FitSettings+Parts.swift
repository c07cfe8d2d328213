import Corpora
import Recurrence
import TopicSampling

// The parts that settings name. `SweepPlan` and `Fit` put them together.

extension FitSettings {
    /// The network while it is fitted. Its parameters, laid out otherwise where topics are sampled, are never kept in a model.
    ///
    /// - Parameters:
    ///   - items: V.
    ///   - spelling: of the items, where the variant reads that.
    func learningShape(items: Int, spelling: Spelling? = nil) -> RecurrentNetwork.Shape {
        var shape = networkShape(items: items, spelling: spelling)
        shape.negatives = negatives
        // A table of 4H floats a topic: all of it is as much work as all topics of the softmax.
        if negatives != nil, embedding == nil { shape.learns = .touched }
        return shape
    }

    /// The network of a model.
    ///
    /// - Parameters:
    ///   - items: V.
    ///   - spelling: of the items, where the variant reads that.
    func networkShape(items: Int, spelling: Spelling? = nil) -> RecurrentNetwork.Shape {
        RecurrentNetwork.Shape(
            hidden: hidden, classes: topics, inputs: variant.readsItems ? items : topics, embedding: embedding,
            learns: variant == .word ? .touched : .all, memories: memory.kinds, cell: recurrentCell,
            unknowns: variant == .word && unknownItemsPolicy == .input ? 1 : 0, spelled: spelling.map(spelledShape))
    }

    /// How the variant reads the items of a vocabulary, where it reads spellings.
    func spelling(of vocabulary: Vocabulary) -> Spelling? { variant == .char ? Spelling(vocabulary.items) : nil }

    private func spelledShape(_ spelling: Spelling) -> SpelledRows.Shape {
        SpelledRows.Shape(characters: spelling.alphabet, embedding: characterWidth, hidden: characterUnits)
    }

    /// Width of a character's row.
    public var characterWidth: Int { characterEmbedding ?? 16 }
    /// Units of each LSTM that reads characters.
    public var characterUnits: Int { characterHidden ?? 64 }

    /// What becomes of items that a model does not know: a spelling says something of any; a model without an input for them leaves them out.
    public var unknownItemsPolicy: UnknownItems { unknownItems ?? (variant == .char ? .input : .skip) }

    /// The recurrent layer.
    public var recurrentCell: Cell { cell ?? .lstm }

    /// Lanes for all but large logs.
    public static let fewestLanes = 16

    /// B that suits a log: the number of Adam steps matters more than their size, so blocks are small; they grow, as long as an epoch
    /// has 2,000 steps all the same, since larger products run faster.
    public static func usualLanes(events: Int, steps: Int) -> Int {
        var lanes = fewestLanes
        while lanes < 128, events / (2 * lanes * steps) >= 2000 { lanes *= 2 }
        return lanes
    }

    /// P. The `topic` variant is better for several particles; the other variants' copies would be alike, and the `mh` sampler has none.
    public var copies: Int { particles ?? (takesOneCopy ? 1 : 4) }

    /// Whether more copies than one have no meaning.
    public var takesOneCopy: Bool { variant.isExact || sampler == .mh }

    /// How blocks are cut for a log of so many events, with so many copies of each lane.
    func block(events: Int, particles: Int = 1) -> BlockShape {
        BlockShape(
            lanes: lanes ?? FitSettings.usualLanes(events: events, steps: steps), steps: steps, particles: particles, shards: shards)
    }

    /// Adam's rate behind so many epochs, as a share of that at the start.
    package func rateShare(after epochs: Int) -> Double { 1 - (1 - finalRate) * Double(epochs) / Double(self.epochs) }

    /// What an event leaves for the next.
    var feedback: any Feedback {
        switch variant {
        case .topic: TopicFeedback()
        case .word: WordFeedback(strangers: unknownItemsPolicy == .input ? .one : .none)
        case .char: WordFeedback(strangers: unknownItemsPolicy == .input ? .each : .none)
        case .belief: BeliefFeedback(entries: min(beliefTopics, topics))
        }
    }
}

extension FitSettings {
    /// The same while the network learns from a log: a row that stands for unknown items is learned from some that are known.
    func learningFeedback(_ vocabulary: Vocabulary) -> any Feedback {
        guard var words = feedback as? WordFeedback, words.strangers == .one else { return feedback }
        // Items, the row in question, and that of a first step.
        words.replacement = InputReplacement(row: Int32(vocabulary.count), counts: vocabulary.counts)
        return words
    }
}

extension FitSettings.Variant {
    /// Whether the network is fed with items, and not with topics.
    public var readsItems: Bool { self == .word || self == .char }

    /// Whether the network's state is a function of the items alone: then one pass gives the exact likelihood, and there is no
    /// path that copies of a sequence could differ by.
    public var isExact: Bool { self != .topic }

    /// P of a filter that reads sequences, where so many are asked for: one pass does where it is exact.
    func particles(of asked: Int) -> Int { isExact ? 1 : asked }
}

extension FitSettings.Survivors {
    /// The policy that the setting names.
    var policy: any SurvivorPolicy {
        switch self {
        case .resampled: Resampling()
        case .conditional: ConditionalResampling()
        case .beam: BeamSearch()
        }
    }
}

extension FitSettings.Memory {
    /// Kinds of running counts.
    var kinds: Int {
        switch self {
        case .none: 0
        case .long: 1
        case .both: 2
        }
    }
}
