import Corpora
import Kernels
import Testing
@testable import StochasticEM

/// What becomes of a model when a fit of another log goes on from it.
@Suite struct WarmStartTests {
    typealias Change = @Sendable (inout FitSettings) -> Void

    static let variants: [(name: String, change: Change)] = [
        ("topics, four copies, counts", { ($0.memory, $0.particles) = (.both, 4) }),
        ("words", { ($0.variant, $0.embedding, $0.particles) = (.word, 5, 1) }),
        ("words, unknown ones too", { ($0.variant, $0.embedding, $0.particles, $0.unknownItems) = (.word, 5, 1, .input) }),
        ("spellings", { ($0.variant, $0.embedding, $0.particles, $0.characterHidden) = (.char, 5, 1, 6) }),
        ("beliefs", { ($0.variant, $0.particles) = (.belief, 1) }),
        ("GRU, counts", { ($0.cell, $0.variant, $0.memory, $0.particles) = (.gru, .belief, .both, 1) }),
        ("Elman", { $0.cell = .elman }),
        ("samples of topics", { ($0.sampler, $0.particles, $0.negatives, $0.embedding) = (.mh, 1, 3, nil) }),
    ]
    static let newItems = 8

    /// The first half of a small log without the items that come last in its vocabulary, and all of the second half.
    static func logs() throws -> (old: Corpus, new: Corpus) {
        let log = try SmallFit.log().corpus
        let half = log.count / 2, v = log.vocabulary.count - newItems
        let names = Vocabulary(items: Array(log.vocabulary.items.prefix(v)), counts: Array(log.vocabulary.counts.prefix(v)))
        let kept = (0..<half).map { log.sequence($0).filter { $0 < v } }
        let old = Corpus(
            vocabulary: names, users: Array(log.users.prefix(half)), items: Array(kept.joined()),
            starts: kept.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) })
        return (old, log.selecting(Array(half..<log.count)))
    }

    /// The model of the old log.
    static func model(_ change: Change) throws -> LatentLSTMAllocation { try SmallFit.run(logs().old, SmallFit.settings(change)).model }

    static func fit(
        _ log: Corpus, from model: LatentLSTMAllocation, threads: Int = 2, _ change: Change = { _ in }
    ) throws -> (model: LatentLSTMAllocation, epochs: [EpochRecord]) {
        let start = WarmStart(model)
        var settings = start.settings, epochs: [EpochRecord] = []
        change(&settings)
        let fitted = try Fit(settings: settings, shards: Shards(threads: threads), warmStart: start).run(log) {
            if case .epoch(let record) = $0 { epochs.append(record) }
        }
        return (fitted, epochs)
    }

    /// A fit that stands before its first block, of a log without events.
    private func untouched(_ model: LatentLSTMAllocation, vocabulary: Vocabulary) throws -> LatentLSTMAllocation {
        let nobody = Corpus(vocabulary: vocabulary, users: [], items: [], starts: [0])
        let start = WarmStart(model)
        return try FitRun(
            start.settings, restart: 1, ValidationSplit(nobody, share: 0, seed: 1), vocabulary: vocabulary, warmStart: start,
            shards: Shards(threads: 1)
        ).model(with: nil)
    }

    /// Σ of counts that the new model has more than the old one; nil where it has fewer anywhere.
    private func growth(from old: LatentLSTMAllocation, to new: LatentLSTMAllocation) -> Int? {
        let topics = old.counts.topics
        for item in 0..<old.vocabulary.count {
            for topic in 0..<topics where new.counts.count(item, topic) < old.counts.count(item, topic) { return nil }
        }
        return new.counts.total - old.counts.total
    }

    /// With nothing new, nothing changes: to the bit, for those who were in the log and for others.
    @Test(arguments: variants.indices) func nothingNewChangesNothing(way: Int) throws {
        let (old, new) = try WarmStartTests.logs(), model = try WarmStartTests.model(WarmStartTests.variants[way].change)
        let same = try untouched(model, vocabulary: old.vocabulary)
        #expect(SmallFit.bits(same) == SmallFit.bits(model))
        #expect(same.settings.beta == model.settings.beta)
        #expect(reading(same, old) == reading(model, old))
        let others = Corpus(vocabulary: old.vocabulary, users: ["a", "b"], items: [0, 3, 1], starts: [0, 2, 3])
        #expect(reading(same, others) == reading(model, others))
        // The twin: one more event is seen.
        let more = try untouched(model, vocabulary: new.vocabulary)
        more.counts.add(item: 0, to: 0)
        more.counts.refreshInverseTotals()
        #expect(reading(more, old) != reading(try untouched(model, vocabulary: new.vocabulary), old))
    }

    /// An item whose name has other bytes is another, also where Unicode holds the two equal.
    @Test func itemsAreToldByTheirBytes() throws {
        let model = try WarmStartTests.model { _ in }
        func named(_ first: String) -> Vocabulary { Vocabulary(items: [first] + model.vocabulary.items.dropFirst(), counts: model.vocabulary.counts) }
        let start = WarmStart(
            LatentLSTMAllocation(vocabulary: named("caf\u{E9}"), settings: model.settings, network: model.network, counts: model.counts))
        #expect(start.isContinued(by: named("caf\u{E9}")) && !start.isContinued(by: named("cafe\u{301}")))
    }

    /// New items take from the old ones what V β takes, and no more: φ_wk shrinks by (n_k + V β) / (n_k + V' β).
    @Test(arguments: variants.indices) func newItemsTakeLittle(way: Int) throws {
        let (old, new) = try WarmStartTests.logs(), model = try WarmStartTests.model(WarmStartTests.variants[way].change)
        let grown = try untouched(model, vocabulary: new.vocabulary)
        let v = old.vocabulary.count, beta = model.settings.beta
        let shrink = (0..<model.counts.topics).map { topic in
            let events = Double(model.counts.totals[topic])
            return (events + Double(v) * beta) / (events + Double(v + WarmStartTests.newItems) * beta)
        }
        for topic in shrink.indices {
            for (before, after) in zip(model.itemDistribution(of: topic), grown.itemDistribution(of: topic)) {
                #expect(abs(Double(after) / (Double(before) * shrink[topic]) - 1) < 1e-5)
            }
        }
        // Where θ does not depend on φ, what is said shrinks by as much: with words always, with others before the first event.
        let positions = WarmStartTests.variants[way].name.hasPrefix("words") || WarmStartTests.variants[way].name == "spellings" ? old.length(0) + 1 : 1
        let (less, more) = (try #require(shrink.min()), try #require(shrink.max()))
        for (before, after) in zip(reading(model, old), reading(grown, old)).prefix(positions) {
            #expect(after.count == v + WarmStartTests.newItems)
            for item in 0..<v {
                let ratio = Double(after[item]) / Double(before[item])
                #expect(ratio > less * (1 - 1e-4) && ratio < more * (1 + 1e-4))
            }
        }
        // Those never seen before can come, and all adds up.
        for row in reading(grown, new) {
            #expect(row.allSatisfy { $0 > 0 && $0.isFinite })
            #expect(abs(row.reduce(0) { $0 + Double($1) } - 1) < 1e-4)
        }
    }

    /// Where nothing is learned, the network stays to the bit, rows of old items included, and old counts stand below those of the log.
    @Test(arguments: variants.indices) func whatWasCountedStays(way: Int) throws {
        let (_, new) = try WarmStartTests.logs(), model = try WarmStartTests.model(WarmStartTests.variants[way].change)
        let (fitted, epochs) = try WarmStartTests.fit(new, from: model) { ($0.adam.rate, $0.validation) = (1e-30, 0) }
        for (old, now) in zip(model.network.parameters.slots, fitted.network.parameters.slots) {
            let (before, after) = (model.network.parameters.value(old), fitted.network.parameters.value(now))
            func bits(_ view: MatrixView, _ row: Int) -> [UInt32] { (0..<view.columns).map { view.row(row)[$0].bitPattern } }
            // Rows of the input's table that stand for no item, that of a sequence's first step among them, are the last in both.
            let apart = old.offset == model.network.input.table?.offset ? model.network.shape.unknowns + 1 : 0
            for row in 0..<old.rows - apart { #expect(bits(before, row) == bits(after, row)) }
            for row in 1..<apart + 1 { #expect(bits(before, old.rows - row) == bits(after, now.rows - row)) }
        }
        #expect(growth(from: model, to: fitted) == new.items.count)
        #expect(fitted.counts.violation == nil)
        #expect(epochs.allSatisfy { $0.phase == .joint } && epochs.count == 4)
        // The twin: a fit of its own owes the old model nothing.
        #expect(growth(from: model, to: try SmallFit.run(new, fitted.settings).model) == nil)
        // And so on, from log to log.
        #expect(growth(from: fitted, to: try WarmStartTests.fit(new, from: fitted) { $0.validation = 0 }.model) == new.items.count)
    }

    /// A rate that spoils the network spoils no model: what the fit went on from is a candidate for the best epoch.
    @Test func learningThatHarmsIsUndone() throws {
        let (_, new) = try WarmStartTests.logs(), model = try WarmStartTests.model { $0.particles = 2 }
        let (fitted, epochs) = try WarmStartTests.fit(new, from: model) { ($0.adam.rate, $0.finalRate, $0.patience) = (3, 1, 2) }
        #expect(epochs.count == 2)
        #expect(fitted.network.parameters.values.array == model.network.parameters.values.array)
        // Events of the log are counted all the same, those that were kept aside left out.
        let more = try #require(growth(from: model, to: fitted))
        #expect(more > 0 && more < new.items.count)
    }

    @Test(arguments: ReproducibilityTests.ways.indices) func threadsDoNotMatterAndStopsNeither(way: Int) throws {
        let (_, new) = try WarmStartTests.logs()
        let start = WarmStart(try WarmStartTests.model(ReproducibilityTests.ways[way].change)), settings = start.settings
        let whole = try StoppedFit.end(new, settings, warmStart: start, threads: 1)
        #expect(try StoppedFit.end(new, settings, warmStart: start, threads: 8).outcome == whole.outcome)
        for count in [1, whole.blocks * 2 / 3, whole.blocks] {
            let (checkpoint, told) = try StoppedFit.stop(new, settings, after: count, warmStart: start)
            let resumed = try StoppedFit.end(new, settings, from: checkpoint, told: told, warmStart: start)
            #expect(resumed.outcome == whole.outcome, "\(ReproducibilityTests.ways[way].name), after \(count) blocks of \(whole.blocks)")
        }
    }

    /// A checkpoint says which model its fit went on from.
    @Test func anotherStartIsAnotherFit() throws {
        let (_, new) = try WarmStartTests.logs()
        let start = WarmStart(try WarmStartTests.model { _ in }), other = WarmStart(try WarmStartTests.model { $0.seed = 2 })
        let (checkpoint, _) = try StoppedFit.stop(new, start.settings, after: 3, warmStart: start)
        for wrong in [other, nil] {
            let fit = try Fit(settings: start.settings, shards: Shards(threads: 1), warmStart: wrong)
            let error = #expect(throws: CheckpointMismatch.self) { _ = try fit.run(new, from: checkpoint) { _ in } }
            let origin = wrong.map { "the model \($0.fingerprint.prefix(12))" } ?? "no model"
            #expect(error?.differences == ["it starts from the model \(start.fingerprint.prefix(12)) there and from \(origin) here"])
        }
    }

    @Test func whatTheModelIsMadeForCannotChange() throws {
        let start = WarmStart(try WarmStartTests.model { ($0.embedding, $0.particles) = (5, 1) })
        let changes: [(name: String, change: Change)] = [
            ("variant", { $0.variant = .belief }), ("topics", { $0.topics = 7 }), ("hidden", { $0.hidden = 13 }), ("cell", { $0.cell = .gru }),
            ("embedding", { $0.embedding = nil }), ("memory", { $0.memory = .long }),
        ]
        for (name, change) in changes {
            var settings = start.settings
            change(&settings)
            let error = #expect(throws: InvalidSetting.self) { _ = try Fit(settings: settings, shards: Shards(threads: 1), warmStart: start) }
            #expect(error?.name == name && error?.remedy.contains("leave this out") == true)
        }
        // All else can.
        var settings = start.settings
        (settings.epochs, settings.beta, settings.lanes, settings.seed, settings.dropout) = (2, 0.2, 4, 9, 0)
        _ = try Fit(settings: settings, shards: Shards(threads: 1), warmStart: start)
    }

    /// The model that is written says what it went on from, and is read again.
    @Test func aFolderSaysWhereItCameFrom() throws {
        let (_, new) = try WarmStartTests.logs(), start = WarmStart(try WarmStartTests.model { _ in })
        let fitted = try WarmStartTests.fit(new, from: start.model).model
        let folder = try TemporaryFolder(), options = CorpusOptions.standard
        try fitted.save(to: folder.path + "/model", options: options, training: [], warmStart: start)
        let read = try LatentLSTMAllocation.load(folder.path + "/model")
        #expect(read.description.warmStart == start.fingerprint)
        #expect(SmallFit.bits(read.model) == SmallFit.bits(fitted) && WarmStart(read.model).fingerprint == WarmStart(fitted).fingerprint)
        #expect(WarmStart(fitted).fingerprint != start.fingerprint)
        _ = try ModelReport(checking: folder.path + "/model")
    }
}
