import StochasticEM

/// The paper's independent learner: topics of LDA first, then an LSTM that learns their order, and no step that moves both.
///
/// That is LLA that never leaves its warm-up, and so an assembly of its settings: what comes out is a model of LLA's kind.
public enum IndependentLearner {
    /// What `lla fit --model` calls it; `settings.json` calls what it makes `lla`.
    public static let name = "independent"
    /// What it is: a clause for a list of all.
    public static let summary = "topics by LDA, then an LSTM that learns them as they are"

    /// Options that say how topics move with the network, which they do not here.
    private static let unused: Set<String> = [
        "start", "warm-up", "particles", "beam", "conditional", "sampler", "proposals", "negatives", "schedule", "beta-update", "alpha", "sweeps", "decay",
    ]

    /// - Throws: `UnusedOption` for one that has no meaning here.
    public static func check(_ given: [GivenOption]) throws {
        guard let option = given.first(where: { unused.contains($0.name) }) else { return }
        throw UnusedOption(name: option.name, model: name, remedy: "leave it out: topics stay as LDA made them")
    }

    /// Settings of a fit that are the independent learner's.
    public static func settings(_ settings: FitSettings) -> FitSettings {
        var settings = settings
        (settings.start, settings.warmUp) = (.lda, 1)
        (settings.sampler, settings.particles, settings.survivors) = (.dense, 1, .resampled)
        (settings.negatives, settings.schedule, settings.betaUpdate) = (nil, .fused, .fixed)
        return settings
    }
}
