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
        let rivals: [(String, () throws -> any SequenceModel)] = [
            ("popularity", { Popularity(corpus) }),
            ("first-order Markov chain, backed off", { MarkovChain(corpus) }),
            ("LDA, scored sequentially", { try SequentialLDA(corpus, topics: topics, seed: seed, shards: shards) }),
        ]
        for (name, fit) in rivals {
            let began = ContinuousClock.now
            let model = try fit()
            let seconds = began.duration(to: .now) / .seconds(1)
            let report = try encoder.encode(Evaluator(shards: shards).evaluate(model, on: corpus))
            print("{\"model\":\"\(name)\",\"seconds\":\(seconds),\"report\":\(String(decoding: report, as: UTF8.self))}")
        }
    }
}
