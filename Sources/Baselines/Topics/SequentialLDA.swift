import Corpora
import Kernels
import StochasticEM
import TopicSampling

/// Latent Dirichlet allocation, each event scored given all before it.
///
/// φ comes from collapsed Gibbs sampling with a sequence as a document. A sequence's topic counts are then filtered: each
/// event adds its posterior over topics,
///
///     θ_k = (n_k + α) / (n + K α),   p(w | past) = Σ_k θ_k φ_wk,   n_k += θ_k φ_wk / p(w | past)       (Paper-notes B1)
public struct SequentialLDA: FadingTopicModel {
    public let vocabulary: Vocabulary
    public let settings: Settings
    public let counts: TopicCounts
    public let items: TopicItems

    /// What it is fitted with.
    public struct Settings: BaselineSettings {
        /// K.
        public var topics = 100
        /// α, the concentration of each sequence's law of topics.
        public var alpha = 0.1
        /// β, the concentration of each topic's law of items.
        public var beta = 0.01
        /// Sweeps of Gibbs sampling over the log, 1 to 16,777,215.
        public var sweeps = 200
        /// Key of all random numbers of the fit.
        public var seed: UInt64 = 1

        public init() {}

        public static let options = [
            BaselineOption("topics", \Settings.topics), BaselineOption("alpha", \Settings.alpha), BaselineOption("beta", \Settings.beta),
            BaselineOption("sweeps", \Settings.sweeps), BaselineOption("seed", \Settings.seed),
        ]

        public func validate() throws {
            try checkTopics(topics)
            try checkConcentration("alpha", alpha)
            try checkConcentration("beta", beta)
            try check(sweeps >= 1 && sweeps < 1 << 24, "sweeps", sweeps, "choose between 1 and 16,777,215; 100 to 1000 are usual")
        }
    }

    init(_ counts: TopicCounts, vocabulary: Vocabulary, settings: Settings) {
        self.vocabulary = vocabulary
        self.settings = settings
        self.counts = counts
        items = TopicItems(counts)
    }

    public var alpha: Float { Float(settings.alpha) }
    public var decay: Float { 1 }
}

extension SequentialLDA: Baseline {
    public static let name = "lda"
    public static let summary = "latent Dirichlet allocation, by collapsed Gibbs sampling"

    public var parameterCount: ParameterCount { ParameterCount(counts: counts.nonzero) }

    public static func memory(for training: Corpus, settings: Settings) -> Int {
        CountedTopics.memory(items: training.vocabulary.count, topics: settings.topics) + training.items.count * 24
    }

    public static func fitted(
        to corpus: Corpus, settings: Settings, shards: Shards, observe: (BaselineEvent) throws -> Void
    ) throws -> SequentialLDA {
        let training = corpus.training
        let sampler = try LatentDirichletAllocation(sweeps: settings.sweeps, alpha: Float(settings.alpha), beta: Float(settings.beta))
        let topics = try sampler.topics(for: training, topics: settings.topics, seed: settings.seed, shards: shards) { sweep, _ in
            try observe(.sweeps(sweep, of: settings.sweeps, work: "Gibbs sampling"))
        }
        let counts = try CountedTopics.counts(training, of: topics, topics: settings.topics, beta: settings.beta)
        return SequentialLDA(counts, vocabulary: corpus.vocabulary, settings: settings)
    }

    public var tensors: [Tensor] { [CountedTopics.tensor(counts)] }

    public init(_ tensors: StoredTensors, vocabulary: Vocabulary, settings: Settings) throws {
        let counts = try CountedTopics.counts(tensors, items: vocabulary.count, topics: settings.topics, beta: settings.beta)
        self.init(counts, vocabulary: vocabulary, settings: settings)
    }
}
