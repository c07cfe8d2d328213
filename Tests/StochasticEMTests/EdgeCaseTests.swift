import Corpora
import Kernels
import Testing
import TopicSampling
@testable import StochasticEM

/// Logs and sizes at the edge: a fit goes through, or says what is wrong.
@Suite struct EdgeCaseTests {
    typealias Change = @Sendable (inout FitSettings) -> Void

    static let walks = (0..<12).map { n in (0..<3 + n % 5).map { ($0 * (1 + n % 3) + n) % 7 } }

    static let cases: [(name: String, log: Corpus, change: Change)] = [
        ("one topic", corpus(walks, items: 7), { $0.topics = 1 }),
        ("more topics than items", corpus(walks, items: 7), { $0.topics = 40 }),
        ("sixteen topics exactly", corpus(walks, items: 7), { $0.topics = 16 }),
        ("one hidden unit", corpus(walks, items: 7), { $0.hidden = 1 }),
        ("seventeen hidden units", corpus(walks, items: 7), { $0.hidden = 17 }),
        ("an embedding of one", corpus(walks, items: 7), { $0.embedding = 1 }),
        ("nearly all of an embedding dropped", corpus(walks, items: 7), { ($0.embedding, $0.inputDropout) = (5, 0.99) }),
        ("one user", corpus([walks[4]], items: 7), { _ in }),
        ("one user with one event", corpus([[0]], items: 1), { _ in }),
        ("one item", corpus([[0, 0, 0], [0], [0, 0]], items: 1), { _ in }),
        ("one item, one topic, one unit", corpus([[0, 0, 0], [0], [0, 0]], items: 1), { ($0.topics, $0.hidden) = (1, 1) }),
        ("sequences of one event", corpus((0..<9).map { [$0 % 4] }, items: 4), { _ in }),
        ("items that never occur", corpus(walks, items: 100), { _ in }),
        ("empty sequences", corpus([[], walks[0], [], [], walks[1], []], items: 7), { _ in }),
        ("more lanes than sequences", corpus(walks, items: 7), { ($0.lanes, $0.shards) = (64, 16) }),
        ("one lane, one step", corpus(walks, items: 7), { ($0.lanes, $0.steps, $0.shards) = (1, 1, 1) }),
        ("a block longer than the log", corpus(walks, items: 7), { $0.steps = 500 }),
        ("one epoch", corpus(walks, items: 7), { $0.epochs = 1 }),
        ("warm-up alone", corpus(walks, items: 7), { $0.warmUp = 1 }),
        ("half for validation", corpus(walks, items: 7), { $0.validation = 0.5 }),
        ("nearly all dropped out", corpus(walks, items: 7), { $0.dropout = 0.99 }),
        ("β of a thousand millionth", corpus(walks, items: 7), { $0.beta = 1e-9 }),
        ("tiny β", corpus(walks, items: 7), { $0.beta = 1e-29 }),
        ("huge β", corpus(walks, items: 7), { $0.beta = 9e5 }),
        ("a rate far too high", corpus(walks, items: 7), { $0.adam.rate = 10 }),
        ("one sequence that fills one of many lanes", corpus([(0..<3000).map { $0 * $0 % 7 }], items: 7), { _ in }),
    ]

    static let samplers: [Change] = [
        { ($0.particles, $0.schedule) = (1, .fused) }, { $0.particles = 3 }, { ($0.sampler, $0.particles) = (.mh, 1) },
        { $0.schedule = .full }, { $0.betaUpdate = .minka }, { $0.start = .lda }, { $0.start = .random },
    ]

    /// All that is said is a law, on the log itself and on new users, however odd the log.
    @Test(arguments: cases.indices)
    func fitsAndPredicts(index: Int) throws {
        let (name, log, change) = EdgeCaseTests.cases[index]
        for (number, sampler) in EdgeCaseTests.samplers.enumerated() {
            let settings = SmallFit.settings {
                ($0.epochs, $0.hidden, $0.topics) = (3, 6, 4)
                sampler(&$0)
                change(&$0)
            }
            let (model, epochs) = try SmallFit.run(log, settings)
            #expect(epochs.count <= settings.epochs && epochs.count > 0)
            #expect(model.counts.violation == nil)
            #expect(model.network.parameters.values.array.allSatisfy { $0.isFinite }, "\(name), sampler \(number)")
            #expect(epochs.allSatisfy { $0.trainPerplexity!.isFinite && $0.topicPerplexity!.isFinite && $0.tokensPerSecond.isFinite })

            let v = log.vocabulary.count
            let others = corpus([[], [0], [v - 1, 0, v - 1], []], items: v)
            for readers in [log, others, corpus([], items: v), corpus([[]], items: v)] {
                let said = reading(model, readers)
                #expect(said.count == readers.items.count + readers.count)
                #expect(
                    said.allSatisfy { row in
                        abs(row.reduce(0) { $0 + Double($1) } - 1) < 1e-4 && row.allSatisfy { $0 >= 0 }
                    }, "\(name), sampler \(number)")
            }
            let predictions = Predictor(model, count: 5, shards: Shards(threads: 2)).predict(others)
            #expect(predictions.count == 4 && predictions.allSatisfy { $0.items.count == min(5, v) })
        }
    }

    /// With nothing to learn from a fit says so.
    @Test func nothingToLearnFrom() throws {
        let vocabulary = Vocabulary(items: ["a", "b"], counts: [1, 1])
        let unobserved = Corpus(vocabulary: vocabulary, users: ["u"], items: [0, 1], starts: [0, 2], observed: [0])
        for log in [corpus([], items: 3), corpus([[], []], items: 3), corpus([], items: 0), unobserved] {
            #expect(throws: EmptyCorpus.self) { _ = try SmallFit.run(log, SmallFit.settings()) }
        }
    }

    @Test func badSettingsAreRefusedBeforeAnythingIsDone() {
        #expect(throws: InvalidSetting.self) {
            _ = try Fit(settings: SmallFit.settings { $0.topics = 0 }, shards: Shards(threads: 1))
        }
    }
}
