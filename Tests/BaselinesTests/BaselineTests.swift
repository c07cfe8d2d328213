import Corpora
import Kernels
import StochasticEM
import Testing
@testable import Baselines

@Suite struct BaselineTests {
    static let corpus = StepwiseLaws.corpus

    /// 0 five times, 1 five times, 2 twice, 3 three times, 4 twice; one more of each.
    @Test func popularityIsTheShareOfEachItem() {
        let p = StepwiseLaws.prediction(Popularity(Self.corpus), after: [1, 2])
        for (item, count) in [6.0, 6, 3, 4, 3].enumerated() { #expect(abs(p[item] - count / 22) < 1e-6) }
    }

    /// After 0: 1 four times and 2 once. After 1: 0 twice, 2 once. After 3: 3 once, 4 twice. After 2: 3 once. After 4: 0 once.
    /// Five pairs are seen once (02, 12, 33, 23, 40) and two twice (10, 34): d = 5 / 9.
    @Test func markovChainIsDiscountedAndBackedOff() {
        let corpus = Self.corpus, chain = MarkovChain(corpus), popular = StepwiseLaws.prediction(Popularity(corpus), after: [])
        var pairs: [[Int]: Double] = [:]
        for n in 0..<corpus.count {
            let items = corpus.sequence(n).map(Int.init)
            for (a, b) in zip(items, items.dropFirst()) { pairs[[a, b], default: 0] += 1 }
        }
        let once = Double(pairs.values.count { $0 == 1 }), twice = Double(pairs.values.count { $0 == 2 })
        let d = once / (once + 2 * twice)
        #expect(d == 5.0 / 9)
        for previous in 0..<5 {
            let row = pairs.filter { $0.key[0] == previous }, total = row.values.reduce(0, +)
            let p = StepwiseLaws.prediction(chain, after: [4, previous])
            for item in 0..<5 {
                let kept = max((pairs[[previous, item]] ?? 0) - d, 0) / total
                #expect(abs(p[item] - kept - d * Double(row.count) / total * popular[item]) < 1e-6)
            }
        }
        #expect(StepwiseLaws.prediction(chain, after: []) == popular)
    }

    /// The filter against the same recursion, written out in Double; with a decay it is that of distance-dependent LDA.
    @Test(arguments: [1, 0.7])
    func ldaAddsUpPosteriors(decay: Double) throws {
        let alpha = 0.3, k = 3
        func check(_ model: some FadingTopicModel, others: Double) {
            let phi = (0..<k).map { topic in (0..<5).map { Double(model.items.row($0)[topic]) } }
            for topic in phi { #expect(abs(topic.reduce(0, +) - 1) < 1e-5) }
            var sums = [Double](repeating: 0, count: k), history: [Int] = [], differs = false
            for item in [0, 1, 4, 2, 0, 0, 3] {
                let total = sums.reduce(0, +)
                let theta = sums.map { ($0 + alpha) / (total + Double(k) * alpha) }
                let expected = (0..<5).map { w in (0..<k).reduce(0) { $0 + theta[$1] * phi[$1][w] } }
                let p = prediction(model, after: history)
                for w in 0..<5 where abs(p[w] - expected[w]) > 1e-5 { differs = true }
                for topic in 0..<k { sums[topic] = others * (sums[topic] + theta[topic] * phi[topic][item] / expected[item]) }
                history.append(item)
            }
            // The twin: with another decay the recursion is another.
            #expect(differs == (others != decay))
        }
        var settings = DistanceDependentLDA.Settings()
        (settings.topics, settings.alpha, settings.beta, settings.sweeps, settings.decay) = (k, alpha, 0.1, 20, decay)
        let fading = try DistanceDependentLDA.fitted(to: Self.corpus, settings: settings, shards: Shards(threads: 1)) { _ in }
        check(fading, others: decay)
        check(fading, others: 0.5)
        guard decay == 1 else { return }
        var plain = SequentialLDA.Settings()
        (plain.topics, plain.alpha, plain.beta, plain.sweeps) = (k, alpha, 0.1, 20)
        check(try SequentialLDA.fitted(to: Self.corpus, settings: plain, shards: Shards(threads: 1)) { _ in }, others: 1)
    }

    private func prediction(_ model: some FadingTopicModel, after history: [Int]) -> [Double] { StepwiseLaws.prediction(model, after: history) }

    @Test(arguments: [[0, 0, 0, 0, 0], [3, 1, 0, 1, 7], [6, 3, 0, 1, 2], [99, 99, 99, 99, 99]])
    func lawsHold(first: [Int]) throws {
        #expect(StepwiseLaws.violations(of: Popularity(Self.corpus), on: Self.corpus, first: first) == [])
        #expect(StepwiseLaws.violations(of: MarkovChain(Self.corpus), on: Self.corpus, first: first) == [])
    }

    /// A chain that forgets to back off must be noticed.
    struct WithoutBackOff: StepwiseModel {
        let chain: MarkovChain
        var vocabulary: Vocabulary { chain.vocabulary }
        var parameterCount: ParameterCount { chain.parameterCount }
        func start() -> Int? { chain.start() }
        func observe(_ item: Int, in state: inout Int?) { chain.observe(item, in: &state) }
        func predict(_ state: Int?, into probabilities: UnsafeMutablePointer<Float>) {
            chain.predict(state, into: probabilities)
            probabilities[0] *= 0.5
        }
    }

    /// A chain that says something else of an event when it is asked for that alone must be noticed.
    struct ByItself: StepwiseModel {
        let chain: MarkovChain
        var vocabulary: Vocabulary { chain.vocabulary }
        var parameterCount: ParameterCount { chain.parameterCount }
        func start() -> Int? { chain.start() }
        func observe(_ item: Int, in state: inout Int?) { chain.observe(item, in: &state) }
        func predict(_ state: Int?, into probabilities: UnsafeMutablePointer<Float>) { chain.predict(state, into: probabilities) }
        func logProbabilities(of corpus: Corpus, first: [Int], shards: Shards) -> [Double] {
            chain.logProbabilities(of: corpus, first: first, shards: shards).map { $0 * 1.001 }
        }
    }

    @Test func lawCheckerNoticesABrokenModel() {
        let chain = MarkovChain(Self.corpus)
        #expect(!StepwiseLaws.violations(of: WithoutBackOff(chain: chain), on: Self.corpus, first: [0, 0, 0, 0, 0]).isEmpty)
        #expect(!StepwiseLaws.violations(of: ByItself(chain: chain), on: Self.corpus, first: [0, 0, 0, 0, 0]).isEmpty)
    }
}
