/// What becomes of an event whose item a model's vocabulary does not hold: when a log is read with that model, and of rare items when it is fitted.
public enum UnknownItems: String, Codable, Sendable, CaseIterable {
    /// It is left out, as if it had not been.
    case skip
    /// It stays, under a number behind those of the vocabulary: nothing is expected to foresee it, but what comes next may hang on it.
    case input
}
