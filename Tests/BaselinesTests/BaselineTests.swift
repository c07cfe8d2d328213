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

    /// The filter against the same recursion, written out in Double.
    @Test func ldaAddsUpPosteriors() throws {
        let alpha = 0.3, k = 3
        let model = try SequentialLDA(
            Self.corpus, topics: k, alpha: Float(alpha), beta: 0.1, sweeps: 20, seed: 5, shards: Shards(threads: 1))
        var phi = [[Double]](repeating: [], count: k)
        for topic in 0..<k { phi[topic] = (0..<5).map { Double(model.phi.base[$0 * k + topic]) } }
        for topic in phi { #expect(abs(topic.reduce(0, +) - 1) < 1e-5) }
        var counts = [Double](repeating: 0, count: k), history: [Int] = []
        for item in [0, 1, 4, 2, 0] {
            let total = counts.reduce(0, +)
            let theta = counts.map { ($0 + alpha) / (total + Double(k) * alpha) }
            let expected = (0..<5).map { w in (0..<k).reduce(0) { $0 + theta[$1] * phi[$1][w] } }
            let p = StepwiseLaws.prediction(model, after: history)
            for w in 0..<5 { #expect(abs(p[w] - expected[w]) < 1e-5) }
            for topic in 0..<k { counts[topic] += theta[topic] * phi[topic][item] / expected[item] }
            history.append(item)
        }
    }

    @Test(arguments: [[0, 0, 0, 0, 0], [3, 1, 0, 1, 7], [6, 3, 0, 1, 2], [99, 99, 99, 99, 99]])
    func lawsHold(first: [Int]) throws {
        #expect(StepwiseLaws.violations(of: Popularity(Self.corpus), on: Self.corpus, first: first) == [])
        #expect(StepwiseLaws.violations(of: MarkovChain(Self.corpus), on: Self.corpus, first: first) == [])
        let lda = try SequentialLDA(Self.corpus, topics: 2, sweeps: 5, seed: 1, shards: Shards(threads: 2))
        #expect(StepwiseLaws.violations(of: lda, on: Self.corpus, first: first) == [])
    }

    /// A chain that forgets to back off must be noticed.
    struct WithoutBackOff: StepwiseModel {
        let chain: MarkovChain
        var vocabulary: Vocabulary { chain.vocabulary }
        func start() -> Int? { chain.start() }
        func observe(_ item: Int, in state: inout Int?) { chain.observe(item, in: &state) }
        func predict(_ state: Int?, into probabilities: UnsafeMutablePointer<Float>) {
            chain.predict(state, into: probabilities)
            probabilities[0] *= 0.5
        }
    }

    @Test func lawCheckerNoticesABrokenModel() {
        let broken = WithoutBackOff(chain: MarkovChain(Self.corpus))
        #expect(!StepwiseLaws.violations(of: broken, on: Self.corpus, first: [0, 0, 0, 0, 0]).isEmpty)
    }
}
