import Corpora
import Foundation
import Kernels
import Recurrence
import Testing
@testable import StochasticEM

/// Items that a model has never seen, where it reads logs.
@Suite struct UnknownItemsTests {
    /// A small log whose items have long names: two that differ in their middle alone are spelled alike (`Spelling.longest`).
    static func log() throws -> Corpus {
        let log = try SmallFit.log().corpus
        return Corpus(
            vocabulary: Vocabulary(items: (0..<log.vocabulary.count).map { name($0, "") }, counts: log.vocabulary.counts), users: log.users,
            items: log.items, starts: log.starts)
    }

    static func name(_ item: Int, _ middle: String) -> String {
        "item number \(item)" + String(repeating: ".", count: 40) + middle + String(repeating: ".", count: 32)
    }

    static func model(_ variant: FitSettings.Variant, _ unknown: UnknownItems = .input, memory: FitSettings.Memory = .none) throws -> LatentLSTMAllocation {
        try SmallFit.run(log(), SmallFit.settings {
            ($0.variant, $0.embedding, $0.particles, $0.unknownItems, $0.memory) = (variant, 8, 1, unknown, memory)
            // Weights that say something.
            ($0.adam.rate, $0.validation) = (0.02, 0)
            if variant == .char { $0.characterHidden = 8 }
        }).model
    }

    /// Sequences that have unknown items in them, at their heads and ends as well: V + u is item `strange[u]`'s twin.
    static let strange = [3, 7, 11]
    static func strangers(_ model: LatentLSTMAllocation, twins: Bool = false) -> Corpus {
        let v = UInt32(model.vocabulary.count)
        let sequences: [[UInt32]] = [
            [v, 1, 2, v + 1, 5, 5], [4, v + 2, v, 9, v], [v + 1], [], [0, 1, 2, 3], [8, v, 8, v, 8, v, 8, v + 1, 8, v + 2, 8, 9, 10, 11],
        ]
        let items = sequences.joined().map { twins && $0 >= v ? UInt32(strange[Int($0 - v)]) : $0 }
        return Corpus(
            vocabulary: model.vocabulary, users: sequences.indices.map { "user \($0)" }, items: items,
            starts: sequences.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) },
            unknown: twins ? [] : strange.map { name($0, "another") })
    }

    private static func difference(_ a: [[Float]], _ b: [[Float]]) -> Float {
        zip(a, b).reduce(0) { max($0, zip($1.0, $1.1).reduce(0) { max($0, abs($1.0 - $1.1)) }) }
    }

    /// An item that is unknown and spelled as one that is known feeds the network with as much: without a memory all else is alike.
    @Test func spellingsAreReadAsThoseOfItems() throws {
        let model = try Self.model(.char), unknown = reading(model, Self.strangers(model)), known = reading(model, Self.strangers(model, twins: true))
        #expect(Self.difference(unknown, known) < 1e-6)
        // What it is called matters.
        let log = Self.strangers(model)
        let others = Corpus(
            vocabulary: log.vocabulary, users: log.users, items: log.items, starts: log.starts, unknown: ["some", "thing", "else"])
        #expect(Self.difference(unknown, reading(model, others)) > 1e-4)
        // Unknown characters are no obstacle, nor are names of none.
        let odd = Corpus(vocabulary: log.vocabulary, users: log.users, items: log.items, starts: log.starts, unknown: ["漢字", "", "🧀🧀"])
        #expect(reading(model, odd).allSatisfy { $0.allSatisfy { $0 > 0 && $0.isFinite } })
    }

    /// A model that reads spellings is one that reads items, with the rows that these come to: so is its likelihood exact.
    @Test(arguments: [FitSettings.Memory.none, .both]) func rowsAreAllThatSpellingsSay(memory: FitSettings.Memory) throws {
        let model = try Self.model(.char, memory: memory), log = try Self.log()
        var settings = model.settings
        (settings.variant, settings.unknownItems, settings.characterHidden) = (.word, nil, nil)
        let network = RecurrentNetwork(settings.networkShape(items: log.vocabulary.count), seed: 1)
        let made = model.network.readingWeights(shards: Shards(threads: 2))
        for slot in network.parameters.slots {
            // The memory is all that is read besides.
            let own = try #require(model.network.parameters.slots.first { $0.name == slot.name || slot.name == "embedding" })
            let weights = made.first { $0.name == slot.name }?.matrix ?? model.network.parameters.value(own)
            for row in 0..<slot.rows { network.parameters.value(slot).row(row).update(from: weights.row(row), count: slot.columns) }
        }
        let twin = LatentLSTMAllocation(vocabulary: model.vocabulary, settings: settings, network: network, counts: model.counts)
        #expect(Self.difference(reading(twin, log), reading(model, log)) < 1e-6)
        network.parameters.value(try #require(network.input.table)).row(3)[0] += 1
        #expect(Self.difference(reading(twin, log), reading(model, log)) > 1e-4)
    }

    /// All unknown items are one to the word variant; what comes behind them is another than behind nothing.
    @Test func wordsHaveARowForAll() throws {
        let model = try Self.model(.word), log = Self.strangers(model), unknown = reading(model, log)
        let one = UInt32(model.vocabulary.count)
        let same = Corpus(
            vocabulary: log.vocabulary, users: log.users, items: log.items.map { min($0, one) }, starts: log.starts, unknown: ["anything"])
        #expect(reading(model, same) == unknown)
        #expect(Self.difference(unknown, reading(model, Self.strangers(model, twins: true))) > 1e-4)
    }

    /// Nothing is said of them, no count is taken of them, and threads do not matter.
    @Test(arguments: [FitSettings.Variant.word, .char], [FitSettings.Memory.none, .both])
    func nothingOfThemIsScored(variant: FitSettings.Variant, memory: FitSettings.Memory) throws {
        let model = try Self.model(variant, memory: memory), log = Self.strangers(model), first = [Int](repeating: 0, count: log.count)
        let filter = ParticleFilter(
            network: model.network.prepared(shards: Shards(threads: 1)), counts: model.counts, particles: 1, seed: 1, feedback: model.settings.feedback)
        let scored = filter.logLikelihood(log, first: first, shards: Shards(threads: 2))
        #expect(scored.tokens == log.items.count { $0 < model.vocabulary.count } && scored.tokens < log.items.count)
        // By the predictions one by one.
        let rows = reading(model, log)
        var sum = 0.0
        for n in 0..<log.count {
            for event in log.range(n) where log.isKnown(event) { sum += Foundation.log(Double(rows[event + n][Int(log.items[event])])) }
        }
        #expect(abs(scored.sum / sum - 1) < 1e-4)
        for threads in [1, 8] { #expect(reading(model, log, threads: threads) == rows) }
        model.readTopics(log, first: first, shards: Shards(threads: 1)) { seen in
            for (row, n) in seen.sequences.enumerated() {
                let event = log.starts[n] + seen.positions[row]
                let isThere = seen.positions[row] < log.length(n) && log.isKnown(event)
                #expect(seen.items[row] == (isThere ? Int(log.items[event]) : nil))
            }
        }
        // Behind a first event that is unknown there are no counts yet: with λ of the memory other than it is, nothing changes there.
        guard memory == .both else { return }
        let before = rows[1]
        model.network.parameters.value(model.network.memory!.slot).row(0)[0] += 3
        let after = reading(model, log)
        #expect(after[1] == before && after[3] != rows[3])
    }

    /// A reader of events as they come expects what one of whole logs does.
    @Test(arguments: [FitSettings.Variant.word, .char], [FitSettings.Memory.none, .both])
    func liveReadersTakeThem(variant: FitSettings.Variant, memory: FitSettings.Memory) throws {
        let model = try Self.model(variant, memory: memory), log = Self.strangers(model), whole = reading(model, log)
        let reader = LiveReader(model), sequences = log.users.map(reader.sequence)
        var furthest: Float = 0
        for step in 0...(0..<log.count).map(log.length).max()! {
            for (n, sequence) in sequences.enumerated() where step <= log.length(n) {
                if step > 0 {
                    let item = Int(log.items[log.starts[n] + step - 1]), v = model.vocabulary.count
                    if item < v { sequence.observe(item) } else { sequence.observe(unknown: log.unknown[item - v]) }
                }
                #expect(sequence.count == step)
                let expected = whole[log.starts[n] + n + step]
                for (item, probability) in sequence.items(count: 60) { furthest = max(furthest, abs(Float(probability) - expected[item])) }
            }
        }
        #expect(furthest < 1e-6)
    }

    /// Models that leave them out do so event by event, too.
    @Test func whoSkipsSkips() throws {
        let model = try Self.model(.word, .skip), sequence = LiveReader(model).sequence(of: "somebody")
        sequence.observe(4)
        let before = sequence.proportions
        sequence.observe(unknown: "anything")
        #expect(sequence.count == 1 && sequence.proportions == before)
    }

    // MARK: Learning

    /// With probability α / (α + n), by the item's events in the log; the same for equal keys.
    @Test func rareItemsAreReplaced() throws {
        let replacement = InputReplacement(row: 2, counts: [1, 100])
        var random = RandomStream(seed: 8, purpose: .other)
        var replaced = (rare: 0, common: 0)
        for _ in 0..<20_000 {
            let luck = random.uniform()
            replaced.rare += replacement.replaces(0, luck: luck) ? 1 : 0
            replaced.common += replacement.replaces(1, luck: luck) ? 1 : 0
            // Neither that row itself nor that of a first step.
            #expect(!replacement.replaces(2, luck: 0) && !replacement.replaces(3, luck: 0))
        }
        // Binomial of 20,000 with 0.2 and 0.0025, four standard deviations to either side: false alarms below 1e-4 each.
        #expect(abs(replaced.rare - 4000) < 226 && abs(replaced.common - 50) < 29)
    }

    /// The row is learned; where unknown items are left out there is none.
    @Test func theRowIsLearned() throws {
        let log = try Self.log(), settings = try Self.model(.word).settings
        func row(epochs: Int) throws -> [Float] {
            var settings = settings
            settings.epochs = epochs
            let network = try SmallFit.run(log, settings).model.network, table = try #require(network.input.table)
            #expect(table.rows == log.vocabulary.count + 2)
            let values = network.parameters.value(table)
            return (0..<table.columns).map { values.row(log.vocabulary.count)[$0] }
        }
        let (one, two) = (try row(epochs: 1), try row(epochs: 2))
        #expect(zip(one, two).allSatisfy { $0 != $1 })
        #expect(try Self.model(.word, .skip).network.input.table?.rows == log.vocabulary.count + 1)
    }
}
