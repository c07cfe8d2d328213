/// How many numbers a model keeps, counted as the paper counts them: of a table of counts those that are not zero.
public struct ParameterCount: Sendable, Equatable {
    /// Weights and probabilities that were learned, whatever their values.
    public let learned: Int
    /// Counts above zero; the others need no room.
    public let counts: Int

    /// Of what is left out there is nothing.
    public init(learned: Int = 0, counts: Int = 0) {
        self.learned = learned
        self.counts = counts
    }

    /// Numbers of both kinds.
    public var total: Int { learned + counts }
}
