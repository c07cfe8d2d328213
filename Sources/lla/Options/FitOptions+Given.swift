import Baselines

extension FitOptions {
    /// All options that were given, under their names: what a model that is not LLA takes, or refuses. A new option belongs here too.
    func given(_ size: SizeOptions, _ baseline: BaselineOptions) -> [GivenOption] {
        let all: [(String, (any Sendable)?)] = [
            ("topics", size.topics), ("hidden", size.hidden), ("embedding", size.embedding.map { $0.width }),
            ("variant", variant), ("epochs", epochs), ("seed", seed), ("particles", particles), ("beam", beam),
            ("conditional", conditional ? true : nil), ("memory", memory), ("belief-topics", beliefTopics), ("sampler", sampler),
            ("proposals", proposals), ("negatives", negatives), ("start", start), ("warm-up", warmUp), ("schedule", schedule),
            ("beta", beta), ("beta-update", betaUpdate), ("dropout", dropout), ("input-dropout", inputDropout),
            ("learning-rate", learningRate), ("final-rate", finalRate), ("clip-norm", clipNorm), ("lanes", lanes), ("steps", steps),
            ("shards", shards), ("precision", precision), ("validation", validation), ("patience", patience), ("restarts", restarts),
            ("validation-particles", validationParticles),
        ]
        return all.compactMap { name, value in value.map { GivenOption(name, $0) } } + baseline.given
    }
}
