import Corpora
import Foundation
import Kernels
import StochasticEM

/// What a token costs as topics become many: the dense sweep, Metropolis-Hastings with the full softmax, and with a sampled one.
///
/// Prints a Markdown table: of each work the fastest of three epochs, or the only one where all of 10,000 topics are weighed, as tokens a second and as processor time, which other work on the
/// machine disturbs less; and of some the SE-step by itself. Sweeps alone, without start, validation and health.
/// Cost: about five minutes on two cores, 2 GB. `large-k 10000 dense` runs those works alone whose row begins with 10000 and says dense.
@main
struct LargeK {
    struct Work {
        let name: String
        let settings: FitSettings
    }

    /// Of a token.
    struct Cost {
        var seconds = Double.infinity
        var processor = Double.infinity

        mutating func take(_ other: Cost) {
            seconds = min(seconds, other.seconds)
            processor = min(processor, other.processor)
        }
    }

    static let events = 100_000, perSequence = 50

    static func main() throws {
        print("| K | work | sweep, tokens/s | sweep, µs of processor a token | SE-step alone, µs of processor a token | proposals accepted |")
        print("|---|---|---|---|---|---|")
        for topics in [1000, 10_000] {
            for work in [
                Work(name: "dense, embedding 64", settings: settings(topics, .dense, embedding: 64)),
                Work(name: "dense, embedding none", settings: settings(topics, .dense)),
                Work(name: "mh, full softmax", settings: settings(topics, .mh)),
                Work(name: "mh, 128 negatives", settings: settings(topics, .mh, negatives: 128)),
                Work(name: "mh, 256 negatives", settings: settings(topics, .mh, negatives: 256)),
                Work(name: "mh, 512 negatives", settings: settings(topics, .mh, negatives: 512)),
                Work(name: "mh, 256 negatives, embedding 64", settings: settings(topics, .mh, negatives: 256, embedding: 64)),
            ] where CommandLine.arguments.dropFirst().allSatisfy({ work.name.contains($0) || "\(topics)" == $0 }) {
                let (sweep, accepted) = try costOfSweep(work)
                let step = try costOfDrawing(work)
                print(
                    "| \(topics) | \(work.name) | \(Int(1 / sweep.seconds)) | \(micro(sweep.processor)) | \(micro(step.processor)) | "
                        + "\(accepted.map { String(format: "%.1f %%", 100 * $0) } ?? "") |")
                fflush(nil)
            }
        }
    }

    /// H=250, 8192 tokens a step, no dropout, no validation.
    static func settings(_ topics: Int, _ sampler: FitSettings.Sampler, negatives: Int? = nil, embedding: Int? = nil) -> FitSettings {
        var settings = FitSettings()
        (settings.topics, settings.hidden, settings.embedding) = (topics, 250, embedding)
        (settings.lanes, settings.steps, settings.shards, settings.particles) = (128, 64, 2, 1)
        (settings.variant, settings.memory, settings.sampler, settings.negatives) = (.topic, .none, sampler, negatives)
        (settings.dropout, settings.inputDropout) = (0, 0)
        (settings.warmUp, settings.validation, settings.start) = (0, 0, .random)
        settings.epochs = topics > 1000 && negatives == nil ? 1 : 3
        return settings
    }

    /// 5000 items, about 20 events each: with random topics to start from, about as many topics to an item.
    static let corpus: Corpus = {
        var synthetic = SyntheticSettings()
        (synthetic.topics, synthetic.items, synthetic.lengths) = (100, 5000, perSequence...perSequence)
        synthetic.sequences = events / perSequence
        synthetic.dynamics = .markov(successors: 5, stay: 0.3)
        guard let corpus = try? SyntheticCorpus(synthetic).corpus else { preconditionFailure("the settings are in range") }
        return Corpus(vocabulary: corpus.vocabulary, users: corpus.users, items: corpus.items, starts: corpus.starts)
    }()

    static func costOfSweep(_ work: Work) throws -> (Cost, accepted: Double?) {
        var cost = Cost(), accepted: Double?, watch = Watch(), tokens = 0
        _ = try Fit(settings: work.settings, shards: .allProcessors).run(corpus) { event in
            switch event {
            case .progress(let progress):
                // From behind the first block of an epoch to behind its last.
                if tokens == 0 || progress.tokens < tokens { watch = Watch(at: progress.tokens) }
                tokens = progress.tokens
                if tokens == progress.tokensOfEpoch { cost.take(watch.cost(at: tokens)) }
            case .epoch(let record): accepted = record.acceptRate
            default: break
            }
        }
        return (cost, accepted)
    }

    /// The first of the two sweeps of the published schedule: forward and draw.
    static func costOfDrawing(_ work: Work) throws -> Cost {
        var settings = work.settings
        settings.schedule = .full
        var cost = Cost(), watch = Watch(), tokens = 0
        _ = try Fit(settings: settings, shards: .allProcessors).run(corpus) { event in
            guard case .progress(let progress) = event else { return }
            if tokens == 0 || progress.tokens < tokens { watch = Watch(at: progress.tokens) }
            tokens = progress.tokens
            if 2 * tokens == progress.tokensOfEpoch { cost.take(watch.cost(at: tokens)) }
        }
        return cost
    }

    /// Wall clock and processor time since it was made, at a number of tokens.
    struct Watch {
        private let start = ContinuousClock.now
        private let ticks = clock()
        private let tokens: Int

        init(at tokens: Int = 0) { self.tokens = tokens }

        func cost(at now: Int) -> Cost {
            Cost(
                seconds: start.duration(to: .now) / .seconds(1) / Double(now - tokens),
                processor: Double(clock() - ticks) / Double(CLOCKS_PER_SEC) / Double(now - tokens))
        }
    }

    static func micro(_ seconds: Double) -> String { String(format: "%.1f", seconds * 1e6) }
}
