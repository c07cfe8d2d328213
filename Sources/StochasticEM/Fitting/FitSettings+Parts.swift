import Recurrence
import TopicSampling

// The parts that settings name. `SweepPlan` and `Fit` put them together.

extension FitSettings {
    /// - Parameter items: V.
    func networkShape(items: Int) -> RecurrentNetwork.Shape {
        RecurrentNetwork.Shape(
            hidden: hidden, classes: topics, inputs: variant == .word ? items : topics, embedding: embedding,
            learns: variant == .word ? .touched : .all, memories: memory.kinds)
    }

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

    /// P that serves it well.
    public var usualParticles: Int { isExact ? 1 : 4 }
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
