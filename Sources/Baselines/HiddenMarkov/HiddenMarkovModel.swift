import Corpora
import Kernels
import StochasticEM

/// A hidden Markov model: each topic says which topics come next, and which items it shows.
///
///     z_1 ~ π,   z_t ~ A_{z_{t-1}},   w_t ~ φ_{z_t}                                                   (Paper-notes B2)
///
/// Fitted by Baum and Welch's EM (`BaumWelch`), read by the exact filter: the state is p(z_t | w_1 … w_{t-1}).
public struct HiddenMarkovModel: StepwiseTopicModel {
    public let vocabulary: Vocabulary
    public let settings: Settings
    let laws: HiddenMarkovLaws
    public var items: TopicItems { laws.items }
    public let shares: [Double]

    /// What it is fitted with.
    public struct Settings: BaselineSettings {
        /// K.
        public var topics = 100
        /// α, added to the expected number of each step from topic to topic, and of each topic at the start.
        public var alpha = 0.01
        /// β, added to the expected number of each item in each topic.
        public var beta = 0.01
        /// Of EM, at most.
        public var epochs = 50
        /// Share of the sequences that tell when to stop.
        public var validation = 0.05
        /// Epochs without a better perplexity on these after which the fit ends.
        public var patience = 3
        /// Where the first topics of all events come from; of a fitted model never `auto`.
        public var start = FitSettings.Start.auto
        /// Key of all random numbers of the fit.
        public var seed: UInt64 = 1

        public init() {}

        public static let options = [
            BaselineOption("topics", \Settings.topics), BaselineOption("alpha", \Settings.alpha), BaselineOption("beta", \Settings.beta),
            BaselineOption("epochs", \Settings.epochs), BaselineOption("validation", \Settings.validation),
            BaselineOption("patience", \Settings.patience), BaselineOption("start", \Settings.start), BaselineOption("seed", \Settings.seed),
        ]

        public func validate() throws {
            // K² numbers are kept.
            try check(topics >= 1 && topics <= 16_384, "topics", topics, "choose between 1 and 16,384")
            // Below it sums of products would leave the range of single precision.
            try check(alpha >= 1e-8 && alpha < 1e6, "alpha", alpha, "choose a positive number; 0.001 to 1 are usual")
            try check(beta >= 1e-8 && beta < 1e6, "beta", beta, "choose a positive number; 0.001 to 1 are usual")
            try check(epochs >= 1 && epochs < 1 << 20, "epochs", epochs, "choose at least 1, and at most 1,048,575")
            try checkStopping(validation: validation, patience: patience)
            try check(start != .word, "start", start, "those are the word variant's: choose clusters, hard-clusters, lda or random")
        }
    }

    init(_ laws: HiddenMarkovLaws, shares: [Double], vocabulary: Vocabulary, settings: Settings) {
        self.laws = laws
        self.shares = shares
        self.vocabulary = vocabulary
        self.settings = settings
    }

    /// p(z_t | w_1 … w_{t-1}), (K).
    public func start() -> [Float] { laws.start.array }

    public func proportions(_ state: [Float], into theta: UnsafeMutablePointer<Float>) { theta.update(from: state, count: state.count) }

    public func observe(_ item: Int, in state: inout [Float]) {
        let k = items.topics, posterior = FloatBuffer(state)
        items.update(posterior.base, with: item)
        state.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            GEMM.multiply(posterior.matrix(1, k), laws.steps.matrix(k, k), into: MatrixView(base, rows: 1, columns: k))
        }
    }

    public var topicCount: Int { items.topics }

    /// Expected numbers of events are no whole numbers, and hardly ever 0: a topic holds the items that these give more than β does,
    ///
    ///     n_wk > β,   which is   φ_wk > 2β / (n_k + Vβ)
    ///
    /// n_k is the topic's share of the events in the vocabulary's counts. Of these a few were kept aside, which moves the bound by as large a
    /// share, and an item without any event does not reach it for that.
    public func topItems(of topic: Int, count: Int) -> [(item: Int, probability: Double)] {
        let row = items.byTopic.row(topic)
        let events = shares[topic] * Double(vocabulary.counts.reduce(0, +))
        let bound = 2 * settings.beta / (events + Double(items.items) * settings.beta)
        return TopK.indices(count: count, of: items.items) { row[$0] }.filter { Double(row[$0]) > bound }.map { ($0, Double(row[$0])) }
    }
}

extension HiddenMarkovModel: Baseline {
    public static let name = "hmm"
    public static let summary = "a hidden Markov model: topics in a chain, by EM"

    public var parameterCount: ParameterCount {
        let k = items.topics
        return ParameterCount(learned: k + k * k + items.items * k)
    }

    public static func memory(for training: Corpus, settings: Settings) -> Int {
        BaumWelch.memory(events: training.items.count, items: training.vocabulary.count, topics: settings.topics)
    }

    public static func fitted(
        to corpus: Corpus, settings: Settings, shards: Shards, observe: (BaselineEvent) throws -> Void
    ) throws -> HiddenMarkovModel {
        let training = corpus.training
        guard !training.items.isEmpty else { throw EmptyCorpus() }
        var settings = settings
        settings.start = settings.start.resolved(for: training)
        let split = ValidationSplit(training, share: settings.validation, seed: settings.seed)
        let start = try settings.start.method(FitSettings(), for: training)
            .topics(for: split.training, topics: settings.topics, seed: settings.seed, shards: shards)
        let em = BaumWelch(split.training, settings: settings, shards: shards)
        var laws = em.laws(ofTopics: start), best = (perplexity: Double.infinity, epoch: 0, laws: laws)
        for epoch in 1...settings.epochs {
            let clock = ContinuousClock(), began = clock.now
            let step = em.step(from: laws)
            laws = step.laws
            let seconds = began.duration(to: clock.now) / .seconds(1)
            var record = BaselineEpoch(
                epoch: epoch, trainPerplexity: step.perplexity, tokensPerSecond: Double(split.training.items.count) / max(seconds, 1e-9))
            if !split.validation.items.isEmpty {
                let perplexity = em.perplexity(of: laws, on: split.validation)
                record.validationPerplexity = perplexity
                if perplexity < best.perplexity { best = (perplexity, epoch, laws) }
            } else {
                best = (step.perplexity, epoch, laws)
            }
            try observe(.epoch(record))
            if epoch - best.epoch >= settings.patience { break }
        }
        return HiddenMarkovModel(best.laws, shares: em.shares(of: best.laws), vocabulary: corpus.vocabulary, settings: settings)
    }

    public var tensors: [Tensor] {
        let k = items.topics, v = items.items
        return [
            Tensor("start_probabilities", shape: [1, k], laws.start.array),
            Tensor("step_probabilities", shape: [k, k], laws.steps.array),
            Tensor("item_probabilities", shape: [k, v], Array(UnsafeBufferPointer(start: items.byTopic.base, count: k * v))),
            Tensor("topic_shares", shape: [1, k], shares.map { Float($0) }),
        ]
    }

    public init(_ tensors: StoredTensors, vocabulary: Vocabulary, settings: Settings) throws {
        let k = settings.topics, v = vocabulary.count
        let start = try tensors.laws("start_probabilities", 1, k), steps = try tensors.laws("step_probabilities", k, k)
        let byTopic = FloatBuffer(try tensors.laws("item_probabilities", k, v)), phi = FloatBuffer(count: k * v)
        VectorMath.transpose(byTopic.matrix(k, v), into: phi.matrix(v, k))
        let laws = HiddenMarkovLaws(start: FloatBuffer(start), steps: FloatBuffer(steps), items: TopicItems(phi, items: v, topics: k))
        self.init(laws, shares: try tensors.laws("topic_shares", 1, k).map { Double($0) }, vocabulary: vocabulary, settings: settings)
    }
}
