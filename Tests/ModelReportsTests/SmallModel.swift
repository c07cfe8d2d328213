import Corpora
import Kernels
import Recurrence
@testable import StochasticEM
import TopicSampling

/// Models that nothing was fitted to, with parameters and counts drawn for a seed: as odd as need be, and at once.
enum SmallModel {
    /// - Parameter names: of items, numbered on where there are fewer than `items`.
    static func make(
        topics: Int = 6, items: Int = 40, hidden: Int = 8, embedding: Int? = 12, variant: FitSettings.Variant = .belief,
        memory: FitSettings.Memory = .both, cell: FitSettings.Cell? = nil, names: [String] = [], countsAnItem: Int = 3
    ) throws -> LatentLSTMAllocation {
        var settings = FitSettings()
        (settings.topics, settings.hidden, settings.embedding) = (topics, hidden, embedding)
        (settings.variant, settings.memory, settings.epochs, settings.cell) = (variant, memory, 3, cell)
        if embedding == nil { settings.inputDropout = 0 }
        try settings.validate()
        let all = (0..<items).map { $0 < names.count ? names[$0] : "item \($0)" }
        let spelling = settings.spelling(of: Vocabulary(items: all, counts: all.map { _ in 1 }))
        let network = RecurrentNetwork(settings.networkShape(items: items, spelling: spelling), spelling: spelling, seed: 3)
        var random = RandomStream(seed: 5, purpose: .start)
        // As far from uniform as a fitted network: what is expected has to hang on the past.
        for slot in network.parameters.slots where slot.name != "memory" {
            for i in 0..<slot.count { network.parameters.value(slot).base[i] *= 4 }
        }
        let counts = try TopicCounts(items: items, topics: topics, concentration: 0.01)
        var table = [Int32](repeating: 0, count: items * topics)
        for item in 0..<items {
            for _ in 0..<countsAnItem { table[item * topics + min(topics - 1, Int(random.uniform() * Float(topics)))] += Int32(1 + random.uniform() * 300) }
        }
        counts.restore(table)
        let vocabulary = Vocabulary(
            items: all,
            counts: (0..<items).map { item in (0..<topics).reduce(0) { $0 + Int(table[item * topics + $1]) } })
        return LatentLSTMAllocation(vocabulary: vocabulary, settings: settings, network: network, counts: counts)
    }

    /// Sequences of items drawn at random; one is empty, and one has a single event.
    static func log(for model: LatentLSTMAllocation, sequences: Int = 20) -> Corpus {
        var random = RandomStream(seed: 9, purpose: .start)
        var items: [UInt32] = [], starts = [0]
        for n in 0..<sequences {
            let length = n < 2 ? n : 2 + Int(random.uniform() * 12)
            for _ in 0..<length { items.append(UInt32(random.uniform() * Float(model.vocabulary.count))) }
            starts.append(items.count)
        }
        return Corpus(vocabulary: model.vocabulary, users: (0..<sequences).map { "user \($0)" }, items: items, starts: starts)
    }

    /// The same with items in it that the model does not know: two of three names behind every third event, the first included.
    static func withUnknown(_ log: Corpus) -> Corpus {
        let names = ["item 7, but blue", "nothing of the kind", "\u{1F9C0}"], v = log.vocabulary.count
        var items: [UInt32] = [], starts = [0]
        for n in 0..<log.count {
            for (place, item) in log.sequence(n).enumerated() {
                items.append(item)
                if place % 3 == 0 { items += [UInt32(v + (place + n) % 3), UInt32(v + (place + n + 1) % 3)] }
            }
            starts.append(items.count)
        }
        return Corpus(vocabulary: log.vocabulary, users: log.users, items: items, starts: starts, unknown: names)
    }

    static let epochs = [
        EpochRecord(epoch: 1, phase: .warmUp, trainPerplexity: 50, validationPerplexity: 60, topicPerplexity: 5, tokensPerSecond: 1e5, moved: 0),
        EpochRecord(epoch: 2, phase: .joint, trainPerplexity: 40, validationPerplexity: 55, topicPerplexity: 4, tokensPerSecond: 1e5, moved: 0.5),
    ]
}
