import ArgumentParser
import StochasticEM

extension FitSettings.Sampler: ExpressibleByArgument {}
extension FitSettings.Start: ExpressibleByArgument {}
extension FitSettings.Memory: ExpressibleByArgument {}
extension FitSettings.Schedule: ExpressibleByArgument {}
extension ConcentrationUpdate: ExpressibleByArgument {}

/// How a model is fitted; `FitSettings` has the defaults.
struct FitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What the LSTM reads of the event before: belief, its topics as far as they can be known; word, the item; topic, a topic drawn, as published. (default: \(FitSettings().variant))",
            valueName: "variant"),
        completion: .list(FitSettings.Variant.allCases.map(\.rawValue)), transform: FitOptions.variant)
    var variant = FitSettings().variant

    @Option(help: ArgumentHelp("Passes over the log, warm-up included.", valueName: "count"))
    var epochs = FitSettings().epochs

    @Option(help: ArgumentHelp("Where all random numbers come from: equal seeds, equal models.", valueName: "number"))
    var seed = FitSettings().seed

    @Option(help: ArgumentHelp(
        "Copies of each sequence that topics are drawn with, for --variant topic; 1 is the published algorithm. (default: 4; 1 with --sampler mh)",
        valueName: "count"))
    var particles: Int?

    @Option(help: ArgumentHelp(
        "Paths that a beam search keeps of each sequence, for --variant topic, instead of --particles. (default: none)", valueName: "count"))
    var beam: Int?

    @Flag(help: "Keep one of the particles on the path that the sequence has: conditional SMC, which leaves the posterior as it is. (default: free resampling)")
    var conditional = false

    @Option(help: ArgumentHelp(
        "What is remembered of a sequence besides the LSTM's state: none; long, how often each topic came; both, that and the recent ones.",
        valueName: "memory"))
    var memory = FitSettings().memory

    @Option(help: ArgumentHelp(
        "How topics are drawn: dense weighs all of them; mh (Metropolis-Hastings) is faster where topics are many.", valueName: "sampler"))
    var sampler = FitSettings().sampler

    @Option(help: ArgumentHelp("Proposals a token; for --sampler mh. (default: \(FitSettings().proposals))", valueName: "count"))
    var proposals: Int?

    @Option(help: ArgumentHelp(
        "First topics: clusters of items by their neighbours (clicks), lda (baskets), random; auto: clusters where order carries much, else lda.", valueName: "start"))
    var start = FitSettings().start

    @Option(help: ArgumentHelp(
        "Share of the epochs in which the network learns the first topics before any is drawn anew. (default: \(FitSettings.Start.clusters.usualWarmUp), or \(FitSettings.Start.lda.usualWarmUp) from lda)",
        valueName: "share"))
    var warmUp: Double?

    @Option(help: ArgumentHelp(
        "fused: the network learns from each block once it is drawn; full: from all blocks once all are drawn, as published.",
        valueName: "schedule"))
    var schedule = FitSettings().schedule

    @Option(help: ArgumentHelp("Concentration of topics over items (\u{03B2}): the smaller, the fewer items to a topic.", valueName: "number"))
    var beta = FitSettings().beta

    @Option(help: ArgumentHelp(
        "fixed: \u{03B2} stays; minka: after each joint epoch it becomes what the counts make most likely.", valueName: "update"))
    var betaUpdate = FitSettings().betaUpdate

    @Option(help: ArgumentHelp("Share of hidden units left out at random while learning.", valueName: "share"))
    var dropout = FitSettings().dropout

    @Option(help: ArgumentHelp(
        "Share of the embedding's units left out at random while learning. (default: \(FitSettings().inputDropout); 0 with --embedding none)",
        valueName: "share"))
    var inputDropout: Double?

    @Option(help: ArgumentHelp("Adam's step at the first epoch.", valueName: "number"))
    var learningRate = FitSettings().adam.rate

    @Option(help: ArgumentHelp("Adam's step at the last epoch, as a share of that at the first.", valueName: "share"))
    var finalRate = FitSettings().finalRate

    @Option(help: ArgumentHelp("Longest gradient; longer ones are scaled down to it.", valueName: "number"))
    var clipNorm = FitSettings().adam.clipNorm

    @Option(help: ArgumentHelp("Sequences worked on side by side.", valueName: "count"))
    var lanes = FitSettings().lanes

    @Option(help: ArgumentHelp("Events of a sequence between two steps of Adam.", valueName: "count"))
    var steps = FitSettings().steps

    @Option(help: ArgumentHelp("Groups of lanes that threads share out; part of the model, unlike --threads.", valueName: "count"))
    var shards = FitSettings().shards

    @Option(help: ArgumentHelp("Share of the sequences kept aside to tell when to stop.", valueName: "share"))
    var validation = FitSettings().validation

    @Option(help: ArgumentHelp("Stop when so many epochs were no better on what is kept aside.", valueName: "epochs"))
    var patience = FitSettings().patience

    @Option(help: ArgumentHelp(
        "Fits to make, from other random numbers each; the best on what is kept aside becomes the model.", valueName: "count"))
    var restarts = FitSettings().restarts

    @Option(help: ArgumentHelp("Copies of each sequence when what is kept aside is scored.", valueName: "count"))
    var validationParticles = FitSettings().validationParticles

    mutating func validate() throws {
        if beam != nil, particles != nil || conditional || sampler == .mh {
            throw ValidationError("--beam chooses among paths in its own way (leave out --particles, --conditional and --sampler mh)")
        }
        if proposals != nil, sampler != .mh {
            throw ValidationError("--proposals is for --sampler mh; the \(sampler) sampler makes none (leave one of them out)")
        }
    }

    /// - Throws: `InvalidSetting`.
    func settings(_ size: SizeOptions) throws -> FitSettings {
        var settings = FitSettings()
        size.apply(to: &settings)
        settings.variant = variant
        settings.epochs = epochs
        settings.seed = seed
        settings.sampler = sampler
        settings.particles = beam ?? particles ?? (variant.isExact || sampler == .mh ? 1 : 4)
        settings.survivors = beam != nil ? .beam : conditional ? .conditional : .resampled
        settings.memory = memory
        settings.proposals = proposals ?? settings.proposals
        settings.start = start
        settings.warmUp = warmUp
        settings.schedule = schedule
        settings.beta = beta
        settings.betaUpdate = betaUpdate
        settings.dropout = dropout
        settings.inputDropout = inputDropout ?? settings.inputDropout
        settings.adam.rate = learningRate
        settings.adam.clipNorm = clipNorm
        settings.finalRate = finalRate
        settings.lanes = lanes
        settings.steps = steps
        settings.shards = shards
        settings.validation = validation
        settings.patience = patience
        settings.restarts = restarts
        settings.validationParticles = validationParticles
        try settings.validate()
        return settings
    }

    private static let variant: @Sendable (String) throws -> FitSettings.Variant = { name in
        if let variant = FitSettings.Variant(rawValue: name) { return variant }
        let known = FitSettings.Variant.allCases.map(\.rawValue).joined(separator: ", ")
        let planned = name == "char"
        throw ValidationError("\(planned ? "it is not available in this version" : "there is no such variant") (choose \(known))")
    }
}
