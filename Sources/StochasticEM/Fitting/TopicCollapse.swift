/// Topics stopped doing their work, and what to change: worth a warning, for the fit goes on.
public struct TopicCollapse: Sendable, Equatable, CustomStringConvertible {
    /// A fit is warned of when fewer topics are in effect than this share of those at the start.
    public static let smallestShare = 0.5
    /// Or when two topics overlap by more than this.
    public static let largestOverlap = 0.95

    /// What is wrong.
    public enum Cause: Sendable, Equatable {
        /// Few topics swallow the others: effective numbers of topics.
        case swallowed(now: Double, atStart: Double)
        /// Two topics mean the same.
        case alike(TopicHealth.Overlap)
    }

    /// What is wrong; of two causes the one that is named first.
    public let cause: Cause
    private let settings: FitSettings

    init(_ cause: Cause, settings: FitSettings) {
        self.cause = cause
        self.settings = settings
    }

    /// What is wrong, and which setting to change.
    public var description: String {
        switch cause {
        case .swallowed(let now, let atStart):
            "topics collapse: only \(Int(now.rounded())) are in effect, of \(Int(atStart.rounded())) at the start; "
                + "raise --warm-up (it is \(settings.warmUp ?? settings.start.usualWarmUp))\(lowerBeta)"
        case .alike(let overlap):
            "topics \(overlap.first) and \(overlap.second) have become the same (they overlap by "
                + "\((1000 * overlap.coefficient).rounded(.down) / 10) %); choose fewer --topics (there are \(settings.topics))\(lowerBeta)"
        }
    }

    private var lowerBeta: String {
        switch settings.betaUpdate {
        case .fixed: ", or lower --beta (it is \(settings.beta))"
        // It is not for the user to set.
        case .minka: ""
        }
    }
}

/// Compares each epoch with the start, and speaks up once.
struct CollapseWatch {
    private let settings: FitSettings
    /// Effective topics before the first epoch.
    private var atStart: Double
    private var hasSpoken = false

    init(_ atStart: TopicHealth, settings: FitSettings) {
        self.atStart = atStart.effectiveTopics
        self.settings = settings
    }

    /// Goes on where another watch stood.
    init(from state: StateReader, settings: FitSettings) throws {
        (atStart, self.settings) = (0, settings)
        try restore(from: state)
    }

    /// The first collapse of the joint epochs, nil before and after it: a warm-up leaves topics as they are.
    mutating func collapse(in health: TopicHealth, phase: Phase) -> TopicCollapse? {
        guard phase == .joint, !hasSpoken, let cause = cause(health) else { return nil }
        hasSpoken = true
        return TopicCollapse(cause, settings: settings)
    }

    private func cause(_ health: TopicHealth) -> TopicCollapse.Cause? {
        if health.effectiveTopics < TopicCollapse.smallestShare * atStart {
            return .swallowed(now: health.effectiveTopics, atStart: atStart)
        }
        guard let overlap = health.largestOverlap, overlap.coefficient > TopicCollapse.largestOverlap else { return nil }
        return .alike(overlap)
    }
}

extension CollapseWatch: Checkpointed {
    func save(to state: inout StateWriter) {
        state.add("at_start", atStart)
        state.add("has_spoken", hasSpoken ? 1 : 0)
    }

    mutating func restore(from state: StateReader) throws {
        atStart = try state.number("at_start")
        hasSpoken = try state.whole("has_spoken", in: 0...1) == 1
    }
}
