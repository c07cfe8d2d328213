import Corpora
import Kernels
import StochasticEM
import TopicSampling
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Distance-dependent LDA with a fixed number of topics: what an event is about is told by the events near it.
///
///     p(z_t = k | all else) ∝ (Σ_{s≠t} [z_s = k] a^{|t−s|} + α) (n_wk + β) / (n_k + Vβ)                  (Paper-notes B3)
///
/// counts without the event itself. Sampled as LDA is (`DistanceDependentSampler`), read as LDA is with what was seen fading
/// (`FadingTopicModel`): of the neighbours only the past is known then.
public struct DistanceDependentLDA: FadingTopicModel {
    public let vocabulary: Vocabulary
    public let settings: Settings
    public let counts: TopicCounts
    public let items: TopicItems

    /// What it is fitted with.
    public struct Settings: BaselineSettings {
        /// K.
        public var topics = 100
        /// α, the concentration of each event's law of topics.
        public var alpha = 0.1
        /// β, the concentration of each topic's law of items.
        public var beta = 0.01
        /// a; nil: the best of `DistanceDependentLDA.decays` on sequences kept aside. Of a fitted model the one that it was.
        public var decay: Double?
        /// Share of the sequences that are kept aside for that.
        public var validation = 0.05
        /// Sweeps of its sampler over the log, 1 to 8,388,607; those of LDA that topics start from come before.
        public var sweeps = 100
        /// Key of all random numbers of the fit.
        public var seed: UInt64 = 1

        public init() {}

        public static let options = [
            BaselineOption("topics", \Settings.topics), BaselineOption("alpha", \Settings.alpha), BaselineOption("beta", \Settings.beta),
            BaselineOption("decay", \Settings.decay), BaselineOption("validation", \Settings.validation),
            BaselineOption("sweeps", \Settings.sweeps), BaselineOption("seed", \Settings.seed),
        ]

        public func validate() throws {
            try checkTopics(topics)
            try checkConcentration("alpha", alpha)
            try checkConcentration("beta", beta)
            try check(decay.map { $0 >= 0 && $0 <= 1 } ?? true, "decay", decay ?? 0, "choose a share from 0, which forgets all, to 1, which is LDA")
            try checkStopping(validation: validation, patience: 1)
            try check(sweeps >= 1 && sweeps < 1 << 23, "sweeps", sweeps, "choose between 1 and 8,388,607; 50 to 200 are usual")
        }
    }

    /// Values of a that are compared.
    public static let decays = [0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1]
    /// Where nothing can be kept aside to compare them on.
    static let usualDecay = 0.9
    /// Sweeps of LDA that topics start from, and the share of the sweeps that each value of a is compared after.
    private static let startSweeps = 50, comparedShare = 0.2

    init(_ counts: TopicCounts, vocabulary: Vocabulary, settings: Settings) {
        self.vocabulary = vocabulary
        self.settings = settings
        self.counts = counts
        items = TopicItems(counts)
    }

    public var alpha: Float { Float(settings.alpha) }
    public var decay: Float { Float(settings.decay ?? Self.usualDecay) }
}

extension DistanceDependentLDA: Baseline {
    public static let name = "ddlda"
    public static let summary = "LDA in which near events weigh more than far ones"

    public var parameterCount: ParameterCount { ParameterCount(counts: counts.nonzero) }

    public static func memory(for training: Corpus, settings: Settings) -> Int {
        CountedTopics.memory(items: training.vocabulary.count, topics: settings.topics) + training.items.count * 32
            + DistanceDependentSampler.memory(longest: (0..<training.count).map(training.length).max() ?? 0, topics: settings.topics)
    }

    public static func fitted(
        to corpus: Corpus, settings: Settings, shards: Shards, observe: (BaselineEvent) throws -> Void
    ) throws -> DistanceDependentLDA {
        let training = corpus.training
        guard !training.items.isEmpty else { throw EmptyCorpus() }
        var settings = settings
        if settings.decay == nil { settings.decay = try chosenDecay(for: training, settings, shards, observe) }
        let start = try start(for: training, settings, shards)
        return try fitted(to: training, from: start, settings, shards, observe: observe)
    }

    private static func start(for training: Corpus, _ settings: Settings, _ shards: Shards) throws -> [Int32] {
        try LatentDirichletAllocation(sweeps: startSweeps, alpha: Float(settings.alpha), beta: Float(settings.beta))
            .topics(for: training, topics: settings.topics, seed: settings.seed, shards: shards)
    }

    private static func fitted(
        to training: Corpus, from start: [Int32], _ settings: Settings, _ shards: Shards, work: String = "Gibbs sampling",
        observe: (BaselineEvent) throws -> Void
    ) throws -> DistanceDependentLDA {
        let counts = try CountedTopics.counts(training, of: start, topics: settings.topics, beta: settings.beta)
        let sampler = DistanceDependentSampler(
            training, topics: start, counts: counts, alpha: Float(settings.alpha), decay: Float(settings.decay ?? usualDecay), seed: settings.seed)
        for sweep in 1...settings.sweeps {
            sampler.sweep(sweep, shards: shards)
            try observe(.sweeps(sweep, of: settings.sweeps, work: work))
        }
        return DistanceDependentLDA(counts, vocabulary: training.vocabulary, settings: settings)
    }

    /// The value of a whose model expects best what is kept aside, the first of equals.
    private static func chosenDecay(
        for training: Corpus, _ settings: Settings, _ shards: Shards, _ observe: (BaselineEvent) throws -> Void
    ) throws -> Double {
        let split = ValidationSplit(training, share: settings.validation, seed: settings.seed)
        if split.validation.items.isEmpty || split.training.items.isEmpty { return usualDecay }
        var compared = settings
        compared.sweeps = max(1, Int((Double(settings.sweeps) * comparedShare).rounded()))
        let start = try start(for: split.training, settings, shards)
        var best = (perplexity: Double.infinity, decay: usualDecay)
        for decay in decays {
            compared.decay = decay
            let model = try fitted(to: split.training, from: start, compared, shards, work: "decay \(decay)", observe: observe)
            let perplexity = model.perplexity(on: split.validation, shards: shards)
            if perplexity < best.perplexity { best = (perplexity, decay) }
        }
        return best.decay
    }

    public var tensors: [Tensor] { [CountedTopics.tensor(counts)] }

    public init(_ tensors: StoredTensors, vocabulary: Vocabulary, settings: Settings) throws {
        let counts = try CountedTopics.counts(tensors, items: vocabulary.count, topics: settings.topics, beta: settings.beta)
        self.init(counts, vocabulary: vocabulary, settings: settings)
    }
}
