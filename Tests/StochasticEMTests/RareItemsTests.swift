import Corpora
import Foundation
import Kernels
import Recurrence
import Testing
@testable import StochasticEM

/// Items too rare for the vocabulary, which a network reads while it learns, and none has to explain.
@Suite struct RareItemsTests {
    /// A log of three items, and of rare ones of which each comes once: behind "go" comes a rare item, and what that is called says whether
    /// "a" or "b" follows.
    ///
    /// - Parameter tells: whether what comes behind a rare item hangs on its name, or is "b" always, as it is "a" behind nothing rare.
    static func log(sequences count: Int, tells: Bool = true, from first: Int = 0) -> Corpus {
        var random = RandomStream(seed: UInt64(first + 3), purpose: .other)
        var names: [String] = [], items: [UInt32] = [], starts = [0], known = [0, 0, 0]
        for _ in 0..<count {
            for _ in 0..<6 {
                let isRed = random.index(below: 2) == 0, isRare = tells || random.index(below: 2) == 0
                items.append(2)
                if isRare {
                    names.append((isRed ? "red " : "blue ") + ["pear", "plum", "fig", "lime"][random.index(below: 4)] + " \(first + names.count)")
                    items.append(UInt32(2 + names.count))
                }
                items.append(tells ? (isRed ? 0 : 1) : isRare ? 1 : 0)
                known[Int(items[items.count - 1])] += 1
                known[2] += 1
            }
            starts.append(items.count)
        }
        return Corpus(
            vocabulary: Vocabulary(items: ["a red or lime fig", "b blue plum or pear 0123456789", "go"], counts: known),
            users: (0..<count).map { "u\($0)" }, items: items, starts: starts, unknown: names)
    }

    static func settings(_ variant: FitSettings.Variant, _ unknown: UnknownItems, _ change: (inout FitSettings) -> Void = { _ in }) -> FitSettings {
        SmallFit.settings {
            ($0.variant, $0.unknownItems, $0.particles, $0.topics) = (variant, unknown, 1, 3)
            ($0.hidden, $0.embedding, $0.epochs, $0.adam.rate, $0.beta) = (16, 8, 16, 0.02, 0.01)
            if variant == .char { ($0.characterEmbedding, $0.characterHidden) = (8, 8) }
            change(&$0)
        }
    }

    /// Mean probability of what came right behind a rare item.
    static func share(_ model: LatentLSTMAllocation, _ log: Corpus) -> Double {
        let rows = reading(model, log)
        var sum = 0.0, count = 0.0
        for n in 0..<log.count {
            for event in log.range(n).dropFirst() where !log.isKnown(event - 1) {
                sum += Double(rows[event + n][Int(log.items[event])])
                count += 1
            }
        }
        return sum / count
    }

    // MARK: What is learned

    /// What rare names say is learned, and holds of names that no fit has seen. Who leaves such events out while it learns cannot know.
    @Test func spellingsOfRareItemsAreLearnedFrom() throws {
        let log = Self.log(sequences: 60), fresh = Self.log(sequences: 20, from: 5000)
        let model = try SmallFit.run(log, Self.settings(.char, .input)).model
        #expect(Self.share(model, fresh) > 0.9)
        // Two twins: a fit of the same log without them, read with them; and the word variant, to which they are all one.
        var skipping = try SmallFit.run(log.withoutUnknown, Self.settings(.char, .input)).model
        #expect(Self.share(skipping, fresh) < 0.6)
        skipping = try SmallFit.run(log, Self.settings(.word, .input)).model
        #expect(Self.share(skipping, fresh) < 0.6)
    }

    /// The word variant's row for all of them is learned from them: what comes behind one of them, whichever.
    @Test func theRowForAllIsLearnedFromThem() throws {
        let log = Self.log(sequences: 60, tells: false), fresh = Self.log(sequences: 20, tells: false, from: 5000)
        #expect(Self.share(try SmallFit.run(log, Self.settings(.word, .input)).model, fresh) > 0.9)
        #expect(Self.share(try SmallFit.run(log.withoutUnknown, Self.settings(.word, .input)).model, fresh) < 0.6)
    }

    // MARK: What is not

    /// Of them no topic is drawn, no count is taken, and no event is scored: all that is known of the log is what the same log without
    /// them says, which starts, splits and counts show.
    @Test(arguments: [FitSettings.Variant.word, .char]) func nothingOfThemIsCounted(variant: FitSettings.Variant) throws {
        let log = Self.log(sequences: 30), plain = log.withoutUnknown
        #expect(log.knownEvents == plain.items.count && plain.items.count == 30 * 12 && log.items.count == 30 * 18)
        var blocks = (0, 0), tokens = [0, 0]
        let settings = Self.settings(variant, .input) { ($0.epochs, $0.steps) = (3, 5) }
        func fit(_ log: Corpus, _ blocks: inout Int, _ tokens: inout Int) throws -> LatentLSTMAllocation {
            var (count, most) = (0, 0)
            defer { (blocks, tokens) = (count, most) }
            return try Fit(settings: settings, shards: Shards(threads: 2)).run(log) {
                guard case .progress(let progress) = $0 else { return }
                #expect(progress.tokens <= progress.tokensOfEpoch)
                (count, most) = (count + 1, max(most, progress.tokens))
            }
        }
        let with = try fit(log, &blocks.0, &tokens[0]), without = try fit(plain, &blocks.1, &tokens[1])
        // Steps are taken, and events are as many.
        #expect(blocks.0 > blocks.1 && tokens[0] == tokens[1])
        let split = ValidationSplit(log.training, share: settings.validation, seed: settings.seed)
        let other = ValidationSplit(plain.training, share: settings.validation, seed: settings.seed)
        #expect(split.training.users == other.training.users && split.validation.users == other.validation.users)
        for model in [with, without] {
            let counted = model.counts.snapshot().reduce(0) { $0 + Int($1) }
            #expect(counted == split.training.knownEvents && counted < log.knownEvents)
            #expect(model.vocabulary.count == 3 && model.counts.items == 3)
        }
        #expect(SmallFit.bits(with) != SmallFit.bits(without))
    }

    /// A model that leaves unknown items out is fitted to a log with them as to one without, bit by bit; so is one whose log has none.
    @Test func whoSkipsThemDoesNotSeeThem() throws {
        let log = Self.log(sequences: 30)
        for variant in FitSettings.Variant.allCases {
            let settings = Self.settings(variant, .skip) { $0.epochs = 3 }
            let models = try [log, log.withoutUnknown].map { try SmallFit.run($0, settings).model }
            #expect(SmallFit.bits(models[0]) == SmallFit.bits(models[1]))
        }
        // Neither variant has an input for them.
        for variant in [FitSettings.Variant.topic, .belief] {
            #expect(throws: InvalidSetting.self) { _ = try Fit(settings: Self.settings(variant, .input), shards: Shards(threads: 1)) }
        }
    }

    /// Of a log with nothing but rare items there is nothing to learn.
    @Test func rareItemsAloneAreNoLog() throws {
        let log = Self.log(sequences: 2)
        let empty = Corpus(
            vocabulary: log.vocabulary, users: ["u", "v"], items: [3, 4, 3, 3], starts: [0, 2, 4], unknown: ["x", "y"])
        #expect(throws: EmptyCorpus.self) { _ = try SmallFit.run(empty, Self.settings(.char, .input)) }
        // Beside others such sequences are no matter.
        let mixed = Corpus(
            vocabulary: log.vocabulary, users: ["u", "v", "w", "x"], items: [3, 4, 0, 1, 2, 2, 4, 1], starts: [0, 2, 5, 6, 8],
            unknown: ["x", "y"])
        #expect(mixed.training.users == ["v", "w", "x"] && mixed.training.unknown == ["y"] && mixed.training.items == [0, 1, 2, 2, 3, 1])
        let model = try SmallFit.run(mixed, Self.settings(.char, .input) { ($0.validation, $0.epochs) = (0, 2) }).model
        #expect(model.counts.snapshot().reduce(0, +) == 5)
    }

    // MARK: The same arithmetic in learning and reading

    /// What is said of an epoch in which nothing moves is what a reading comes to, which `UnknownItemsTests` holds against other ways to it.
    @Test func learningReadsAsReadingDoes() throws {
        func said<Input: ItemInput>(_ input: Input.Type, steps: Int, seed: UInt64) throws -> (said: Double, read: Double, left: Double) {
            let rare = Self.log(sequences: 8)
            // Of what comes so often nothing is taken for unknown.
            let log = Corpus(
                vocabulary: Vocabulary(items: ["aa", "ab", "ba"], counts: [1 << 40, 1 << 40, 1 << 40]), users: rare.users, items: rare.items,
                starts: rare.starts, unknown: rare.unknown.indices.map { String(repeating: "☃", count: $0 % 5) })
            var settings = ItemNetworkSettings<Input>()
            (settings.hidden, settings.embedding, settings.lanes, settings.steps, settings.shards) = (6, 5, 3, steps, 2)
            (settings.dropout, settings.inputDropout, settings.validation, settings.epochs, settings.learningRate) = (0, 0, 0, 1, 1e-30)
            (settings.unknownItems, settings.seed) = (.input, seed)
            let spelling = settings.spelling(of: log.vocabulary)
            let model = ItemNetwork(
                vocabulary: log.vocabulary, network: RecurrentNetwork(settings.shape(items: 3, spelling: spelling), spelling: spelling, seed: 5),
                unknownItems: .input)
            var said: Double?
            _ = try ItemNetworkFit(model, settings, training: log, shards: Shards(threads: 2)).run(progress: { _ in }, tell: { said = $0.trainPerplexity })
            let shards = Shards(threads: 1)
            return (try #require(said), model.perplexity(on: log, shards: shards), model.perplexity(on: log.withoutUnknown, shards: shards))
        }
        // Blocks that begin behind a rare item, among others.
        let word = try said(WordInput.self, steps: 4, seed: 1)
        #expect(abs(word.said / word.read - 1) < 1e-5)
        // A block in which chance takes none of the six characters for an unknown one: more than half of all.
        let found = try (UInt64(1)...20).map { try said(SpelledInput.self, steps: 256, seed: $0) }
        #expect(found.count { abs($0.said / $0.read - 1) < 1e-5 } > 3)
        // The twin: another reading of the same log is told from it.
        for (said, _, left) in [word] + found { #expect(abs(said / left - 1) > 1e-4) }
    }

    // MARK: Bits

    /// Threads do not matter, nor where a fit was stopped: a block may begin right behind a rare item.
    @Test(arguments: [FitSettings.Variant.word, .char], [FitSettings.Sampler.dense, .mh])
    func stoppedFitsEndAlike(variant: FitSettings.Variant, sampler: FitSettings.Sampler) throws {
        let log = Self.log(sequences: 24), settings = Self.settings(variant, .input) {
            ($0.epochs, $0.steps, $0.inputDropout, $0.sampler) = (3, 3, 0.2, sampler)
            $0.memory = sampler == .dense ? .both : .none
        }
        let whole = try StoppedFit.end(log, settings)
        #expect(try StoppedFit.end(log, settings, threads: 8).outcome == whole.outcome)
        for count in [whole.blocks / 7, whole.blocks / 2, whole.blocks / 2 + 1, whole.blocks - 1] {
            let (checkpoint, told) = try StoppedFit.stop(log, settings, after: count)
            #expect(try StoppedFit.end(log, settings, from: checkpoint, told: told, threads: 1).outcome == whole.outcome)
        }
        // A log that calls one of them otherwise is another log.
        let (checkpoint, _) = try StoppedFit.stop(log, settings, after: 4)
        let renamed = Corpus(
            vocabulary: log.vocabulary, users: log.users, items: log.items, starts: log.starts, unknown: log.unknown.map { $0 + "!" })
        #expect(throws: CheckpointMismatch.self) { _ = try StoppedFit.end(renamed, settings, from: checkpoint) }
    }
}
