import Corpora
import Foundation
import Kernels
import StochasticEM

/// How long one event of one user takes, its state kept: from the event to the topics that are expected next, and to the ten likeliest items.
///
/// Prints a Markdown table of medians and 99th percentiles in microseconds, over 20,000 events of 200 users who take turns, on one thread.
/// K=250 H=150, 5,000 items; a model after one epoch on a log drawn for it, since time does not depend on what was learned. Cost: a minute on two cores.
@main
struct Latency {
    static func main() throws {
        print("| model | event to topics, median | 99 % | event to 10 items, median | 99 % |")
        print("|---|---|---|---|---|")
        let log = try corpus()
        for (name, variant, particles) in [
            ("word input", FitSettings.Variant.word, 1), ("belief input", .belief, 1), ("topic input, 4 particles", .topic, 4), ("topic input, 16 particles", .topic, 16),
        ] {
            var settings = FitSettings()
            (settings.topics, settings.hidden, settings.variant, settings.particles) = (250, 150, variant, min(4, particles))
            (settings.epochs, settings.warmUp, settings.validation, settings.start) = (1, 0, 0, .random)
            var model = try Fit(settings: settings, shards: .allProcessors).run(log) { _ in }
            model.particles = particles
            let topics = times(model, log) { $0.proportions.count }
            let items = times(model, log) { $0.items(count: 10).count }
            print("| \(name) | \(micro(topics, 0.5)) | \(micro(topics, 0.99)) | \(micro(items, 0.5)) | \(micro(items, 0.99)) |")
            fflush(nil)
        }
    }

    /// 4,000 sequences of 50 events.
    static func corpus() throws -> Corpus {
        var synthetic = SyntheticSettings()
        (synthetic.topics, synthetic.items, synthetic.lengths, synthetic.sequences) = (100, 5000, 50...50, 4000)
        synthetic.dynamics = .markov(successors: 5, stay: 0.3)
        return try SyntheticCorpus(synthetic).corpus
    }

    /// Seconds of each event, in increasing order; `ask` is what is wanted after it.
    static func times(_ model: LatentLSTMAllocation, _ log: Corpus, ask: (LiveSequence) -> Int) -> [Double] {
        let reader = LiveReader(model), users = 200
        let sequences = (0..<users).map { reader.sequence(of: "user \($0)") }
        var asked = 0
        let seconds = (0..<20_000).map { event in
            let began = ContinuousClock.now
            sequences[event % users].observe(Int(log.items[event]))
            asked += ask(sequences[event % users])
            return began.duration(to: .now) / .seconds(1)
        }
        precondition(asked > 0)
        // The first of each user meet cold memory once.
        return seconds.dropFirst(users).sorted()
    }

    static func micro(_ sorted: [Double], _ share: Double) -> String {
        String(format: "%.1f µs", sorted[Int(Double(sorted.count - 1) * share)] * 1e6)
    }
}
