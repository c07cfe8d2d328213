import Corpora
import Kernels
@testable import StochasticEM

/// A log and settings with which a fit takes a fraction of a second.
enum SmallFit {
    /// 6 topics over 60 items, 80 sequences of 5 to 25 events.
    static func log(seed: UInt32 = 1) throws -> SyntheticCorpus {
        var settings = SyntheticSettings()
        settings.topics = 6
        settings.items = 60
        settings.sequences = 80
        settings.lengths = 5...25
        settings.support = 0.2
        settings.dynamics = .markov(successors: 2, stay: 0.2)
        settings.observe = 1
        settings.seed = seed
        return try SyntheticCorpus(settings)
    }

    static func settings(_ change: (inout FitSettings) -> Void = { _ in }) -> FitSettings {
        var settings = FitSettings()
        settings.topics = 6
        (settings.variant, settings.memory, settings.particles) = (.topic, .none, 4)
        (settings.dropout, settings.warmUp) = (0.1, 0.3)
        // Not left to the log, so that what is tested does not hang on it.
        settings.start = .clusters
        settings.hidden = 12
        settings.embedding = nil
        settings.inputDropout = 0
        // So large that topics move much from draw to draw.
        settings.beta = 0.1
        settings.epochs = 4
        settings.lanes = 8
        settings.steps = 8
        settings.shards = 4
        settings.validation = 0.1
        settings.validationParticles = 4
        change(&settings)
        return settings
    }

    /// A fit, with what it told of its epochs.
    static func run(
        _ corpus: Corpus, _ settings: FitSettings, threads: Int = 2
    ) throws -> (model: LatentLSTMAllocation, epochs: [EpochRecord]) {
        var epochs: [EpochRecord] = []
        let model = try Fit(settings: settings, shards: Shards(threads: threads)).run(corpus) {
            if case .epoch(let record) = $0 { epochs.append(record) }
        }
        return (model, epochs)
    }

    /// Everything in a model that was learned, to the bit.
    static func bits(_ model: LatentLSTMAllocation) -> [UInt32] {
        model.network.parameters.values.array.map(\.bitPattern)
            + model.counts.snapshot().map { UInt32(bitPattern: $0) }
    }

    /// A record without its timing, to the bit.
    static func bits(_ record: EpochRecord) -> [UInt64] {
        [
            record.trainPerplexity ?? -1, record.validationPerplexity ?? -1, record.topicPerplexity ?? -1, record.acceptRate ?? -1,
            record.moved, Double(record.epoch),
        ].map(\.bitPattern)
    }
}

/// All that a model says of a corpus: the probabilities of each position asked for, in the corpus's order.
func reading(
    _ model: LatentLSTMAllocation, _ corpus: Corpus, from first: [Int]? = nil, threads: Int = 2
) -> [[Float]] {
    let width = model.vocabulary.count, behind = corpus.items.count + corpus.count
    let slots = FloatBuffer(count: max(1, behind * width))
    let asked = first ?? [Int](repeating: 0, count: corpus.count)
    // A sequence has a place for each event and one behind the last.
    model.read(corpus, first: asked, shards: Shards(threads: threads)) { seen in
        for i in seen.sequences.indices {
            let place = corpus.starts[seen.sequences[i]] + seen.sequences[i] + seen.positions[i]
            (slots.base + place * width).update(from: seen.probabilities.row(i), count: width)
        }
    }
    return (0..<corpus.count).flatMap { n in
        (min(asked[n], corpus.length(n) + 1)..<corpus.length(n) + 1).map { position in
            let place = corpus.starts[n] + n + position
            return (0..<width).map { slots.base[place * width + $0] }
        }
    }
}
