import Recurrence
import TopicSampling

// The parts that settings name. `SweepPlan` and `Fit` put them together.

extension FitSettings {
    /// The network while it is fitted. Its parameters, laid out otherwise where topics are sampled, are never kept in a model.
    ///
    /// - Parameter items: V.
    func learningShape(items: Int) -> RecurrentNetwork.Shape {
        var shape = networkShape(items: items)
        shape.negatives = negatives
        // A table of 4H floats a topic: all of it is as much work as all topics of the softmax.
        if negatives != nil, embedding == nil { shape.learns = .touched }
        return shape
    }

    /// The network of a model.
    ///
    /// - Parameter items: V.
    func networkShape(items: Int) -> RecurrentNetwork.Shape {
        RecurrentNetwork.Shape(
            hidden: hidden, classes: topics, inputs: variant == .word ? items : topics, embedding: embedding,
            learns: variant == .word ? .touched : .all, memories: memory.kinds, cell: recurrentCell)
    }

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
        case .word: WordFeedback()
        case .belief: BeliefFeedback(entries: min(beliefTopics, topics))
        }
    }
}

extension FitSettings.Variant {
    /// Whether the network's state is a function of the items alone: then one pass gives the exact likelihood, and there is no
    /// path that copies of a sequence could differ by.
    public var isExact: Bool { self != .topic }
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
