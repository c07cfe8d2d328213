import Corpora
import Foundation
import Kernels
import Recurrence
import StochasticEM
import Testing
@testable import Baselines

/// The auto-encoder of histories against itself in Double.
@Suite struct AutoencoderTests {
    static let v = 9, h = 17

    /// h = tanh(Σ x E + e), p = softmax(h W + b), written out.
    struct Naive {
        var parameters: [String: [Double]]

        init(_ network: HistoryNetwork) {
            parameters = Dictionary(uniqueKeysWithValues: network.parameters.slots.map { slot in
                (slot.name, (0..<slot.count).map { Double(network.parameters.value(slot).base[$0]) })
            })
        }

        func probabilities(_ bag: [(item: Int, x: Double)]) -> [Double] {
            let (v, h) = (AutoencoderTests.v, AutoencoderTests.h)
            let embedding = parameters["embedding"]!, output = parameters["output"]!
            var state = parameters["hidden_bias"]!
            for (item, x) in bag { for j in 0..<h { state[j] += x * embedding[item * h + j] } }
            var logits = parameters["output_bias"]!
            for j in 0..<h { for w in 0..<v { logits[w] += tanh(state[j]) * output[j * v + w] } }
            let weights = logits.map { exp($0) }, sum = weights.reduce(0, +)
            return weights.map { $0 / sum }
        }

        func loss(_ examples: [(bag: [(item: Int, x: Double)], next: Int)]) -> Double {
            -examples.reduce(0) { $0 + log(probabilities($1.bag)[$1.next]) } / Double(examples.count)
        }
    }

    private static func network() -> HistoryNetwork {
        let network = HistoryNetwork(items: v, hidden: h, seed: 5)
        var random = RandomStream(seed: 2, purpose: .other)
        // Biases that are not zero, so that a wrong one is seen.
        for slot in network.parameters.slots where slot.rows == 1 {
            for i in 0..<slot.count { network.parameters.value(slot).base[i] = random.uniform() - 0.5 }
        }
        return network
    }

    @Test func gradientsAreThoseOfFiniteDifferences() {
        let network = Self.network()
        var random = RandomStream(seed: 3, purpose: .other), batch = HistoryNetwork.Batch()
        var examples: [(bag: [(item: Int, x: Double)], next: Int)] = []
        for i in 0..<13 {
            // An empty history is one, too.
            let bag = (0..<i % 5).map { (item: (i * 3 + $0 * 2) % Self.v, x: Double(0.2 + random.uniform())) }, next = random.index(below: Self.v)
            examples.append((bag, next))
            batch.items += bag.map { UInt32($0.item) }
            batch.x += bag.map { Float($0.x) }
            batch.starts.append(batch.items.count)
            batch.targets.append(UInt32(next))
        }
        var naive = Naive(network)
        let said = network.gradient(batch, on: HistoryNetwork.Tape(rows: 20, of: network), shards: Shards(threads: 2), pieces: 3)
        #expect(abs(-said / 13 - naive.loss(examples)) < 1e-5)
        var largest = 0.0
        for slot in network.parameters.slots {
            for i in 0..<slot.count {
                let value = naive.parameters[slot.name]![i]
                naive.parameters[slot.name]![i] = value + 1e-5
                let above = naive.loss(examples)
                naive.parameters[slot.name]![i] = value - 1e-5
                let below = naive.loss(examples)
                naive.parameters[slot.name]![i] = value
                let wanted = (above - below) / 2e-5
                #expect(abs(Double(network.parameters.gradient(slot).base[i]) - wanted) < 1e-5, "\(slot.name) \(i)")
                largest = max(largest, abs(wanted))
            }
        }
        // The twin: gradients are far larger than what is let pass.
        #expect(largest > 1e-2)
    }

    @Test(arguments: [0, 0.6, 1])
    func itReadsFadingBags(decay: Double) {
        let network = Self.network(), naive = Naive(network)
        var settings = HistoryAutoencoder.Settings()
        (settings.hidden, settings.decay) = (Self.h, decay)
        let vocabulary = Vocabulary(items: (0..<Self.v).map { "i\($0)" }, counts: [Int](repeating: 1, count: Self.v))
        let model = HistoryAutoencoder(network, vocabulary: vocabulary, settings: settings)
        var history: [Int] = []
        for item in [3, 1, 3, 8, 0, 0, 2] {
            let bag = (0..<Self.v).compactMap { w -> (item: Int, x: Double)? in
                let c = history.enumerated().reduce(0.0) { $1.element == w ? $0 + pow(decay, Double(history.count - 1 - $1.offset)) : $0 }
                return c > 0 ? (w, log(1 + c)) : nil
            }
            let p = StepwiseLaws.prediction(model, after: history), expected = naive.probabilities(bag)
            #expect(zip(p, expected).allSatisfy { abs($0 - $1) < 1e-5 })
            history.append(item)
        }
    }

    @Test func itLearnsWhatFollowsWhat() throws {
        let sequences = (0..<60).map { n in (0..<20).map { UInt32((n + 2 * $0) % Self.v) } }
        let corpus = StepwiseLaws.makeCorpus(sequences, items: Self.v)
        var settings = HistoryAutoencoder.Settings()
        (settings.hidden, settings.epochs, settings.learningRate, settings.inputDropout, settings.decay) = (32, 40, 0.03, 0, 0.5)
        var records: [BaselineEpoch] = []
        let model = try HistoryAutoencoder.fitted(to: corpus, settings: settings, shards: Shards(threads: 2)) {
            if case .epoch(let record) = $0 { records.append(record) }
        }
        #expect(model.perplexity(on: corpus, shards: Shards(threads: 2)) < 1.4)
        #expect(records.allSatisfy { $0.trainPerplexity != nil && $0.validationPerplexity != nil })
        #expect(try #require(records.first?.trainPerplexity) > 3)
    }

    @Test func aRateThatIsTooLargeIsADivergence() throws {
        var settings = HistoryAutoencoder.Settings()
        (settings.hidden, settings.epochs, settings.learningRate, settings.clipNorm) = (8, 5, 1e38, 1e30)
        #expect(throws: Divergence.self) {
            _ = try HistoryAutoencoder.fitted(to: StepwiseLaws.corpus, settings: settings, shards: Shards(threads: 1)) { _ in }
        }
    }

    /// Weights that are finite behind the only step, and of which nothing else is: that shows on what is kept aside.
    @Test func aSingleStepThatIsTooLargeIsADivergence() {
        var settings = HistoryAutoencoder.Settings()
        (settings.epochs, settings.learningRate, settings.clipNorm) = (1, 1e38, 1e30)
        #expect(throws: Divergence.self) {
            _ = try HistoryAutoencoder.fitted(to: SmallBaseline.oneBlock, settings: settings, shards: Shards(threads: 1)) { _ in }
        }
    }
}
