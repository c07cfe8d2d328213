import ArgumentParser
import Baselines
import Corpora
import StochasticEM

extension UnknownItems: ExpressibleByArgument {}

extension FitSettings.Sampler: ExpressibleByArgument {}
extension FitSettings.Start: ExpressibleByArgument {}
extension FitSettings.Memory: ExpressibleByArgument {}
extension FitSettings.Schedule: ExpressibleByArgument {}
extension FitSettings.Precision: ExpressibleByArgument {}
extension ConcentrationUpdate: ExpressibleByArgument {}

/// How a model is fitted; `FitSettings` has the defaults.
struct FitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What the LSTM reads of the event before: topic, a topic drawn; belief, its topics as far as they can be known, and an exact likelihood; word, the item; char, how it is spelled, which tells something of items never seen. (default: \(FitSettings().variant))",
            valueName: "variant"),
        completion: .list(FitSettings.Variant.allCases.map(\.rawValue)), transform: FitOptions.variant)
    var variant: FitSettings.Variant?

    @Option(help: ArgumentHelp(
        "Passes over the log, warm-up included. (default: \(FitSettings().epochs); \(HiddenMarkovModel.Settings().epochs) for hmm)", valueName: "count"))
    var epochs: Int?

    @Option(help: ArgumentHelp(
        "Where all random numbers come from: equal seeds, equal models.", valueName: "number", standard: FitSettings().seed))
    var seed: UInt64?

    @Option(help: ArgumentHelp(
        "Copies of each sequence that topics are drawn with, for --variant topic; 1 is the published algorithm. (default: \(FitSettings().copies); 1 with --sampler mh)",
        valueName: "count"))
    var particles: Int?

    @Option(help: ArgumentHelp(
        "Paths that a beam search keeps of each sequence, for --variant topic, instead of --particles. (default: none)", valueName: "count"))
    var beam: Int?

    @Flag(help: "Keep one of the particles on the path that the sequence has: conditional SMC, which leaves the posterior as it is. (default: free resampling)")
    var conditional = false

    @Option(help: ArgumentHelp(
        "What is remembered of a sequence besides the LSTM's state: none; long, how often each topic came; both, that and the recent ones. (default: \(FitSettings().memory); none with --sampler mh)",
        valueName: "memory"))
    var memory: FitSettings.Memory?

    @Option(help: ArgumentHelp(
        "Topics that a belief carries from one event to the next at most; the heaviest stay. For --variant belief.",
        valueName: "count", standard: FitSettings().beliefTopics))
    var beliefTopics: Int?

    @Option(help: ArgumentHelp(
        "Items that the model does not know, as it learns (those that --min-count leaves out) and wherever it reads logs: skip leaves their events out; input feeds the network with them, word with a row for all such, char with their spelling, and expects none of them. (default: input for char, else skip)",
        valueName: "policy"))
    var unknownItems: UnknownItems?

    @Option(help: ArgumentHelp(
        "Width of a character's row. For --variant char and --model char-lstm. (default: \(FitSettings().characterWidth))", valueName: "count"))
    var characterEmbedding: Int?

    @Option(help: ArgumentHelp(
        "Units of each of the two LSTMs that read characters. For --variant char and --model char-lstm. (default: \(FitSettings().characterUnits))", valueName: "count"))
    var characterHidden: Int?

    @Option(help: ArgumentHelp(
        "How topics are drawn: dense weighs all of them; mh (Metropolis-Hastings) is faster where topics are many.",
        valueName: "sampler", standard: FitSettings().sampler))
    var sampler: FitSettings.Sampler?

    @Option(help: ArgumentHelp("Proposals a token; for --sampler mh. (default: \(FitSettings().proposals))", valueName: "count"))
    var proposals: Int?

    @Option(help: ArgumentHelp(
        "Topics that an event's own is told from as the LSTM learns, a sample drawn anew for every few events (sampled softmax); for --sampler mh, where topics are many; 256 is usual. Of items, for --model word-lstm and char-lstm. No perplexity in training is known then, only on what is kept aside. (default: all of them)",
        valueName: "count"))
    var negatives: Int?

    @Option(help: ArgumentHelp(
        "First topics: clusters of items by their neighbours, among the nearest of which an item's events are dealt (clicks); hard-clusters, one to an item; word, those of the word variant after a few epochs; lda (baskets); random; auto: clusters where order carries much, else lda.",
        valueName: "start", standard: FitSettings().start))
    var start: FitSettings.Start?

    @Option(help: ArgumentHelp(
        "Share of the epochs in which the network learns the first topics before any is drawn anew. (default: \(FitSettings.Start.clusters.usualWarmUp), or \(FitSettings.Start.lda.usualWarmUp) from lda)",
        valueName: "share"))
    var warmUp: Double?

    @Option(help: ArgumentHelp(
        "fused: the network learns from each block once it is drawn; full: from all blocks once all are drawn, as published.",
        valueName: "schedule", standard: FitSettings().schedule))
    var schedule: FitSettings.Schedule?

    @Option(help: ArgumentHelp(
        "Concentration of topics over items (\u{03B2}): the smaller, the fewer items to a topic. (default: \(FitSettings().beta); \(SequentialLDA.Settings().beta) for lda, ddlda and hmm)",
        valueName: "number"))
    var beta: Double?

    @Option(help: ArgumentHelp(
        "fixed: \u{03B2} stays; minka: after each joint epoch it becomes what the counts make most likely.",
        valueName: "update", standard: FitSettings().betaUpdate))
    var betaUpdate: ConcentrationUpdate?

    @Option(help: ArgumentHelp(
        "Share of hidden units left out at random while learning.", valueName: "share", standard: FitSettings().dropout))
    var dropout: Double?

    @Option(help: ArgumentHelp(
        "Share of the embedding's units left out at random while learning. (default: \(FitSettings().inputDropout); 0 with --embedding none; \(HistoryAutoencoder.Settings().inputDropout), of a history's items, for autoencoder)",
        valueName: "share"))
    var inputDropout: Double?

    @Option(help: ArgumentHelp("Adam's step at the first epoch.", valueName: "number", standard: FitSettings().adam.rate))
    var learningRate: Double?

    @Option(help: ArgumentHelp(
        "Adam's step at the last epoch, as a share of that at the first.", valueName: "share", standard: FitSettings().finalRate))
    var finalRate: Double?

    @Option(help: ArgumentHelp(
        "Longest gradient; longer ones are scaled down to it.", valueName: "number", standard: FitSettings().adam.clipNorm))
    var clipNorm: Double?

    @Option(help: ArgumentHelp(
        "Sequences worked on side by side. (default: \(FitSettings.fewestLanes), and more for logs of millions of events)", valueName: "count"))
    var lanes: Int?

    @Option(help: ArgumentHelp(
        "Events of a sequence between two steps of Adam.", valueName: "count", standard: FitSettings().steps))
    var steps: Int?

    @Option(help: ArgumentHelp(
        "Groups of lanes that threads share out, never more than there are lanes; part of the model, unlike --threads.", valueName: "count", standard: FitSettings().shards))
    var shards: Int?

    @Option(help: ArgumentHelp(
        "Of the network's products while it learns: single; bf16, faster, for processors with avx512_bf16 or amx_bf16, but not with --cell gru. Weights and sums are in single precision either way.",
        valueName: "precision", standard: FitSettings().precision))
    var precision: FitSettings.Precision?

    @Option(help: ArgumentHelp(
        "Share of the sequences kept aside to tell when to stop.", valueName: "share", standard: FitSettings().validation))
    var validation: Double?

    @Option(help: ArgumentHelp(
        "Stop when so many epochs were no better on what is kept aside. (default: \(FitSettings().patience); \(HiddenMarkovModel.Settings().patience) for hmm)",
        valueName: "epochs"))
    var patience: Int?

    @Option(help: ArgumentHelp(
        "Fits to make, from other random numbers each; the best on what is kept aside becomes the model.",
        valueName: "count", standard: FitSettings().restarts))
    var restarts: Int?

    @Option(help: ArgumentHelp(
        "Copies of each sequence when what is kept aside is scored, for --variant topic.", valueName: "count", standard: FitSettings().validationParticles))
    var validationParticles: Int?

    mutating func validate() throws {
        if beam != nil, particles != nil || conditional || sampler == .mh {
            throw ValidationError("--beam chooses among paths in its own way (leave out --particles, --conditional and --sampler mh)")
        }
        if let validation { try checkKeptAside(validation) }
    }

    /// What was given, and the defaults for all else.
    ///
    /// - Throws: `InvalidSetting`; `ValidationError` for an option without effect.
    func settings(_ size: SizeOptions, defaults: FitSettings = FitSettings()) throws -> FitSettings {
        var settings = defaults
        size.apply(to: &settings)
        settings.variant = variant ?? settings.variant
        settings.epochs = epochs ?? settings.epochs
        settings.seed = seed ?? settings.seed
        settings.sampler = sampler ?? settings.sampler
        // The sampler that never weighs all topics has no use for what is remembered of them.
        settings.memory = memory ?? (sampler == .mh ? .none : settings.memory)
        settings.proposals = proposals ?? settings.proposals
        settings.negatives = negatives ?? settings.negatives
        settings.start = start ?? settings.start
        settings.warmUp = warmUp ?? settings.warmUp
        settings.schedule = schedule ?? settings.schedule
        settings.beta = beta ?? settings.beta
        settings.betaUpdate = betaUpdate ?? settings.betaUpdate
        settings.dropout = dropout ?? settings.dropout
        settings.inputDropout = inputDropout ?? settings.inputDropout
        settings.adam.rate = learningRate ?? settings.adam.rate
        settings.adam.clipNorm = clipNorm ?? settings.adam.clipNorm
        settings.finalRate = finalRate ?? settings.finalRate
        settings.lanes = lanes ?? settings.lanes
        settings.beliefTopics = beliefTopics ?? settings.beliefTopics
        settings.steps = steps ?? settings.steps
        settings.unknownItems = unknownItems ?? settings.unknownItems
        settings.characterEmbedding = characterEmbedding ?? settings.characterEmbedding
        settings.characterHidden = characterHidden ?? settings.characterHidden
        // What was not given follows what was.
        settings.shards = shards ?? max(1, min(settings.shards, lanes ?? settings.shards))
        settings.precision = precision ?? settings.precision
        settings.validation = validation ?? settings.validation
        settings.patience = patience ?? settings.patience
        settings.restarts = restarts ?? settings.restarts
        settings.validationParticles = validationParticles ?? settings.validationParticles
        applyCopies(to: &settings)
        try checkProposals(settings)
        try checkCopies(settings)
        try checkKeptAside(settings.validation)
        try settings.validate()
        try settings.validateForThisMachine()
        return settings
    }

    /// How many copies there are, and who of them lives on, go together.
    private func applyCopies(to settings: inout FitSettings) {
        if let beam {
            (settings.particles, settings.survivors) = (beam, .beam)
        } else if let particles {
            (settings.particles, settings.survivors) = (particles, .resampled)
        } else if settings.takesOneCopy {
            // What a file says of copies is said for the variant that takes them.
            (settings.particles, settings.survivors) = (nil, .resampled)
        }
        if conditional { settings.survivors = .conditional }
    }

    /// What is said of the sequences kept aside has no use where there are none, whoever chose that.
    private func checkKeptAside(_ share: Double) throws {
        let given = GivenWords.option("patience", patience) + GivenWords.option("validation-particles", validationParticles)
        guard share == 0, let first = given.first else { return }
        throw ValidationError("--\(first.name) is for what is kept aside, and --validation 0 keeps nothing (leave one of them out)")
    }

    private func checkProposals(_ settings: FitSettings) throws {
        if proposals != nil, settings.sampler != .mh {
            throw ValidationError("--proposals is for --sampler mh; the \(settings.sampler) sampler makes none (leave one of them out)")
        }
    }

    /// What chooses among copies is refused by its own name where there is one copy, whoever chose that.
    private func checkCopies(_ settings: FitSettings) throws {
        guard settings.takesOneCopy else { return }
        let reason = settings.variant.isExact
            ? "the \(settings.variant) variant's state does not depend on the topics drawn, so that copies would be alike: leave it out, or choose --variant topic"
            : "the mh sampler never forms the weights that copies need: leave it out, or choose --sampler dense"
        if let beam { throw InvalidSetting(name: "beam", value: "\(beam)", remedy: reason) }
        if conditional { throw ValidationError("--conditional cannot be (\(reason))") }
    }

    /// - Throws: `ValidationError` for an option that a variant has no use for.
    func check(for variant: FitSettings.Variant) throws {
        if beliefTopics != nil, variant != .belief {
            throw ValidationError("--belief-topics is for --variant belief; the \(variant) variant carries no belief (leave one of them out)")
        }
        if validationParticles != nil, variant.isExact {
            throw ValidationError(
                "--validation-particles is for --variant topic; the \(variant) variant is scored exactly (leave one of them out)")
        }
    }

    /// - Throws: `InvalidSetting` for an option that contradicts what a model remembers, and keeps, whatever the option asks for.
    func check(goingOnFrom start: WarmStart) throws {
        if sampler == .mh, memory == nil, start.settings.memory != .none {
            throw InvalidSetting(
                name: "sampler", value: "mh",
                remedy: "the model that the fit starts from has --memory \(start.settings.memory), and keeps it, which mh does not read: leave this out")
        }
    }

    /// Settings that a search leaves alone, since they were given.
    func pinned(_ size: SizeOptions) -> Set<TunedSetting> {
        let given: [(TunedSetting, Bool)] = [
            (.variant, variant != nil), (.memory, memory != nil), (.topics, size.topics != nil), (.hidden, size.hidden != nil),
            (.beta, beta != nil), (.dropout, dropout != nil), (.inputDropout, inputDropout != nil),
            (.learningRate, learningRate != nil), (.tokensPerStep, lanes != nil),
        ]
        return Set(given.filter(\.1).map(\.0))
    }

    private static let variant: @Sendable (String) throws -> FitSettings.Variant = { name in
        if let variant = FitSettings.Variant(rawValue: name) { return variant }
        let known = FitSettings.Variant.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("there is no such variant (choose \(known))")
    }
}
