import Corpora
import Foundation
import Kernels
import Recurrence
import TestSupport
import Testing
@testable import Baselines
@testable import StochasticEM

/// The LSTM over items that reads how they are spelled, against the network in Double, which PyTorch agrees with (`SpelledRowsTests`).
@Suite struct CharLSTMTests {
    static let names = ["red pear", "red plum", "pear", "a", "", "blue pear", "blue plum"]
    static let v = names.count, h = 5, e = 4

    private static func settings(_ change: (inout ItemNetworkSettings<SpelledInput>) -> Void = { _ in }) -> ItemNetworkSettings<SpelledInput> {
        var settings = ItemNetworkSettings<SpelledInput>()
        (settings.hidden, settings.embedding, settings.characterEmbedding, settings.characterHidden) = (h, e, 3, 2)
        (settings.lanes, settings.steps, settings.shards) = (3, 16, 2)
        (settings.dropout, settings.inputDropout, settings.validation, settings.epochs) = (0, 0, 0, 1)
        change(&settings)
        return settings
    }

    private static func network() -> RecurrentNetwork {
        let spelling = Spelling(names)
        return RecurrentNetwork(settings().shape(items: v, spelling: spelling), spelling: spelling, seed: 9)
    }

    private static func naive(_ network: RecurrentNetwork) -> NaiveNetwork {
        var naive = NaiveNetwork(
            hidden: h, classes: v,
            parameters: Dictionary(uniqueKeysWithValues: network.parameters.slots.map { slot in
                (slot.name, (0..<slot.count).map { Double(network.parameters.value(slot).base[$0]) })
            }))
        let spelling = Spelling(names)
        naive.words = (0..<v).map { spelling[$0].map(Int.init) }
        return naive
    }

    /// One sequence as the naive network reads it: first the row of a start, then each item's.
    private static func block(_ items: [Int], weight: Double = 1) -> NaiveNetwork.Block {
        NaiveNetwork.Block(
            steps: items.count, lanes: 1, inputs: [v] + items.dropLast(), starts: items.indices.map { $0 == 0 }, targets: items,
            weights: items.map { _ in weight }, carriedHidden: [Double](repeating: 0, count: h), carriedCell: [Double](repeating: 0, count: h),
            mask: [Double](repeating: 1, count: items.count * h))
    }

    private static func named(_ log: Corpus, _ names: [String] = names) -> Corpus {
        Corpus(
            vocabulary: Vocabulary(items: names, counts: log.vocabulary.counts), users: log.users, items: log.items, starts: log.starts,
            observed: log.observed)
    }

    static let corpus = named(WordLSTMTests.corpus)

    @Test func readingIsTheSoftmaxOfTheNaiveNetwork() {
        let network = Self.network(), naive = Self.naive(network)
        func furthest(_ model: ItemNetwork, _ corpus: Corpus) -> Double {
            let found = SmallBaseline.reading(model, corpus).map { $0.map { Double(Float(bitPattern: $0)) } }
            var place = 0, furthest = 0.0
            for n in 0..<corpus.count {
                // What stands behind the last item does not matter to what is expected there.
                let items = corpus.sequence(n).map(Int.init) + [0], logits = naive.run(Self.block(items)).logits
                for t in items.indices {
                    let weights = logits[t * Self.v..<(t + 1) * Self.v].map { exp($0) }, sum = weights.reduce(0, +)
                    for (a, b) in zip(found[place], weights) { furthest = max(furthest, abs(a - b / sum)) }
                    place += 1
                }
            }
            return place == found.count ? furthest : .infinity
        }
        #expect(furthest(ItemNetwork(vocabulary: Self.corpus.vocabulary, network: network), Self.corpus) < 1e-5)
        // The twin: a network of the same weights that reads the names from the other end is told from it.
        let reversed = Spelling(Self.names.map { String($0.reversed()) })
        let other = RecurrentNetwork(Self.settings().shape(items: Self.v, spelling: reversed), spelling: reversed, seed: 9)
        #expect(furthest(ItemNetwork(vocabulary: Self.corpus.vocabulary, network: other), Self.corpus) > 1e-4)
    }

    /// The gradient that a block leaves is that of the mean of −log p(w_t | past) over all events, through both LSTMs to the rows of
    /// characters, by differences in Double.
    @Test func learningFollowsTheGradientOfTheLikelihood() throws {
        let network = Self.network()
        // Characters that many items have are not taken for unknown ones here: a block's chance would be part of the loss.
        let sequences = (0..<Self.corpus.count).map { Self.corpus.sequence($0).map(Int.init) }.filter { !$0.isEmpty }
        let events = Double(Self.corpus.items.count)
        let weights = network.parameters.values.array
        var differs = 0
        for seed in UInt64(1)...40 {
            network.parameters.values.base.update(from: weights, count: weights.count)
            let naive = Self.naive(network), model = ItemNetwork(vocabulary: Self.corpus.vocabulary, network: network)
            // A step that moves nothing: gradients and loss are then those of the weights above. No sequence is cut by a block.
            let settings = Self.settings { ($0.learningRate, $0.steps, $0.lanes, $0.shards, $0.seed) = (1e-30, 64, 1, 1, seed) }
            let fit = ItemNetworkFit(model, settings, training: Self.corpus, shards: Shards(threads: 1))
            var said: Double?
            _ = try fit.run(progress: { _ in }, tell: { said = $0.trainPerplexity })
            let loss = sequences.reduce(0) { $0 + naive.run(Self.block($1, weight: 1 / events)).loss }
            // A seed by which some character was taken for an unknown one.
            guard abs(try #require(said) / exp(loss) - 1) < 1e-6 else {
                differs += 1
                continue
            }
            var expected: [String: [Double]] = [:]
            for items in sequences {
                expected.merge(naive.finiteDifferences(Self.block(items, weight: 1 / events))) { zip($0, $1).map { $0 + $1 } }
            }
            var largest: [String: Double] = [:]
            for slot in network.parameters.slots {
                let gradient = network.parameters.gradient(slot)
                for i in 0..<slot.count {
                    let wanted = try #require(expected[slot.name])[i]
                    #expect(abs(Double(gradient.base[i]) - wanted) < 1e-5, "\(slot.name) \(i)")
                    largest[slot.name] = max(largest[slot.name] ?? 0, abs(wanted))
                }
            }
            // The twin: such differences would be seen, since gradients are far larger, those of the characters' two LSTMs included.
            #expect(largest.count == 15 && largest.values.allSatisfy { $0 > 2e-4 }, "\(largest)")
            return
        }
        Issue.record("a character was taken for an unknown one by each of \(differs) seeds")
    }

    /// A log in which half an item's name says what comes next is learned, and what was learned holds of names that were never seen.
    @Test(arguments: [nil, 3]) func spellingsSayWhatComesNext(negatives: Int?) throws {
        // Behind whatever is red comes a, behind whatever is blue b.
        let things = ["pear", "plum", "apple", "cherry", "fig", "lime", "melon", "grape"]
        let names = ["a", "b"] + things.flatMap { ["red \($0)", "blue \($0)"] }
        var random = RandomStream(seed: 5, purpose: .other)
        let sequences = (0..<80).map { _ in
            (0..<10).flatMap { _ in
                let item = 2 + random.index(below: 2 * things.count)
                return [UInt32(item), UInt32(item % 2)]
            }
        }
        let corpus = Self.named(StepwiseLaws.makeCorpus(sequences, items: names.count), names)
        let settings = Self.settings {
            ($0.hidden, $0.embedding, $0.characterEmbedding, $0.characterHidden) = (16, 8, 8, 8)
            ($0.epochs, $0.negatives, $0.learningRate, $0.validation, $0.lanes) = (12, negatives, 0.02, 0.1, 4)
        }
        let model = try CharLSTM.fitted(to: corpus, settings: settings, shards: Shards(threads: 2)) { _ in }
        // Every other item is one of sixteen, and follows from nothing.
        #expect(model.perplexity(on: corpus, shards: Shards(threads: 2)) < 4.6)
        let strangers = ["red quince", "blue quince"], v = UInt32(names.count)
        let log = Corpus(
            vocabulary: corpus.vocabulary, users: ["r", "b"], items: [2, 0, v, 2, 0, v + 1], starts: [0, 3, 6], unknown: strangers)
        func expected(_ model: some SequenceModel) -> [(a: Double, b: Double)] {
            let rows = SmallBaseline.reading(model, log).map { $0.map { Double(Float(bitPattern: $0)) } }
            return [rows[3], rows[7]].map { ($0[0], $0[1]) }
        }
        let found = expected(model)
        #expect(found[0].a > 0.9 && found[1].b > 0.9, "\(found)")
        // The twin: a model that has one row for all of them cannot tell one from another.
        let blind = try SmallBaseline.fitted(WordLSTM.self, to: corpus, more: [GivenOption("unknown-items", UnknownItems.input)])
        let same = expected(blind)
        #expect(same[0].a == same[1].a && same[0].b == same[1].b)
    }

    /// Spellings take the place of V·E weights.
    @Test func parametersAreCounted() throws {
        let model = try CharLSTM.fitted(to: Self.corpus, settings: Self.settings(), shards: Shards(threads: 1)) { _ in }
        let (v, h, e, c, w, a) = (Self.v, Self.h, Self.e, 2, 3, Spelling(Self.names).alphabet)
        let spelled = a * w + 2 * (4 * c * c + w * 4 * c + 4 * c) + (2 * c + 1) * e + e
        #expect(model.parameterCount == ParameterCount(learned: spelled + e * 4 * h + 4 * h + 4 * h * h + h * v + v))
    }

    /// Names of any kind that are not in the vocabulary, alone, at the head and at the end: nothing is said of them, and reading goes on.
    @Test func unknownItemsAreReadOrLeftOut() throws {
        let v = UInt32(Self.v)
        let log = Corpus(
            vocabulary: Self.corpus.vocabulary, users: ["a", "b", "c"], items: [v, 1, v + 1, 2, v + 2, v, 0], starts: [0, 4, 6, 7],
            unknown: ["red fig", "漢字", ""])
        let model = try CharLSTM.fitted(to: Self.corpus, settings: Self.settings(), shards: Shards(threads: 1)) { _ in }
        #expect(model.unknownItems == .input)
        let rows = SmallBaseline.reading(model, log).map { $0.map { Double(Float(bitPattern: $0)) } }
        #expect(rows.count == 10 && rows.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 })
        #expect(SmallBaseline.reading(model, log, threads: 8) == SmallBaseline.reading(model, log, threads: 1))
        let skipping = try CharLSTM.fitted(to: Self.corpus, settings: Self.settings { $0.unknownItems = .skip }, shards: Shards(threads: 1)) { _ in }
        #expect(skipping.unknownItems == .skip && SmallBaseline.bits(skipping) == SmallBaseline.bits(model))
    }
}
