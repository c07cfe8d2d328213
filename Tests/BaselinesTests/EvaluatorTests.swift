import Corpora
import Foundation
import Kernels
import Testing
@testable import Baselines
@testable import Evaluation
import StochasticEM

@Suite struct EvaluatorTests {
    /// Popularity's scores can be added up by hand.
    @Test func scoresWhatIsBehindTheObservedPart() throws {
        let corpus = StepwiseLaws.makeCorpus([[0, 1, 0, 1, 0, 2], [3, 3, 4], [1]], observed: [4, 1, 1])
        let model = Popularity(corpus)
        let p = StepwiseLaws.prediction(model, after: [])
        let scored = [0, 2, 3, 4]
        let report = Evaluator(shards: Shards(threads: 2)).evaluate(model, on: corpus)
        let expected = exp(-scored.reduce(0) { $0 + log(p[$1]) } / 4)
        #expect(report.perplexity.tokens == 4)
        #expect(abs(try #require(report.perplexity.perplexity) / expected - 1) < 1e-6)
        // Observed: 0 and 1 twice plus 1 once more, 3 once. Ranks: 0 second, 3 third, 2 and 4 tied behind, which counts against both.
        #expect(p[1] > p[0] && p[0] > p[3] && p[3] > p[2] && p[2] == p[4])
        let ranking = try #require(report.ranking)
        #expect(ranking.recall(at: 1) == 0)
        #expect(ranking.recall(at: 5) == 1)
        let reciprocals = [0.5, 0.2, 1.0 / 3, 0.2]
        let mrr = try #require(ranking.meanReciprocalRank(at: 5))
        #expect(abs(mrr - reciprocals.reduce(0, +) / 4) < 1e-12)
        #expect(report.particles == nil)
        #expect(report.parameters == ParameterCount(counts: 3))
    }

    @Test func jsonHasTheKeysOfTheContract() throws {
        let corpus = StepwiseLaws.makeCorpus([[0, 1, 2]], observed: [1])
        let report = Evaluator(shards: Shards(threads: 1)).evaluate(Popularity(corpus), on: corpus)
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(report)) as? [String: Any]
        let keys = ["tokens", "out_of_vocabulary", "perplexity", "perplexity_standard_error", "particles", "parameters", "nonzero_counts"]
            + [1, 5, 10, 20].flatMap { ["recall@\($0)", "mrr@\($0)"] }
        #expect(Set(try #require(object).keys) == Set(keys))
    }

    /// Gives item 0 all there is, so that whatever else comes was impossible.
    struct Certain: StepwiseModel {
        let vocabulary: Vocabulary
        let parameterCount = ParameterCount()
        func start() {}
        func observe(_ item: Int, in state: inout Void) {}
        func predict(_ state: Void, into probabilities: UnsafeMutablePointer<Float>) {
            for item in 0..<vocabulary.count { probabilities[item] = item == 0 ? 1 : 0 }
        }
    }

    @Test func theImpossibleCostsMuchAndNotEverything() throws {
        let corpus = StepwiseLaws.makeCorpus([[0, 0, 1]], observed: [1])
        let report = Evaluator(shards: Shards(threads: 1)).evaluate(Certain(vocabulary: corpus.vocabulary), on: corpus)
        let perplexity = try #require(report.perplexity.perplexity)
        #expect(abs(log(perplexity) + log(Double(Float.leastNormalMagnitude)) / 2) < 1e-9)
        #expect(throws: Never.self) { try JSONEncoder().encode(report) }
    }

    @Test func threadsDoNotMatter() {
        let sequences: [[UInt32]] = (0..<200).map { n in (0..<20).map { UInt32((n * 7 + $0 * 3) % 5) } }
        let corpus = StepwiseLaws.makeCorpus(sequences, observed: [Int](repeating: 12, count: 200))
        let model = MarkovChain(corpus)
        let reports = [1, 2, 8].map { Evaluator(shards: Shards(threads: $0)).evaluate(model, on: corpus) }
        #expect(reports[0] == reports[1] && reports[1] == reports[2])
    }
}
