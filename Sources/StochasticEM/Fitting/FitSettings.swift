import Corpora
import Recurrence

/// All that a fit depends on besides the log: with the same settings, log and seed the same model comes out, bit by bit.
public struct FitSettings: Codable, Sendable, Equatable {
    /// Who of P copies of a sequence lives on (S4): `resampled`: particles, by α; `conditional`: the same, one of them kept on the
    /// path that the sequence has (S10); `beam`: the P best by log p(z, w) (S9).
    public enum Survivors: String, Codable, Sendable, CaseIterable { case resampled, conditional, beam }
    /// What x_t stands for (Paper-notes M2). `topic`: z_{t-1}; `word`: w_{t-1}; `char`: how w_{t-1} is spelled; `belief`: the mean over z_{t-1} given all items so far.
    public enum Variant: String, Codable, Sendable, CaseIterable { case topic, word, belief, char }
    /// Counts of a sequence's topics so far that the logits remember (M6): none, all of them, or all and the recent ones.
    public enum Memory: String, Codable, Sendable, CaseIterable { case none, long, both }
    /// How topics are drawn. `dense`: from all K (Paper-notes S1); `mh`: by Metropolis-Hastings (S7, S8), with P = 1 only.
    public enum Sampler: String, Codable, Sendable, CaseIterable { case dense, mh }
    /// Topics before the first SE-step: `ItemClusters` (soft or hard), `WordTopics`, `LatentDirichletAllocation` or `RandomTopics`; `auto` is soft
    /// clusters or LDA, as the log's order has it (`OrderTest`). The settings of a fitted model name the one that it was.
    public enum Start: String, Codable, Sendable, CaseIterable { case auto, clusters, hardClusters = "hard-clusters", word, lda, random }
    /// `fused`: one Adam step for each block that was sampled. `full`: the paper's, all blocks sampled before the network learns from them.
    public enum Schedule: String, Codable, Sendable, CaseIterable { case fused, full }

    /// In how many bits the network's large products take their factors while it is fitted. Weights stay in single precision, and a
    /// fitted model multiplies in it.
    public typealias Precision = Recurrence.Precision

    /// Kinds of recurrent layers: an LSTM, a layer of gated recurrent units, Elman's.
    public typealias Cell = CellKind

    /// What the network is fed with.
    public var variant = Variant.topic
    /// The network's recurrent layer; nil: an LSTM, which all models of earlier versions have.
    public var cell: Cell?
    /// What becomes of items that the model does not know where it reads logs; nil: what suits the variant (`unknownItemsPolicy`).
    public var unknownItems: UnknownItems?
    /// Of the `char` variant, the width of a character's row, 1 to 4,096; nil: 16.
    public var characterEmbedding: Int?
    /// Of the `char` variant, the units of each LSTM that reads characters, 1 to 4,096; nil: 64.
    public var characterHidden: Int?
    /// Topics that a belief carries from one event to the next at most.
    public var beliefTopics = 8
    /// What the logits remember of a sequence besides the network's state.
    public var memory = Memory.both
    /// K.
    public var topics = 100
    /// H.
    public var hidden = 128
    /// E; nil where the gate contributions of each input are learned themselves.
    public var embedding: Int? = 128
    /// β: of a fit, where it begins; of a fitted model, what is in force.
    public var beta = 0.001
    /// Whether β stays so.
    public var betaUpdate = ConcentrationUpdate.fixed
    /// Sweeps over the log, warm-up included.
    public var epochs = 30
    /// Share of the epochs in which the network learns the start's topics before any is drawn anew; nil: what suits the start
    /// (`Start.usualWarmUp`). The settings of a fitted model name the share that it was.
    public var warmUp: Double?
    /// Key of all random numbers of the fit.
    public var seed: UInt64 = 1
    /// Fits to make, from other random numbers each; the best on validation is kept.
    public var restarts = 1
    /// P of the SE-step, 1 to 4,096; nil: what suits the variant and the sampler (`copies`). The settings of a fitted model name the
    /// number that it was.
    public var particles: Int?
    /// Which of them go on after an event.
    public var survivors = Survivors.resampled
    /// How the SE-step draws topics.
    public var sampler = Sampler.dense
    /// Proposals a token for the Metropolis-Hastings sampler.
    public var proposals = 4
    /// N, topics that the M-step tells an event's own from (Paper-notes L10), a sample of all; nil: all of them. For the mh sampler.
    public var negatives: Int?
    /// Where topics come from before the first SE-step.
    public var start = Start.auto
    /// When the network learns from what was drawn.
    public var schedule = Schedule.fused
    /// B; nil: what suits the log's size (`usualLanes`). The settings of a fitted model name the number that it was.
    public var lanes: Int?
    /// T.
    public var steps = 32
    /// Groups that lanes are worked on in, 1 to B.
    public var shards = 4
    /// Of the network's products while it is fitted.
    public var precision = Precision.single
    /// Share of the hidden units that the softmax layer does not see, drawn anew for each event.
    public var dropout = 0.2
    /// Share of the embedding's units that the network does not see, drawn anew for each block.
    public var inputDropout = 0.1
    /// Of the M-step; `finalRate` says how its rate falls.
    public var adam = AdamOptimizer.Settings()
    /// Adam's rate at the last epoch as a share of that at the first.
    public var finalRate = 0.05
    /// Share of the sequences that validation keeps for itself.
    public var validation = 0.05
    /// Joint epochs without a better validation perplexity after which the fit ends; epochs of the warm-up where there are no others.
    public var patience = 6
    /// Particles of the validation's filter.
    public var validationParticles = 8

    /// The usual ones.
    public init() {}

    /// - Throws: `InvalidSetting` for the first that is out of range.
    public func validate() throws {
        func check(_ holds: Bool, _ name: String, _ value: any Sendable, _ remedy: String) throws {
            if !holds { throw InvalidSetting(name: name, value: "\(value)", remedy: remedy) }
        }
        try check(topics >= 1 && topics <= 1_000_000, "topics", topics, "choose between 1 and 1,000,000")
        try check(hidden >= 1 && hidden <= 16_384, "hidden", hidden, "choose between 1 and 16,384")
        try check(embedding.map { $0 >= 1 && $0 <= 16_384 } ?? true, "embedding", embedding ?? 0, "choose between 1 and 16,384")
        try check(beta > 1e-30 && beta < 1e6, "beta", beta, "choose a positive number; 0.001 to 0.1 is usual")
        try check(epochs >= 1 && epochs < 1 << 20, "epochs", epochs, "choose at least 1, and at most 1,048,575")
        try check(warmUp.map { $0 >= 0 && $0 <= 1 } ?? true, "warm-up", warmUp ?? 0, "choose a share of the epochs, from 0 to 1")
        let particles = copies
        try check(particles >= 1 && particles <= 4096, "particles", particles, "choose between 1 and 4,096")
        try check(
            sampler == .dense || particles == 1, "particles", particles,
            "the mh sampler never forms the weights that particles need: choose --particles 1 or --sampler dense")
        try check(
            !variant.isExact || particles == 1, "particles", particles,
            "the \(variant) variant's state does not depend on the topics drawn, so that copies would be alike: choose 1")
        try check(
            sampler == .dense || variant != .belief && (variant == .topic || memory == .none), "sampler", sampler,
            "it never forms the weights of all topics that beliefs and their counts are made of: choose --sampler dense, or --variant topic")
        try check(sampler == .dense || memory == .none, "memory", memory, "the mh sampler does not read it: choose none, or --sampler dense")
        try check(!variant.readsItems || embedding != nil, "embedding", "none", "an item's row is an embedding: choose a width")
        try check(
            unknownItems != .input || variant.readsItems, "unknown-items", "input",
            "the \(variant) variant reads topics, and an unknown item has none: choose skip, or the word or char variant")
        try check(
            characterEmbedding.map { $0 >= 1 && $0 <= 4096 } ?? true, "character-embedding", characterEmbedding ?? 0, "choose between 1 and 4,096")
        try check(characterHidden.map { $0 >= 1 && $0 <= 4096 } ?? true, "character-hidden", characterHidden ?? 0, "choose between 1 and 4,096")
        for (name, given) in [("character-embedding", characterEmbedding), ("character-hidden", characterHidden)] {
            try check(
                variant == .char || given == nil, name, given ?? 0,
                "the \(variant) variant reads no characters: leave it out, or choose the char variant")
        }
        try check(beliefTopics >= 1 && beliefTopics <= 4096, "belief-topics", beliefTopics, "choose between 1 and 4,096")
        try check(
            survivors != .conditional || particles > 1, "particles", particles,
            "one copy that is kept on its path never moves: choose at least 2 with conditional resampling")
        try check(proposals >= 1 && proposals <= 4096, "proposals", proposals, "choose between 1 and 4,096")
        try check(negatives.map { $0 >= 1 && $0 <= 1_000_000 } ?? true, "negatives", negatives ?? 0, "choose between 1 and 1,000,000")
        try check(
            negatives == nil || sampler == .mh, "negatives", negatives ?? 0,
            "the dense sampler weighs all topics, from which the network then learns at little more cost: choose --sampler mh, or no --negatives")
        let lanes = lanes ?? FitSettings.fewestLanes
        try check(lanes >= 1 && lanes <= 65_536, "lanes", lanes, "choose between 1 and 65,536")
        try check(steps >= 1 && steps <= 65_536, "steps", steps, "choose between 1 and 65,536")
        try check(lanes * steps <= 1 << 24, "steps", steps, "choose so that lanes times steps is at most 16,777,216; there are \(lanes) lanes")
        try check(shards >= 1 && shards <= lanes, "shards", shards, "choose between 1 and the number of lanes, \(lanes)")
        // In single precision, in which they are used, what is closer to 1 is 1.
        try check(dropout >= 0 && Float(dropout) < 1, "dropout", dropout, "choose a share from 0 to 0.9999999")
        try check(inputDropout >= 0 && Float(inputDropout) < 1, "input-dropout", inputDropout, "choose a share from 0 to 0.9999999")
        try check(
            inputDropout == 0 || embedding != nil, "input-dropout", inputDropout,
            "it drops units of the embedding: choose a width with --embedding")
        try check(adam.rate > 0 && adam.rate.isFinite, "learning-rate", adam.rate, "choose a positive number; 0.003 is usual")
        try check(adam.beta1 >= 0 && Float(adam.beta1) < 1, "adam-beta1", adam.beta1, "choose a share from 0 to 0.9999999; 0.9 is usual")
        try check(adam.beta2 >= 0 && Float(adam.beta2) < 1, "adam-beta2", adam.beta2, "choose a share from 0 to 0.9999999; 0.999 is usual")
        try check(adam.epsilon > 0 && adam.epsilon.isFinite, "adam-epsilon", adam.epsilon, "choose a positive number; 1e-8 is usual")
        try check(
            adam.clipNorm > 0 && adam.clipNorm.isFinite, "clip-norm", adam.clipNorm,
            "choose a positive number; one as large as 1e30 clips nothing")
        try check(finalRate >= 0 && finalRate <= 1, "final-rate", finalRate, "choose a share from 0 to 1")
        try check(validation >= 0 && validation <= 0.5, "validation", validation, "choose a share from 0 to 0.5")
        try check(
            recurrentCell.takes(precision), "precision", precision.rawValue,
            "the products of a \(recurrentCell) layer are made in single precision: choose single, or another --cell")
        try check(restarts >= 1 && restarts <= 1000, "restarts", restarts, "choose between 1 and 1,000")
        try check(
            restarts == 1 || validation > 0, "restarts", restarts,
            "the best of them is told by its validation perplexity: keep sequences aside with --validation")
        try check(patience >= 1, "patience", patience, "choose at least 1")
        try check(validationParticles >= 1 && validationParticles <= 4096, "validation-particles", validationParticles, "choose between 1 and 4,096")
    }

    /// Whether a fit can be made here: a model can be read where it could not have been fitted.
    ///
    /// - Throws: `InvalidSetting` for what this machine lacks.
    public func validateForThisMachine() throws {
        guard !precision.isAvailable else { return }
        throw InvalidSetting(
            name: "precision", value: precision.rawValue,
            remedy: "this processor has neither avx512_bf16 nor amx_bf16, or oneDNN may not use them: choose single")
    }
}
