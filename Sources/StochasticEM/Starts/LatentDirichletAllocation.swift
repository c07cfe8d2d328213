import Corpora
import Kernels
import TopicSampling

/// Topics from latent Dirichlet allocation, where each sequence is a bag of items: the paper's start.
///
/// Collapsed Gibbs sampling (Griffiths & Steyvers, 2004) by Metropolis-Hastings with cycled proposals (LightLDA; Yuan et al., WWW 2015), in
/// passes by item and by sequence in turn with counts that lag behind (WarpLDA; Chen et al., VLDB 2016). An event is proposed a topic by
/// its sequence, which its item judges, and then one by its item, which its sequence judges: see `GroupVisits`.
/// The cost of an event does not grow with K, no V×K table is kept, and all that is read at random fits the cache.
///
/// The law is approximate: what an event hears from its other group is as old as that group's last visit, and n_k as old as the last pass.
/// Visited one event at a time, with counts that follow at once, the same visits are exact.
public struct LatentDirichletAllocation: Start {
    /// Times that each event is judged by its item and by its sequence, 1 to 2^24 - 1.
    public var sweeps: Int
    /// α, the concentration of each sequence's law of topics: 0.1 suits short sequences; 50/K is usual for long texts.
    public var alpha: Float
    /// β, the concentration of each topic's law of items.
    public var beta: Float

    /// - Throws: `InvalidParameter` where a number is out of its range.
    public init(sweeps: Int = 150, alpha: Float = 0.1, beta: Float = 0.01) throws {
        guard sweeps > 0, sweeps < 1 << 24 else {
            throw InvalidParameter("sweeps", sweeps, remedy: "choose between 1 and 16,777,215; 100 to 1000 are usual")
        }
        guard alpha.isNormal, alpha > 0 else { throw InvalidParameter("alpha", alpha, remedy: "choose a positive number") }
        guard beta.isNormal, beta > 0 else { throw InvalidParameter("beta", beta, remedy: "choose a positive number") }
        self.sweeps = sweeps
        self.alpha = alpha
        self.beta = beta
    }

    public func topics(for corpus: Corpus, topics k: Int, seed: UInt64, shards: Shards) -> [Int32] {
        topics(for: corpus, topics: k, seed: seed, shards: shards) { _, _ in }
    }

    /// The same, watched.
    ///
    /// - Parameter observe: is called after each sweep with its number, from 1 on, and a way to get the topics that events have by then.
    public func topics(
        for corpus: Corpus, topics k: Int, seed: UInt64, shards: Shards, observe: (_ sweep: Int, _ topics: () -> [Int32]) throws -> Void
    ) rethrows -> [Int32] {
        let start = RandomTopics().topics(for: corpus, topics: k, seed: seed, shards: shards)
        guard k > 1, !start.isEmpty else { return start }
        return k <= 1 << 16
            ? try run(LDASampler<UInt16>(self, corpus: corpus, topics: start, k: k, seed: seed), shards: shards, observe)
            : try run(LDASampler<UInt32>(self, corpus: corpus, topics: start, k: k, seed: seed), shards: shards, observe)
    }

    private func run<Topic>(
        _ sampler: LDASampler<Topic>, shards: Shards, _ observe: (_ sweep: Int, _ topics: () -> [Int32]) throws -> Void
    ) rethrows -> [Int32] {
        for sweep in 1...sweeps {
            sampler.sweep(sweep, shards: shards)
            try observe(sweep) { sampler.topics }
        }
        return sampler.topics
    }
}
