import Baselines
import Corpora
import Evaluation
import Foundation
import Kernels
import StochasticEM

/// Popularity, a Markov chain and LDA on a log, read by the same evaluator as LLA: one JSON object a line.
///
///     rivals LOG OBSERVE TOPICS SEED
@main
struct Rivals {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let observe = Double(arguments[2]), let topics = Int(arguments[3]), let seed = UInt64(arguments[4]) else {
            print("usage: rivals LOG OBSERVE TOPICS SEED")
            exit(64)
        }
        let shards = Shards.allProcessors
        let corpus = try Corpus.read([arguments[1]], options: CorpusOptions(observe: observe))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let evaluator = Evaluator(shards: shards)
        func tell(_ name: String, _ fit: () throws -> any SequenceModel) throws -> String {
            let began = ContinuousClock.now
            let model = try fit()
            let seconds = began.duration(to: .now) / .seconds(1)
            let report = evaluator.evaluate(model, on: corpus)
            perplexities.append(report.perplexity.perplexity ?? .infinity)
            let text = String(decoding: try encoder.encode(report), as: UTF8.self)
            return "{\"model\":\"\(name)\",\"seconds\":\(seconds),\"report\":\(text)}"
        }
        var perplexities: [Double] = []
        print(try tell("popularity") { Popularity(corpus) })
        print(try tell("first-order Markov chain, backed off") { MarkovChain(corpus) })

        // LDA is sensitive to α: the one of four that does best on the very events that are scored, in LDA's favour.
        perplexities = []
        let lines = try [0.01, 0.02, 0.05, 0.1].map { alpha in
            try tell("LDA, K=\(topics) α=\(alpha), scored sequentially") {
                var settings = SequentialLDA.Settings()
                (settings.topics, settings.alpha, settings.seed) = (topics, alpha, seed)
                return try SequentialLDA.fitted(to: corpus, settings: settings, shards: shards) { _ in }
            }
        }
        if let best = perplexities.indices.min(by: { perplexities[$0] < perplexities[$1] }) { print(lines[best]) }
    }
}
