import Baselines

extension FitOptions {
    /// All options that were given, under their names: what a model that is not LLA takes, or refuses. A new option belongs here too.
    func given(_ size: SizeOptions, _ rival: BaselineOptions) -> [GivenOption] {
        var given = rival.given
        func add<Value: Sendable>(_ name: String, _ value: Value?) {
            if let value { given.append(GivenOption(name, value)) }
        }
        add("topics", size.topics)
        add("hidden", size.hidden)
        add("embedding", size.embedding.map(\.width))
        add("cell", size.cell)
        add("variant", variant)
        add("unknown-items", unknownItems)
        add("character-embedding", characterEmbedding)
        add("character-hidden", characterHidden)
        add("epochs", epochs)
        add("seed", seed)
        add("particles", particles)
        add("beam", beam)
        add("conditional", conditional ? true : nil)
        add("memory", memory)
        add("belief-topics", beliefTopics)
        add("sampler", sampler)
        add("proposals", proposals)
        add("negatives", negatives)
        add("start", start)
        add("warm-up", warmUp)
        add("schedule", schedule)
        add("beta", beta)
        add("beta-update", betaUpdate)
        add("dropout", dropout)
        add("input-dropout", inputDropout)
        add("learning-rate", learningRate)
        add("final-rate", finalRate)
        add("clip-norm", clipNorm)
        add("lanes", lanes)
        add("steps", steps)
        add("shards", shards)
        add("precision", precision)
        add("validation", validation)
        add("patience", patience)
        add("restarts", restarts)
        add("validation-particles", validationParticles)
        return given
    }
}
