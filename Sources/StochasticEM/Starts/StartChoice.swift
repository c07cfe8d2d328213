import Corpora

extension FitSettings.Start {
    /// The start that suits a log: clusters of neighbours where order carries much, LDA where it does not.
    public init(suiting order: OrderTest) {
        self = order.carriesMuch ? .clusters : .lda
    }

    /// Itself, or for `auto` the start that suits a corpus; never `auto`.
    ///
    /// - Parameter corpus: what a model may be fitted on, and no more.
    package func resolved(for corpus: Corpus) -> FitSettings.Start {
        switch self {
        case .auto: FitSettings.Start(suiting: OrderTest(corpus))
        case .clusters, .hardClusters, .word, .lda, .random: self
        }
    }

    /// Share of the epochs that the network needs to take in the topics of a start. Those of clusters are worth keeping, and a
    /// network that has not learned them yet would let the sampler smear them; those of LDA are a draw like any other.
    public var usualWarmUp: Double {
        switch self {
        case .auto, .clusters, .hardClusters, .word, .random: 0.3
        case .lda: 0.05
        }
    }

    /// The method that the setting names.
    package func method(_ settings: FitSettings, for corpus: Corpus) throws -> any Start {
        switch self {
        case .auto: try resolved(for: corpus).method(settings, for: corpus)
        case .clusters: ItemClusters()
        case .hardClusters: ItemClusters(reach: 1)
        case .word: WordTopics(settings)
        case .lda: try LatentDirichletAllocation(beta: Float(max(settings.beta, 0.01)))
        case .random: RandomTopics()
        }
    }
}
