import Corpora
import Evaluation
import Foundation
import Kernels
import StochasticEM

/// Fits a log drawn from a known process (20 topics over 2,000 items, tasks that are interrupted, 10,000 sequences of 60):
/// how many topics are found, and how far the test perplexity is from the optimum that no model can beat. One JSON object.
///
///     synthetic-recovery SEED topic|word|belief RESTARTS
@main
struct SyntheticRecovery {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let seed = UInt32(arguments[1]), let variant = FitSettings.Variant(rawValue: arguments[2]),
            let restarts = Int(arguments[3])
        else {
            print("usage: synthetic-recovery SEED topic|word|belief RESTARTS")
            exit(64)
        }
        var process = SyntheticSettings()
        process.seed = seed
        let synthetic = try SyntheticCorpus(process)
        let corpus = synthetic.corpus, items = corpus.vocabulary.count
        let optimum = try synthetic.optimum().perplexity

        var settings = FitSettings()
        (settings.topics, settings.beta, settings.seed) = (20, 0.1, UInt64(seed))
        (settings.variant, settings.memory, settings.restarts) = (variant, .none, restarts)
        let shards = Shards.allProcessors
        let began = ContinuousClock.now
        var model = try Fit(settings: settings, shards: shards).run(corpus) { event in
            if case .epoch(let record) = event {
                FileHandle.standardError.write(Data("epoch \(record.epoch) \(record.phase.rawValue) \(record.validationPerplexity ?? 0)\n".utf8))
            }
        }
        let seconds = began.duration(to: .now) / .seconds(1)
        model.particles = 16
        let perplexity = Evaluator(shards: shards).evaluate(model, on: corpus).perplexity.perplexity ?? .nan

        let phi = model.itemProbabilities(shards: shards)
        var learned = [Double](repeating: 0, count: settings.topics * items)
        for item in 0..<items {
            for topic in 0..<settings.topics { learned[topic * items + item] = Double(phi.base[item * settings.topics + topic]) }
        }
        let matches = greedyMatching(learned: learned, truth: try synthetic.process.phi(over: corpus.vocabulary), items: items)
        let found = matches.count { $0.totalVariation < 0.25 }
        print("{\"seed\":\(seed),\"variant\":\"\(variant)\",\"restarts\":\(restarts),\"optimum\":\(optimum),\"perplexity\":\(perplexity),\"ratio\":\(perplexity / optimum),\"matched\":\(found),\"seconds\":\(seconds)}")
    }
}
