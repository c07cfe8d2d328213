import Corpora
import Kernels
import StochasticEM

/// How well a model expected what came, in the figures that `lla evaluate --json` prints.
public struct EvaluationReport: Sendable, Equatable {
    /// Of the events scored, the sequence being the unit of chance.
    public let perplexity: PerplexityMeter
    /// Of the same events, each among all V items; nil where ranks were not asked for.
    public let ranking: NextItemRanking?
    /// Of those events that came right behind an item which the vocabulary does not hold: what a model makes of items it has never seen.
    public let afterUnknown: PerplexityMeter
    /// P of the filter; nil for a model whose likelihood is exact.
    public let particles: Int?
    /// How much the model keeps.
    public let parameters: ParameterCount
}

extension EvaluationReport: Encodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    /// The keys of the command line's contract, `recall@k` and `mrr@k` among them; what cannot be said is null, and ranks that were not asked for
    /// have no key.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(perplexity.tokens, forKey: Key("tokens"))
        try fields.encode(perplexity.outOfVocabulary, forKey: Key("out_of_vocabulary"))
        try fields.encode(perplexity.perplexity, forKey: Key("perplexity"))
        try fields.encode(perplexity.standardError, forKey: Key("perplexity_standard_error"))
        if afterUnknown.tokens > 0 {
            try fields.encode(afterUnknown.tokens, forKey: Key("after_unknown_tokens"))
            try fields.encode(afterUnknown.perplexity, forKey: Key("after_unknown_perplexity"))
        }
        try fields.encode(particles, forKey: Key("particles"))
        try fields.encode(parameters.total, forKey: Key("parameters"))
        try fields.encode(parameters.counts, forKey: Key("nonzero_counts"))
        guard let ranking else { return }
        for k in NextItemRanking.cutoffs {
            try fields.encode(ranking.recall(at: k), forKey: Key("recall@\(k)"))
            try fields.encode(ranking.meanReciprocalRank(at: k), forKey: Key("mrr@\(k)"))
        }
    }
}

/// Scores the events behind the observed part of each sequence, every one given all events before it.
public struct Evaluator: Sendable {
    private let shards: Shards

    /// - Parameter shards: threads to work with; the figures do not depend on their number.
    public init(shards: Shards) {
        self.shards = shards
    }

    /// - Parameter corpus: numbered by the model's vocabulary.
    public func evaluate(_ model: any SequenceModel, on corpus: Corpus) -> EvaluationReport {
        let scores = ParallelSlots.filled(with: Score(), count: corpus.items.count) { scores in
            model.read(corpus, first: corpus.observed, shards: shards) { seen in
                for row in seen.sequences.indices {
                    guard let item = seen.items[row] else { continue }
                    let probabilities = UnsafeBufferPointer(
                        start: UnsafePointer(seen.probabilities.row(row)), count: seen.probabilities.columns)
                    scores[corpus.starts[seen.sequences[row]] + seen.positions[row]] = Score(
                        logProbability: seen.probabilities.logProbability(row, item),
                        rank: Int32(NextItemRanking.rank(of: item, scores: probabilities)))
                }
            }
        }
        var ranking = NextItemRanking()
        for n in 0..<corpus.count { for event in scored(n, of: corpus) { ranking.add(rank: Int(scores[event].rank)) } }
        return report(model, on: corpus, ranking: ranking) { scores[$0].logProbability }
    }

    /// The same without the ranking, K·V operations an event faster for models whose items come from topics.
    ///
    /// - Parameter corpus: numbered by the model's vocabulary.
    public func evaluateWithoutRanking(_ model: any SequenceModel, on corpus: Corpus) -> EvaluationReport {
        let scores = model.logProbabilities(of: corpus, first: corpus.observed, shards: shards)
        return report(model, on: corpus, ranking: nil) { scores[$0] }
    }

    /// What is said of one event.
    private struct Score: Sendable {
        var logProbability = 0.0
        var rank: Int32 = 1
    }

    /// The events of a sequence that are scored.
    private func scored(_ n: Int, of corpus: Corpus) -> [Int] {
        (corpus.starts[n] + corpus.observed[n]..<corpus.starts[n + 1]).filter(corpus.isKnown)
    }

    /// Adds up in the order of the corpus, whichever thread scored first.
    private func report(
        _ model: any SequenceModel, on corpus: Corpus, ranking: NextItemRanking?, logProbability: (_ event: Int) -> Double
    ) -> EvaluationReport {
        var perplexity = PerplexityMeter(), afterUnknown = PerplexityMeter()
        for n in 0..<corpus.count {
            let scored = scored(n, of: corpus)
            perplexity.add(logLikelihood: scored.reduce(0) { $0 + logProbability($1) }, tokens: scored.count)
            if !corpus.followsUnknown.isEmpty {
                let behind = scored.filter { corpus.followsUnknown[$0] }
                afterUnknown.add(logLikelihood: behind.reduce(0) { $0 + logProbability($1) }, tokens: behind.count)
            }
        }
        perplexity.add(logLikelihood: 0, tokens: 0, outOfVocabulary: corpus.outOfVocabulary)
        return EvaluationReport(
            perplexity: perplexity, ranking: ranking, afterUnknown: afterUnknown, particles: (model as? LatentLSTMAllocation)?.particles,
            parameters: model.parameterCount)
    }
}
