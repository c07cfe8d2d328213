import Corpora
import Foundation
import Kernels
import Recurrence
import TestSupport
import Testing
@testable import Baselines
@testable import StochasticEM

/// The LSTM over items against the network in Double.
@Suite struct WordLSTMTests {
    static let v = 7, h = 5, e = 4

    private static func settings(_ change: (inout ItemNetworkSettings<WordInput>) -> Void = { _ in }) -> ItemNetworkSettings<WordInput> {
        var settings = ItemNetworkSettings<WordInput>()
        (settings.hidden, settings.embedding, settings.lanes, settings.steps, settings.shards) = (h, e, 3, 16, 2)
        (settings.dropout, settings.inputDropout, settings.validation, settings.epochs) = (0, 0, 0, 1)
        change(&settings)
        return settings
    }

    private static func network(negatives: Int? = nil) -> RecurrentNetwork {
        RecurrentNetwork(
            RecurrentNetwork.Shape(hidden: h, classes: v, inputs: v, embedding: e, learns: .touched, negatives: negatives), seed: 9)
    }

    private static func naive(_ network: RecurrentNetwork) -> NaiveNetwork {
        NaiveNetwork(
            hidden: h, classes: v,
            parameters: Dictionary(uniqueKeysWithValues: network.parameters.slots.map { slot in
                (slot.name, (0..<slot.count).map { Double(network.parameters.value(slot).base[$0]) })
            }))
    }

    /// One sequence as the naive network reads it: first the row of a start, then each item's.
    private static func block(_ items: [Int], weight: Double = 1) -> NaiveNetwork.Block {
        NaiveNetwork.Block(
            steps: items.count, lanes: 1, inputs: [v] + items.dropLast(), starts: items.indices.map { $0 == 0 }, targets: items,
            weights: items.map { _ in weight }, carriedHidden: [Double](repeating: 0, count: h), carriedCell: [Double](repeating: 0, count: h),
            mask: [Double](repeating: 1, count: items.count * h))
    }

    static let corpus = StepwiseLaws.makeCorpus(
        [[0, 1, 2, 3, 4, 5, 6, 0, 1], [3], [], [6, 6, 2], [5, 0, 5, 0, 5, 1, 2, 4, 4, 3, 1], [2, 1]], items: v)

    private static func softmax(_ logits: ArraySlice<Double>) -> [Double] {
        let weights = logits.map { exp($0) }, sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    @Test func readingIsTheSoftmaxOfTheNaiveNetwork() {
        let network = Self.network(), naive = Self.naive(network)
        let model = ItemNetwork(vocabulary: Self.corpus.vocabulary, network: network)
        let found = SmallBaseline.reading(model, Self.corpus).map { $0.map { Double(Float(bitPattern: $0)) } }
        var place = 0, lookedAt = 0
        for n in 0..<Self.corpus.count {
            // What stands behind the last item does not matter to what is expected there.
            let items = Self.corpus.sequence(n).map(Int.init) + [0], logits = naive.run(Self.block(items)).logits
            for t in items.indices {
                let expected = Self.softmax(logits[t * Self.v..<(t + 1) * Self.v])
                #expect(zip(found[place], expected).allSatisfy { abs($0 - $1) < 1e-5 })
                (place, lookedAt) = (place + 1, lookedAt + 1)
            }
        }
        #expect(lookedAt == found.count)
        // The twin: another network is told from it.
        let other = SmallBaseline.reading(ItemNetwork(vocabulary: Self.corpus.vocabulary, network: {
            let other = Self.network()
            other.parameters.values.base[3] += 0.5
            return other
        }()), Self.corpus)
        #expect(other != SmallBaseline.reading(model, Self.corpus))
    }

    /// The gradient that a block leaves is that of the mean of −log p(w_t | past) over all events, by differences in Double.
    @Test func learningFollowsTheGradientOfTheLikelihood() throws {
        // As long as no sequence is cut by a block, blocks of one do.
        let network = Self.network(), naive = Self.naive(network)
        let model = ItemNetwork(vocabulary: Self.corpus.vocabulary, network: network)
        var settings = Self.settings()
        // A step that moves nothing: gradients and loss are then those of the weights above.
        (settings.learningRate, settings.steps, settings.lanes) = (1e-30, 64, 1)
        settings.shards = 1
        let fit = ItemNetworkFit(model, settings, training: Self.corpus, shards: Shards(threads: 1))
        var said: Double?
        _ = try fit.run(progress: { _ in }, tell: { said = $0.trainPerplexity })

        let sequences = (0..<Self.corpus.count).map { Self.corpus.sequence($0).map(Int.init) }.filter { !$0.isEmpty }
        let events = Double(Self.corpus.items.count)
        var expected: [String: [Double]] = [:], loss = 0.0
        for items in sequences {
            let block = Self.block(items, weight: 1 / events)
            loss += naive.run(block).loss
            expected.merge(naive.finiteDifferences(block)) { zip($0, $1).map { $0 + $1 } }
        }
        #expect(abs(try #require(said) / exp(loss) - 1) < 1e-5)
        var largest = 0.0
        for slot in network.parameters.slots {
            let gradient = network.parameters.gradient(slot)
            for i in 0..<slot.count {
                let wanted = try #require(expected[slot.name])[i]
                #expect(abs(Double(gradient.base[i]) - wanted) < 1e-5, "\(slot.name) \(i)")
                largest = max(largest, abs(wanted))
            }
        }
        // The twin: such differences are seen, since gradients are far larger.
        #expect(largest > 1e-2)
    }

    /// What is said of an epoch in which nothing moves is what a reading comes to.
    @Test func theTrainingPerplexityIsThatOfAReading() throws {
        let network = Self.network(), model = ItemNetwork(vocabulary: Self.corpus.vocabulary, network: network)
        let fit = ItemNetworkFit(model, Self.settings { $0.learningRate = 1e-30 }, training: Self.corpus, shards: Shards(threads: 2))
        var said: Double?
        _ = try fit.run(progress: { _ in }, tell: { said = $0.trainPerplexity })
        #expect(abs(try #require(said) / model.perplexity(on: Self.corpus, shards: Shards(threads: 2)) - 1) < 1e-5)
    }

    /// A log whose every item says what comes next is learned, with a full softmax and with a sampled one.
    @Test(arguments: [nil, 3])
    func itLearnsWhatFollowsWhat(negatives: Int?) throws {
        let sequences = (0..<60).map { n in (0..<20).map { UInt32((n + 3 * $0) % Self.v) } }
        let corpus = StepwiseLaws.makeCorpus(sequences, items: Self.v)
        let settings = Self.settings {
            ($0.hidden, $0.epochs, $0.negatives, $0.learningRate, $0.validation, $0.lanes) = (16, 12, negatives, 0.02, 0.1, 4)
        }
        var records: [BaselineEpoch] = []
        let model = try WordLSTM.fitted(to: corpus, settings: settings, shards: Shards(threads: 2)) {
            if case .epoch(let record) = $0 { records.append(record) }
        }
        let perplexity = model.perplexity(on: corpus, shards: Shards(threads: 2))
        // The first item of a sequence is one of seven: 7^(1/20) is the least there can be.
        #expect(perplexity < 1.3, "\(perplexity)")
        #expect(records.allSatisfy { ($0.trainPerplexity == nil) == (negatives != nil) && $0.validationPerplexity != nil })
        #expect(try #require(records.first?.validationPerplexity) > perplexity)
        let (v, h, e) = (Self.v, 16, Self.e)
        #expect(model.parameterCount == ParameterCount(learned: (v + 1) * e + e * 4 * h + 4 * h + 4 * h * h + h * v + v))
    }

    /// Told from a sample of the others, an item is expected as often as it came before anything is learned; told from all, all alike.
    @Test(arguments: [nil, 3])
    func samplesOfItemsStartFromTheirShares(negatives: Int?) throws {
        let corpus = StepwiseLaws.makeCorpus([[0, 1, 0, 2, 0, 6], [0, 0, 4]], items: Self.v)
        let model = try WordLSTM.fitted(
            to: corpus, settings: Self.settings { ($0.learningRate, $0.negatives) = (1e-30, negatives) }, shards: Shards(threads: 1)) { _ in }
        guard case .float32(let bias) = try #require(model.tensors.first { $0.name == "output_bias" }).values else {
            Issue.record("biases are stored as something else")
            return
        }
        let shares = [5, 1, 1, 0, 1, 0, 1].map { log(Float($0 + 1) / 16) }
        let expected = negatives == nil ? [Float](repeating: 0, count: Self.v) : shares
        #expect(zip(bias, expected).allSatisfy { abs($0 - $1) < 1e-5 } && bias.count == Self.v)
    }

    /// Epochs end where what is kept aside is expected no better, and the best is gone back to.
    @Test func theBestEpochIsKept() throws {
        // Nothing to learn: a network that is large for the log learns it by heart, and does worse on what is kept aside.
        var random = RandomStream(seed: 4, purpose: .other)
        let sequences = (0..<40).map { _ in (0..<10).map { _ in UInt32(random.index(below: Self.v)) } }
        let corpus = StepwiseLaws.makeCorpus(sequences, items: Self.v)
        let settings = Self.settings {
            ($0.hidden, $0.epochs, $0.learningRate, $0.validation, $0.patience, $0.finalRate) = (32, 60, 0.03, 0.3, 3, 1)
        }
        var records: [BaselineEpoch] = []
        let model = try WordLSTM.fitted(to: corpus, settings: settings, shards: Shards(threads: 2)) {
            if case .epoch(let record) = $0 { records.append(record) }
        }
        let best = try #require(records.min { ($0.validationPerplexity ?? 0) < ($1.validationPerplexity ?? 0) })
        #expect(records.count == best.epoch + 3 && records.count < 60)
        let split = ValidationSplit(corpus, share: 0.3, seed: settings.seed)
        #expect(abs(model.perplexity(on: split.validation, shards: Shards(threads: 1)) - (best.validationPerplexity ?? 0)) < 1e-9)
    }

    @Test func aRateThatIsTooLargeIsADivergence() {
        let settings = Self.settings { ($0.learningRate, $0.epochs, $0.clipNorm) = (1e38, 5, 1e30) }
        #expect(throws: Divergence.self) { _ = try WordLSTM.fitted(to: Self.corpus, settings: settings, shards: Shards(threads: 1)) { _ in } }
    }

    /// Weights that are finite behind the only step, and of which nothing else is: that shows on what is kept aside.
    @Test func aSingleStepThatIsTooLargeIsADivergence() {
        var settings = WordLSTM.Settings()
        (settings.learningRate, settings.epochs, settings.clipNorm) = (1e38, 1, 1e30)
        #expect(throws: Divergence.self) { _ = try WordLSTM.fitted(to: SmallBaseline.oneBlock, settings: settings, shards: Shards(threads: 1)) { _ in } }
    }
}
