import Recurrence

/// All that a fit depends on besides the log: with the same settings, log and seed the same model comes out, bit by bit.
public struct FitSettings: Codable, Sendable, Equatable {
    public enum Variant: String, Codable, Sendable, CaseIterable { case topic }
    public enum Sampler: String, Codable, Sendable, CaseIterable { case dense, mh }
    public enum Start: String, Codable, Sendable, CaseIterable { case clusters, lda, random }
    /// `fused`: one Adam step for each block that was sampled. `full`: the paper's, all blocks sampled before the network learns from them.
    public enum Schedule: String, Codable, Sendable, CaseIterable { case fused, full }

    public var variant = Variant.topic
    /// K.
    public var topics = 100
    /// H.
    public var hidden = 128
    /// E; nil where the gate contributions of each input are learned themselves.
    public var embedding: Int?
    /// β.
    public var beta = 0.001
    /// Sweeps over the log, warm-up included.
    public var epochs = 30
    /// Share of the epochs in which the network learns the start's topics before any is drawn anew.
    public var warmUp = 0.3
    public var seed: UInt64 = 1
    public var particles = 4
    public var sampler = Sampler.dense
    /// Proposals a token for the Metropolis-Hastings sampler.
    public var proposals = 4
    public var start = Start.clusters
    public var schedule = Schedule.fused
    /// B, T, and the groups that lanes are worked on in.
    public var lanes = 16
    public var steps = 32
    public var shards = 4
    public var dropout = 0.1
    public var adam = AdamOptimizer.Settings()
    /// Adam's rate at the last epoch as a share of that at the first.
    public var finalRate = 0.05
    /// Share of the sequences that validation keeps for itself.
    public var validation = 0.05
    /// Epochs without a better validation perplexity after which the fit ends.
    public var patience = 6
    /// Particles of the validation's filter.
    public var validationParticles = 8

    public init() {}
}
