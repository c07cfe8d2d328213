import Corpora
import Kernels
import Recurrence
import Testing
import TopicSampling
@testable import StochasticEM

/// With the same settings, log and seed the same model comes out, bit by bit, whatever the number of threads.
@Suite struct ReproducibilityTests {
    /// Settings that send a fit down its different ways.
    static let ways = FitSettings.Precision.bf16.isAvailable ? anywhere + rounded : anywhere
    private static let anywhere: [(name: String, change: @Sendable (inout FitSettings) -> Void)] = [
        ("dense, one copy", { $0.particles = 1 }),
        ("dense, four copies", { $0.particles = 4 }),
        ("Metropolis-Hastings", { ($0.sampler, $0.particles) = (.mh, 1) }),
        ("full schedule", { ($0.schedule, $0.particles) = (.full, 2) }),
        ("full schedule, Metropolis-Hastings", { ($0.schedule, $0.sampler, $0.particles) = (.full, .mh, 1) }),
        ("embedding, some of it dropped", { ($0.embedding, $0.inputDropout, $0.particles) = (5, 0.2, 2) }),
        ("β of greatest likelihood", { ($0.betaUpdate, $0.particles) = (.minka, 2) }),
        ("LDA start", { ($0.start, $0.particles) = (.lda, 2) }),
        ("random start, no validation", { ($0.start, $0.validation, $0.particles) = (.random, 0, 2) }),
        ("words", { ($0.variant, $0.embedding, $0.inputDropout, $0.particles) = (.word, 5, 0.2, 1) }),
        ("words, no validation", { ($0.variant, $0.embedding, $0.validation, $0.particles) = (.word, 5, 0, 1) }),
        ("beliefs", { ($0.variant, $0.beliefTopics, $0.particles) = (.belief, 3, 1) }),
        ("beliefs and counts", { ($0.variant, $0.embedding, $0.memory, $0.particles) = (.belief, 5, .both, 1) }),
        ("counts of four copies", { ($0.memory, $0.particles) = (.both, 4) }),
        ("a beam of four", { ($0.survivors, $0.particles) = (.beam, 4) }),
        ("one of four copies kept", { ($0.survivors, $0.particles) = (.conditional, 4) }),
        ("words, Metropolis-Hastings", { ($0.variant, $0.embedding, $0.sampler, $0.particles) = (.word, 5, .mh, 1) }),
        ("a sample of topics", { ($0.sampler, $0.particles, $0.negatives) = (.mh, 1, 3) }),
        ("a sample of topics, full schedule, embedding", {
            ($0.schedule, $0.sampler, $0.particles, $0.negatives, $0.embedding, $0.inputDropout) = (.full, .mh, 1, 3, 5, 0.2)
        }),
        ("words, unknown ones too", { ($0.variant, $0.embedding, $0.particles, $0.unknownItems) = (.word, 5, 1, .input) }),
        ("spellings", { ($0.variant, $0.embedding, $0.inputDropout, $0.particles, $0.characterEmbedding, $0.characterHidden) = (.char, 5, 0.2, 1, 3, 6) }),
        ("spellings and counts, no validation", {
            ($0.variant, $0.embedding, $0.memory, $0.validation, $0.particles, $0.characterHidden) = (.char, 5, .both, 0, 1, 5)
        }),
        ("spellings, a sample of topics", {
            ($0.variant, $0.embedding, $0.sampler, $0.particles, $0.negatives, $0.characterHidden) = (.char, 5, .mh, 1, 3, 5)
        }),
        ("GRU, embedding", { ($0.cell, $0.embedding, $0.inputDropout, $0.particles) = (.gru, 5, 0.2, 2) }),
        ("GRU, beliefs and counts", { ($0.cell, $0.variant, $0.memory, $0.particles) = (.gru, .belief, .both, 1) }),
        ("Elman, four copies", { ($0.cell, $0.particles) = (.elman, 4) }),
        ("Elman, a sample of topics", { ($0.cell, $0.sampler, $0.particles, $0.negatives) = (.elman, .mh, 1, 3) }),
        ("words, a sample of topics", { ($0.variant, $0.embedding, $0.sampler, $0.particles, $0.negatives) = (.word, 5, .mh, 1, 3) }),
    ]
    private static let rounded: [(name: String, change: @Sendable (inout FitSettings) -> Void)] = [
        ("bf16", { ($0.precision, $0.particles) = (.bf16, 4) }),
        ("bf16, Metropolis-Hastings, full schedule", { ($0.precision, $0.schedule, $0.sampler, $0.particles) = (.bf16, .full, .mh, 1) }),
        ("bf16, a sample of topics", { ($0.precision, $0.sampler, $0.particles, $0.negatives) = (.bf16, .mh, 1, 3) }),
        ("bf16, Elman", { ($0.precision, $0.cell, $0.particles) = (.bf16, .elman, 4) }),
        ("bf16, beliefs and counts", { ($0.precision, $0.variant, $0.embedding, $0.memory, $0.particles) = (.bf16, .belief, 5, .both, 1) }),
    ]

    @Test(arguments: ways.indices)
    func threadsDoNotMatter(way: Int) throws {
        let log = try SmallFit.log().corpus
        let settings = SmallFit.settings(ReproducibilityTests.ways[way].change)
        func fit(threads: Int) throws -> (model: [UInt32], records: [[UInt64]]) {
            let (model, records) = try SmallFit.run(log, settings, threads: threads)
            return (SmallFit.bits(model), records.map { SmallFit.bits($0) })
        }
        let one = try fit(threads: 1)
        #expect(one.records.count == settings.epochs)
        for threads in [1, 2, 8] {
            let other = try fit(threads: threads)
            #expect(other.model == one.model, "\(ReproducibilityTests.ways[way].name), \(threads) threads")
            #expect(other.records == one.records)
        }
    }

    @Test(arguments: [0, 1, 2, 8, 9, 12, 14])
    func anotherSeedIsAnotherModel(way: Int) throws {
        let log = try SmallFit.log().corpus
        var settings = SmallFit.settings(ReproducibilityTests.ways[way].change)
        let one = try SmallFit.run(log, settings).model
        settings.seed = 2
        let other = try SmallFit.run(log, settings).model
        #expect(one.network.parameters.values.array != other.network.parameters.values.array)
        #expect(one.counts.snapshot() != other.counts.snapshot())
    }

    /// Each setting of these is another model: a way that is not taken would pass the tests above.
    @Test func waysDiffer() throws {
        let log = try SmallFit.log().corpus
        let models = try ReproducibilityTests.ways.map { way in
            let model = try SmallFit.run(log, SmallFit.settings(way.change)).model
            return model.counts.snapshot().map { UInt32(bitPattern: $0) }
                + model.network.parameters.value((model.network.output as! SoftmaxLayer).weights).rows(0..<2).row(0).withMemoryRebound(to: UInt32.self, capacity: 6) {
                    Array(UnsafeBufferPointer(start: $0, count: 6))
                }
        }
        #expect(Set(models).count == models.count)
    }

    /// What a model says of a log does not depend on the number of threads either.
    @Test(arguments: [1, 8, 11, 12]) func readingDoesNotDependOnThreads(way: Int) throws {
        let log = try SmallFit.log().corpus
        let model = try SmallFit.run(log, SmallFit.settings(ReproducibilityTests.ways[way].change)).model
        let one = reading(model, log, threads: 1)
        #expect(one == reading(model, log, threads: 2))
        #expect(one == reading(model, log, threads: 8))
        #expect(one.count == log.items.count + log.count)
    }
}
