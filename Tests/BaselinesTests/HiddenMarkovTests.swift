import Corpora
import Foundation
import Kernels
import StochasticEM
import Testing
@testable import Baselines

/// The hidden Markov model against sums over all paths of topics.
@Suite struct HiddenMarkovTests {
    static let k = 3, v = 4

    /// Laws with no symmetry, and no number near another.
    static func laws(seed: UInt64 = 1) -> HiddenMarkovLaws {
        var random = RandomStream(seed: seed, purpose: .other)
        func counts(_ count: Int) -> FloatBuffer { FloatBuffer((0..<count).map { _ in 0.1 + 3 * random.uniform() }) }
        let starts = counts(k), steps = counts(k * k), items = expected(counts(v * k).array.map(Double.init))
        return HiddenMarkovLaws(
            starts: starts, steps: steps, itemCounts: items, items: v, alpha: 0.01, beta: 0.01)
    }

    /// Numbers as counts.
    static func expected(_ numbers: [Double]) -> ExpectedCounts {
        let counts = ExpectedCounts(count: numbers.count)
        for (place, count) in numbers.enumerated() { counts.base[place] = count }
        return counts
    }

    static let corpus = StepwiseLaws.makeCorpus([[0, 2, 1, 1], [3], [1, 0, 3], [2, 2], [], [0, 1, 2, 3, 0]], items: v)

    /// Sums over all K^T paths of one sequence.
    struct Enumerated {
        var likelihood = 0.0
        /// p(z_t = k | w), and expected starts, steps and items, of the sequences added up.
        var posteriors: [[Double]] = []

        init(_ laws: HiddenMarkovLaws, _ items: [Int]) {
            let k = HiddenMarkovTests.k
            posteriors = [[Double]](repeating: [Double](repeating: 0, count: k), count: items.count)
            for path in Self.paths(items.count) {
                var p = 1.0
                for (t, topic) in path.enumerated() {
                    p *= t == 0 ? Double(laws.start.base[topic]) : Double(laws.steps.base[path[t - 1] * k + topic])
                    p *= Double(laws.items.row(items[t])[topic])
                }
                likelihood += p
                for (t, topic) in path.enumerated() { posteriors[t][topic] += p }
            }
            for t in posteriors.indices { posteriors[t] = posteriors[t].map { $0 / likelihood } }
        }

        static func paths(_ length: Int) -> [[Int]] {
            (0..<length).reduce([[]]) { paths, _ in paths.flatMap { path in (0..<HiddenMarkovTests.k).map { path + [$0] } } }
        }
    }

    private static func settings(alpha: Double = 0.3, beta: Double = 0.2) -> HiddenMarkovModel.Settings {
        var settings = HiddenMarkovModel.Settings()
        (settings.topics, settings.alpha, settings.beta) = (k, alpha, beta)
        return settings
    }

    /// What an EM step comes to, by enumeration: laws (flat) and log p(w).
    private static func enumeratedStep(_ laws: HiddenMarkovLaws, forgettingSteps: Bool = false) -> (laws: [Double], logLikelihood: Double) {
        var starts = [Double](repeating: 0.3, count: k), steps = [Double](repeating: 0.3, count: k * k)
        var counts = [Double](repeating: 0.2, count: v * k), sum = 0.0
        for n in 0..<corpus.count where corpus.length(n) > 0 {
            let items = corpus.sequence(n).map(Int.init), all = Enumerated(laws, items)
            sum += log(all.likelihood)
            for topic in 0..<k { starts[topic] += all.posteriors[0][topic] }
            for (t, item) in items.enumerated() { for topic in 0..<k { counts[item * k + topic] += all.posteriors[t][topic] } }
            if forgettingSteps { continue }
            for path in Enumerated.paths(items.count) {
                var p = 1.0
                for (t, topic) in path.enumerated() {
                    p *= t == 0 ? Double(laws.start.base[topic]) : Double(laws.steps.base[path[t - 1] * k + topic])
                    p *= Double(laws.items.row(items[t])[topic])
                }
                for t in 1..<max(1, path.count) { steps[path[t - 1] * k + path[t]] += p / all.likelihood }
            }
        }
        func normalised(_ row: [Double]) -> [Double] { row.map { $0 / row.reduce(0, +) } }
        var flat = normalised(starts)
        for i in 0..<k { flat += normalised(Array(steps[i * k..<(i + 1) * k])) }
        for topic in 0..<k { flat += normalised((0..<v).map { counts[$0 * k + topic] }) }
        return (flat, sum)
    }

    private static func flat(_ laws: HiddenMarkovLaws) -> [Double] {
        (laws.start.array + laws.steps.array + (0..<k).flatMap { topic in (0..<v).map { laws.items.byTopic.row(topic)[$0] } }).map(Double.init)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func aStepOfEMIsThatOverAllPaths(seed: UInt64) {
        let laws = Self.laws(seed: seed)
        let step = BaumWelch(Self.corpus, settings: Self.settings(), shards: Shards(threads: 2)).step(from: laws)
        let expected = Self.enumeratedStep(laws)
        #expect(abs(step.logLikelihood - expected.logLikelihood) < 1e-4)
        #expect(zip(Self.flat(step.laws), expected.laws).allSatisfy { abs($0 - $1) < 1e-5 })
        // The twin: sums that forget the steps are told from right ones.
        let broken = Self.enumeratedStep(laws, forgettingSteps: true)
        #expect(!zip(Self.flat(step.laws), broken.laws).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    /// p(next item) of the filter is p(w_1 … w_t) / p(w_1 … w_{t-1}), both summed over all paths.
    @Test func theFilterIsExact() {
        let laws = Self.laws()
        let vocabulary = Self.corpus.vocabulary
        let model = HiddenMarkovModel(laws, shares: [], vocabulary: vocabulary, settings: Self.settings())
        var history: [Int] = []
        for item in [2, 0, 3, 3, 1, 0] {
            let p = StepwiseLaws.prediction(model, after: history), before = Enumerated(laws, history).likelihood
            for next in 0..<Self.v {
                #expect(abs(p[next] - Enumerated(laws, history + [next]).likelihood / before) < 1e-6)
            }
            history.append(item)
        }
        // The twin: a filter that forgets an event says something else.
        let p = StepwiseLaws.prediction(model, after: [2, 0]), other = StepwiseLaws.prediction(model, after: [0])
        #expect(zip(p, other).contains { abs($0 - $1) > 1e-3 })
    }

    /// What smoothing alone makes probable is no item of a topic, whether the vocabulary counts the events of the fit or some that were kept aside, too.
    @Test(arguments: [1, 2]) func topicsListWhatTheyHold(counted: Int) throws {
        // (V, K): expected numbers of events. Topic 0 has less than β = 0.2 of its third item, topic 2 more of its second; topic 1 has none.
        let table: [[Double]] = [[5, 0, 0], [3, 1e-9, 0.5], [0.001, 0, 6], [0, 0, 0], [0, 1e-9, 2]], v = table.count
        let laws = HiddenMarkovLaws(
            starts: FloatBuffer([1, 1, 1]), steps: FloatBuffer([Float](repeating: 1, count: 9)), itemCounts: Self.expected(table.flatMap(\.self)), items: v,
            alpha: 0.3, beta: 0.2)
        let totals = (0..<3).map { topic in table.reduce(0.0) { $0 + $1[topic] } }, total = totals.reduce(0, +)
        // 17 events of all, 16.5 of them learned from; or twice as many.
        let vocabulary = Vocabulary(items: (0..<v).map { "\($0)" }, counts: [5, 4, 6, 0, 2].map { $0 * counted })
        let model = HiddenMarkovModel(laws, shares: totals.map { $0 / total }, vocabulary: vocabulary, settings: Self.settings())
        for count in [1, 2, 5] {
            let found = (0..<3).map { model.topItems(of: $0, count: count) }
            #expect(found.map { $0.map(\.item) } == [Array([0, 1].prefix(count)), [], Array([2, 4, 1].prefix(count))])
            #expect(found[2].map(\.probability) == found[2].map { Double(laws.items.byTopic.row(2)[$0.item]) })
        }
    }

    /// log p(w) + log prior, which EM raises.
    private static func objective(_ laws: HiddenMarkovLaws, _ logLikelihood: Double, alpha: Double, beta: Double) -> Double {
        let items = laws.items
        let phi = (0..<items.topics).reduce(0.0) { sum, topic in (0..<items.items).reduce(sum) { $0 + log(Double(items.byTopic.row(topic)[$1])) } }
        return logLikelihood + alpha * (laws.start.array + laws.steps.array).reduce(0) { $0 + log(Double($1)) } + beta * phi
    }

    @Test func theObjectiveNeverFalls() throws {
        let log = try SmallBaseline.log().training
        var settings = HiddenMarkovModel.Settings()
        (settings.topics, settings.alpha, settings.beta) = (6, 0.05, 0.1)
        let em = BaumWelch(log, settings: settings, shards: Shards(threads: 2))
        var random = RandomStream(seed: 5, purpose: .start)
        var laws = em.laws(ofTopics: log.items.map { _ in Int32(random.index(below: 6)) }), objectives: [Double] = [], likelihoods: [Double] = []
        for _ in 0..<40 {
            let step = em.step(from: laws)
            objectives.append(Self.objective(laws, step.logLikelihood, alpha: settings.alpha, beta: settings.beta))
            likelihoods.append(step.logLikelihood)
            laws = step.laws
        }
        #expect(zip(objectives, objectives.dropFirst()).allSatisfy { $1 > $0 - 1e-3 }, "\(objectives)")
        #expect(objectives[39] > objectives[0] + 50)
        // The twin: laws that are not those of a step do fall.
        let worse = em.step(from: em.laws(ofTopics: log.items.map { _ in Int32(random.index(below: 6)) }))
        #expect(worse.logLikelihood < likelihoods[39])
    }

    /// On a log from a chain of topics it comes near the optimum, which a model without order does not.
    @Test func itLearnsAChain() throws {
        var synthetic = SyntheticSettings()
        (synthetic.topics, synthetic.items, synthetic.sequences, synthetic.lengths) = (4, 40, 400, 20...30)
        synthetic.support = 0.1
        synthetic.dynamics = .markov(successors: 1, stay: 0)
        (synthetic.observe, synthetic.seed) = (0.7, 3)
        let log = try SyntheticCorpus(synthetic).corpus
        let more = [GivenOption("epochs", 40), GivenOption("topics", 4)]
        let hmm = try SmallBaseline.fitted(HiddenMarkovModel.self, to: log, more: more)
        let chain = hmm.perplexity(on: log, shards: Shards(threads: 2))
        let popular = Popularity(log).perplexity(on: log, shards: Shards(threads: 2))
        #expect(chain < 0.5 * popular, "\(chain), \(popular)")
    }

    /// Batches cut a corpus into all its sequences, each once, the longest first.
    @Test func longAndShortSequencesGiveTheSumOfTheirLikelihoods() {
        let lengths = [1, 3, 70, 2, 3000, 5] + [Int](repeating: 40, count: 100)
        let sequences = lengths.enumerated().map { n, length in (0..<length).map { UInt32(($0 * (n + 1) + n) % Self.v) } }
        let corpus = StepwiseLaws.makeCorpus(sequences, items: Self.v), laws = Self.laws()
        let whole = BaumWelch(corpus, settings: Self.settings(), shards: Shards(threads: 2)).step(from: laws).logLikelihood
        let single = (0..<corpus.count).reduce(0.0) {
            $0 + BaumWelch(corpus.selecting([$1]), settings: Self.settings(), shards: Shards(threads: 1)).step(from: laws).logLikelihood
        }
        #expect(abs(whole / single - 1) < 1e-6)
    }
}
