/// One fit of a search, whole and by itself; a line of the file of trials.
public struct Trial: Codable, Sendable, Equatable {
    /// Counted from 1.
    public let round: Int
    /// Counted from 1, in the order in which candidates were drawn.
    public let candidate: Int
    /// Of the best epoch, on the sequences that all candidates are compared on; nil where no epoch came to a number.
    public let perplexity: Double?
    /// All of the fit's settings, the round's epochs among them.
    public let settings: FitSettings

    /// - Parameter perplexity: one that is not finite counts as none.
    public init(round: Int, candidate: Int, perplexity: Double?, settings: FitSettings) {
        self.round = round
        self.candidate = candidate
        self.perplexity = perplexity.flatMap { $0.isFinite ? $0 : nil }
        self.settings = settings
    }

    /// Whether it goes before another: by perplexity, one without a perplexity last; of equals the earlier round, then the
    /// candidate drawn first.
    public func isBetter(than other: Trial) -> Bool {
        switch (perplexity, other.perplexity) {
        case (let mine?, let others?) where mine != others: mine < others
        case (.some, nil): true
        case (nil, .some): false
        default: (round, candidate) < (other.round, other.candidate)
        }
    }
}
