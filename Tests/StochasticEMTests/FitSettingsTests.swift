import Corpora
import Foundation
import Recurrence
import Testing
@testable import StochasticEM

@Suite struct FitSettingsTests {
    /// Each field out of its range, and the name under which it has to be refused.
    static let refused: [(name: String, spoil: @Sendable (inout FitSettings) -> Void)] = [
        ("topics", { $0.topics = 0 }), ("topics", { $0.topics = 1_000_001 }),
        ("hidden", { $0.hidden = 0 }), ("hidden", { $0.hidden = 16_385 }),
        ("embedding", { $0.embedding = 0 }), ("embedding", { $0.embedding = 16_385 }),
        ("beta", { $0.beta = 0 }), ("beta", { $0.beta = -1 }), ("beta", { $0.beta = .nan }), ("beta", { $0.beta = .infinity }),
        ("epochs", { $0.epochs = 0 }), ("epochs", { $0.epochs = 1 << 20 }),
        ("warm-up", { $0.warmUp = -0.1 }), ("warm-up", { $0.warmUp = 1.1 }), ("warm-up", { $0.warmUp = .nan }),
        ("particles", { $0.particles = 0 }), ("particles", { $0.particles = 4097 }),
        ("particles", { ($0.sampler, $0.particles) = (.mh, 2) }),
        ("particles", { ($0.variant, $0.particles) = (.word, 2) }), ("particles", { ($0.variant, $0.particles) = (.belief, 4) }),
        ("particles", { ($0.survivors, $0.particles) = (.conditional, 1) }),
        ("memory", { ($0.sampler, $0.particles, $0.memory) = (.mh, 1, .long) }),
        ("memory", { ($0.sampler, $0.particles, $0.memory) = (.mh, 1, .both) }),
        ("sampler", { ($0.variant, $0.sampler, $0.particles) = (.belief, .mh, 1) }),
        ("sampler", { ($0.variant, $0.sampler, $0.particles, $0.memory) = (.word, .mh, 1, .long) }),
        ("embedding", { ($0.variant, $0.particles, $0.embedding, $0.inputDropout) = (.word, 1, nil, 0) }),
        ("belief-topics", { $0.beliefTopics = 0 }), ("belief-topics", { $0.beliefTopics = 4097 }),
        ("negatives", { ($0.variant, $0.memory, $0.sampler, $0.negatives) = (.topic, .none, .mh, 0) }), ("negatives", { $0.negatives = 100 }),
        ("proposals", { $0.proposals = 0 }), ("proposals", { $0.proposals = 4097 }),
        ("lanes", { $0.lanes = 0 }), ("lanes", { $0.lanes = 65_537 }),
        ("steps", { $0.steps = 0 }), ("steps", { $0.steps = 65_537 }),
        ("shards", { $0.shards = 0 }), ("shards", { $0.shards = FitSettings.fewestLanes + 1 }),
        ("dropout", { $0.dropout = 1 }), ("dropout", { $0.dropout = -0.1 }), ("dropout", { $0.dropout = .nan }),
        // 1 in single precision, in which they are used.
        ("dropout", { $0.dropout = 0.99999999999 }), ("input-dropout", { $0.inputDropout = 0.99999999999 }),
        ("adam-beta1", { $0.adam.beta1 = 1 - 1e-12 }), ("adam-beta2", { $0.adam.beta2 = 1 - 1e-12 }),
        ("input-dropout", { $0.inputDropout = 1 }), ("input-dropout", { $0.inputDropout = -0.1 }),
        ("input-dropout", { $0.inputDropout = .nan }), ("input-dropout", { ($0.embedding, $0.inputDropout) = (nil, 0.1) }),
        ("learning-rate", { $0.adam.rate = 0 }), ("learning-rate", { $0.adam.rate = .infinity }),
        ("learning-rate", { $0.adam.rate = .nan }),
        ("adam-beta1", { $0.adam.beta1 = 1 }), ("adam-beta1", { $0.adam.beta1 = -0.1 }), ("adam-beta1", { $0.adam.beta1 = .nan }),
        ("adam-beta2", { $0.adam.beta2 = 1 }), ("adam-beta2", { $0.adam.beta2 = -0.1 }),
        ("adam-epsilon", { $0.adam.epsilon = 0 }), ("adam-epsilon", { $0.adam.epsilon = .nan }),
        ("clip-norm", { $0.adam.clipNorm = 0 }), ("clip-norm", { $0.adam.clipNorm = .nan }), ("clip-norm", { $0.adam.clipNorm = .infinity }),
        ("final-rate", { $0.finalRate = -0.1 }), ("final-rate", { $0.finalRate = 1.1 }),
        ("validation", { $0.validation = -0.1 }), ("validation", { $0.validation = 0.51 }), ("validation", { $0.validation = .nan }),
        ("patience", { $0.patience = 0 }), ("unknown-items", { $0.unknownItems = .input }), ("embedding", { ($0.variant, $0.particles, $0.embedding, $0.inputDropout) = (.char, 1, nil, 0) }),
        ("character-embedding", { ($0.variant, $0.particles, $0.characterEmbedding) = (.char, 1, 0) }),
        ("character-hidden", { ($0.variant, $0.particles, $0.characterHidden) = (.char, 1, 4097) }),
        ("character-hidden", { ($0.variant, $0.particles, $0.characterHidden) = (.word, 1, 64) }),
        ("character-embedding", { ($0.variant, $0.particles, $0.characterEmbedding) = (.word, 1, 16) }), ("precision", { ($0.cell, $0.precision) = (.gru, .bf16) }),
        ("validation-particles", { $0.validationParticles = 0 }), ("validation-particles", { $0.validationParticles = 4097 }),
    ]

    @Test(arguments: refused.indices)
    func eachFieldIsChecked(index: Int) throws {
        let (name, spoil) = FitSettingsTests.refused[index]
        var settings = FitSettings()
        (settings.variant, settings.memory) = (.topic, .none)
        spoil(&settings)
        let error = try #require(throws: InvalidSetting.self) { try settings.validate() }
        #expect(error.name == name)
        #expect(error.description.hasPrefix("\(name) is ") && error.remedy.contains("choose"))
    }

    @Test func defaultsAndBoundsAreAccepted() throws {
        try FitSettings().validate()
        let edges: [@Sendable (inout FitSettings) -> Void] = [
            { ($0.topics, $0.hidden, $0.embedding, $0.epochs) = (1, 1, 1, 1) },
            { ($0.warmUp, $0.dropout, $0.validation, $0.finalRate) = (0, 0, 0, 0) },
            { ($0.warmUp, $0.validation, $0.finalRate) = (1, 0.5, 1) },
            { ($0.embedding, $0.inputDropout) = (nil, 0) },
            { ($0.dropout, $0.inputDropout, $0.epochs) = (0.9999999, 0.9999999, 1_048_575) },
            { ($0.lanes, $0.steps, $0.shards) = (1, 1, 1) },
            { ($0.variant, $0.memory, $0.sampler, $0.particles, $0.proposals) = (.topic, .none, .mh, 1, 1) },
            { $0.adam.clipNorm = 1e30 },
            { ($0.variant, $0.particles) = (.word, 1) },
            { ($0.cell, $0.precision) = (.elman, .bf16) },
            { $0.cell = .gru },
            { ($0.variant, $0.particles, $0.unknownItems, $0.characterHidden, $0.characterEmbedding) = (.char, 1, .skip, 1, 1) },
            { ($0.variant, $0.particles, $0.unknownItems) = (.word, 1, .input) },
            { ($0.variant, $0.particles, $0.sampler) = (.word, 1, .mh) },
            { ($0.variant, $0.particles, $0.memory, $0.embedding, $0.inputDropout) = (.belief, 1, .both, nil, 0) },
            { ($0.variant, $0.particles, $0.beliefTopics) = (.belief, 1, 4096) },
            { ($0.survivors, $0.particles) = (.conditional, 2) },
            { ($0.survivors, $0.particles, $0.memory) = (.beam, 1, .long) },
        ]
        for edge in edges {
            var settings = FitSettings()
            (settings.variant, settings.memory) = (.topic, .none)
            edge(&settings)
            try settings.validate()
        }
    }

    @Test func survivesJSON() throws {
        let settings = SmallFit.settings {
            ($0.embedding, $0.beta, $0.seed) = (7, 0.1 + 0.2, .max)
            ($0.variant, $0.memory, $0.survivors, $0.beliefTopics) = (.belief, .both, .beam, 5)
        }
        #expect(try JSONDecoder().decode(FitSettings.self, from: JSONEncoder().encode(settings)) == settings)
    }

    /// What the settings come to in the network, and in what an event leaves for the next.
    @Test func variantsShapeTheNetwork() {
        func shape(_ change: (inout FitSettings) -> Void) -> RecurrentNetwork.Shape { SmallFit.settings(change).networkShape(items: 60) }
        #expect(shape { _ in } == .init(hidden: 12, classes: 6, inputs: 6))
        #expect(shape { $0.cell = .gru } == .init(hidden: 12, classes: 6, inputs: 6, cell: .gru))
        #expect(shape { ($0.variant, $0.memory) = (.belief, .long) } == .init(hidden: 12, classes: 6, inputs: 6, memories: 1))
        #expect(shape { ($0.variant, $0.embedding, $0.memory) = (.word, 5, .both) }
            == .init(hidden: 12, classes: 6, inputs: 60, embedding: 5, learns: .touched, memories: 2))
        #expect(SmallFit.settings { ($0.variant, $0.beliefTopics) = (.belief, 4) }.feedback.entries == 4)
        #expect(SmallFit.settings { ($0.variant, $0.beliefTopics) = (.belief, 9) }.feedback.entries == 6)
        #expect(SmallFit.settings { $0.variant = .word }.feedback is WordFeedback && SmallFit.settings().feedback is TopicFeedback)
        #expect(shape { ($0.variant, $0.embedding, $0.unknownItems) = (.word, 5, .input) }
            == .init(hidden: 12, classes: 6, inputs: 60, embedding: 5, learns: .touched, unknowns: 1))
        let names = Vocabulary(items: ["ab", "ca"], counts: [1, 1]), chars = SmallFit.settings { ($0.variant, $0.embedding) = (.char, 5) }
        #expect(chars.networkShape(items: 2, spelling: chars.spelling(of: names))
            == .init(hidden: 12, classes: 6, inputs: 2, embedding: 5, spelled: .init(characters: 4, embedding: 16, hidden: 64)))
        #expect(chars.unknownItemsPolicy == .input && FitSettings().unknownItemsPolicy == .skip)
        #expect(FitSettings.Variant.allCases.filter(\.isExact) == [.word, .belief, .char])
    }

    /// Blocks grow with the log, as long as an epoch has 2,000 steps of Adam; what was set stays.
    @Test func lanesSuitTheLog() throws {
        for (events, lanes) in [(1, 16), (2_047_999, 16), (2_048_000, 32), (4_096_000, 64), (8_191_999, 64), (8_192_000, 128), (1 << 40, 128)] {
            #expect(FitSettings.usualLanes(events: events, steps: 32) == lanes)
            var settings = FitSettings()
            #expect(settings.block(events: events).lanes == lanes)
            settings.lanes = 7
            #expect(settings.block(events: events, particles: 3) == BlockShape(lanes: 7, steps: 32, particles: 3, shards: 4))
        }
        let log = try SmallFit.log().corpus
        let fitted = try SmallFit.run(log, SmallFit.settings { $0.lanes = nil }).model
        #expect(fitted.settings.lanes == 16)
        let named = try SmallFit.run(log, SmallFit.settings { $0.lanes = 16 }).model
        #expect(SmallFit.bits(fitted) == SmallFit.bits(named))
    }
}
