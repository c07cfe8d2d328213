import Corpora
import Foundation
import Kernels
import TestSupport
import Testing
import TopicSampling
@testable import StochasticEM

/// Statistical tests here fail below p = 1e-4; seeds are fixed.
@Suite struct LatentDirichletAllocationTests {
    private static let falseAlarm = 1e-4
    private let one = Shards(threads: 1)

    /// log p(w, z) with φ and θ integrated out, up to a constant.
    static func joint(_ c: Corpus, _ z: [Int], k: Int, alpha: Double, beta: Double) -> Double {
        let v = c.vocabulary.count
        var nwk = [Double](repeating: 0, count: v * k), nk = [Double](repeating: 0, count: k), sum = 0.0
        for d in 0..<c.count {
            var nd = [Double](repeating: 0, count: k)
            for i in c.range(d) {
                nd[z[i]] += 1
                nwk[Int(c.items[i]) * k + z[i]] += 1
                nk[z[i]] += 1
            }
            for n in nd { sum += lgamma(n + alpha) }
        }
        for n in nwk { sum += lgamma(n + beta) }
        for n in nk { sum -= lgamma(n + Double(v) * beta) }
        return sum
    }

    /// Six events: all 2^6 assignments can be written down.
    static let tiny = corpus([[0, 0, 1], [1, 2], [0]], items: 3)

    /// p-value of the final topics of many independent chains against the enumerated posterior.
    private func fit(_ chain: (UInt64) throws -> [Int32]) rethrows -> Double {
        let c = LatentDirichletAllocationTests.tiny, states = 64
        func digits(_ state: Int) -> [Int] { (0..<6).map { state >> $0 & 1 } }
        let law = (0..<states).map {
            exp(LatentDirichletAllocationTests.joint(c, digits($0), k: 2, alpha: 0.3, beta: 0.2) + 20)
        }
        var hits = [Int](repeating: 0, count: states)
        for seed in 0..<20_000 as Range<UInt64> {
            hits[try chain(seed).enumerated().reduce(0) { $0 | Int($1.element) << $1.offset }] += 1
        }
        return chiSquare(observed: hits, expected: law)
    }

    private func settings(_ updates: LatentDirichletAllocation.CountUpdates) throws -> LatentDirichletAllocation {
        try LatentDirichletAllocation(sweeps: 40, alpha: 0.3, beta: 0.2, cycles: 2, updates: updates)
    }

    /// Sixty sweeps with tables from the very start: no approximation at all.
    @Test func theExactChainFollowsThePosterior() throws {
        let lda = try settings(.afterEachToken), c = LatentDirichletAllocationTests.tiny
        let p = try fit { seed in
            var z = RandomTopics().topics(for: c, topics: 2, seed: seed, shards: one)
            let sampler = try LDASampler(lda, corpus: c, topics: z, k: 2)
            sampler.rebuildProposals(shards: one)
            for sweep in 1...60 { sampler.sweep(&z, number: sweep, seed: seed, shards: one) }
            return z
        }
        #expect(p > LatentDirichletAllocationTests.falseAlarm)
    }

    /// The oracle obeys the same law.
    @Test func theNaiveSamplerFollowsThePosterior() {
        #expect(fit { NaiveGibbs(LatentDirichletAllocationTests.tiny, k: 2, alpha: 0.3, beta: 0.2, seed: $0).run(sweeps: 40) }
            > LatentDirichletAllocationTests.falseAlarm)
    }

    /// Tables that follow the chain and counts that are frozen for a sweep are approximations: on six events the checker sees either.
    @Test(arguments: [LatentDirichletAllocation.CountUpdates.afterEachToken, .inBatches(1)])
    func approximationsAreFound(updates: LatentDirichletAllocation.CountUpdates) throws {
        let lda = try settings(updates)
        #expect(fit { lda.topics(for: LatentDirichletAllocationTests.tiny, topics: 2, seed: $0, shards: one) }
            < LatentDirichletAllocationTests.falseAlarm)
    }

    /// 200 sequences of 40 events from LDA itself.
    static func drawn() -> Corpus {
        var random = RandomStream(seed: 12, purpose: .synthesis)
        func dirichletLike(_ n: Int, _ sharpness: Double) -> [Float] {
            (0..<n).map { _ in Float(exp(sharpness * random.normal())) }
        }
        let phi = (0..<6).map { _ in AliasTable(weights: dirichletLike(50, 2.5)) }
        return corpus((0..<200).map { _ in
            let theta = AliasTable(weights: dirichletLike(6, 2))
            return (0..<40).map { _ in
                phi[theta.draw(random.uniform(), random.uniform())].draw(random.uniform(), random.uniform())
            }
        }, items: 50)
    }

    /// On a real number of events the batched chain ends where the exact ones do: within 1 % of log p(w, z)
    /// gained over topics at random.
    @Test(arguments: [LatentDirichletAllocation.CountUpdates.afterEachToken, .inBatches(1), .inBatches(16)])
    func endsWhereCollapsedGibbsEnds(updates: LatentDirichletAllocation.CountUpdates) throws {
        let c = LatentDirichletAllocationTests.drawn()
        func score(_ z: [Int32]) -> Double {
            LatentDirichletAllocationTests.joint(c, z.map(Int.init), k: 6, alpha: 0.1, beta: 0.01)
        }
        let start = score(RandomTopics().topics(for: c, topics: 6, seed: 1, shards: one))
        let oracle = score(NaiveGibbs(c, k: 6, alpha: 0.1, beta: 0.01, seed: 1).run(sweeps: 150))
        let lda = try LatentDirichletAllocation(sweeps: 150, updates: updates)
        let reached = (1...3 as ClosedRange<UInt64>).map { score(lda.topics(for: c, topics: 6, seed: $0, shards: one)) }.max() ?? start
        #expect((reached - start) / (oracle - start) > 0.97)
        // Twin: two sweeps are not enough, and the same measure says so.
        let hasty = try LatentDirichletAllocation(sweeps: 2, updates: updates)
        #expect((score(hasty.topics(for: c, topics: 6, seed: 1, shards: one)) - start) / (oracle - start) < 0.9)
    }

    @Test func threadsDoNotMatter() throws {
        let c = ring(groups: 5, size: 20, walks: 900)
        let lda = try LatentDirichletAllocation(sweeps: 5)
        let first = lda.topics(for: c, topics: 12, seed: 7, shards: one)
        for threads in [2, 8] {
            #expect(first == lda.topics(for: c, topics: 12, seed: 7, shards: Shards(threads: threads)))
        }
        #expect(first != lda.topics(for: c, topics: 12, seed: 8, shards: one))
    }

    @Test func countsKeepTheirSums() throws {
        let c = ring(groups: 5, size: 20, walks: 100)
        for updates in [LatentDirichletAllocation.CountUpdates.afterEachToken, .inBatches(1), .inBatches(7)] {
            let lda = try LatentDirichletAllocation(sweeps: 1, updates: updates)
            var z = RandomTopics().topics(for: c, topics: 9, seed: 1, shards: one)
            let sampler = try LDASampler(lda, corpus: c, topics: z, k: 9)
            sampler.rebuildProposals(shards: one)
            for sweep in 1...3 { sampler.sweep(&z, number: sweep, seed: 1, shards: one) }
            #expect(sampler.counts.violation == nil)
            for (item, topic) in zip(c.items, z) { sampler.counts.remove(item: Int(item), from: Int(topic)) }
            #expect(sampler.counts.violation == nil && sampler.counts.total == 0)
        }
    }

    @Test func oddCasesAreCases() throws {
        let lda = try LatentDirichletAllocation(sweeps: 2)
        #expect(lda.topics(for: corpus([], items: 0), topics: 3, seed: 1, shards: one).isEmpty)
        #expect(lda.topics(for: corpus([[0]], items: 1), topics: 1, seed: 1, shards: one) == [0])
        #expect(throws: InvalidParameter.self) { try LatentDirichletAllocation(sweeps: 0) }
        #expect(throws: InvalidParameter.self) { try LatentDirichletAllocation(alpha: 0) }
        #expect(throws: InvalidParameter.self) { try LatentDirichletAllocation(beta: -1) }
        #expect(throws: InvalidParameter.self) { try LatentDirichletAllocation(cycles: 0) }
        #expect(throws: InvalidParameter.self) { try LatentDirichletAllocation(updates: .inBatches(0)) }
    }

    @Test func randomTopicsAreUniform() {
        let c = corpus([[Int](repeating: 0, count: 50_000)], items: 1)
        let topics = RandomTopics().topics(for: c, topics: 7, seed: 1, shards: one)
        let hits = (0..<7).map { k in topics.count { $0 == Int32(k) } }
        #expect(chiSquare(observed: hits, expected: [Double](repeating: 1, count: 7)) > LatentDirichletAllocationTests.falseAlarm)
    }
}

/// Collapsed Gibbs sampling as it is written in textbooks: every event looks at all K topics.
private struct NaiveGibbs {
    let corpus: Corpus
    let k: Int, alpha: Double, beta: Double
    var random: RandomStream
    var z: [Int32]

    init(_ corpus: Corpus, k: Int, alpha: Double, beta: Double, seed: UInt64) {
        self.corpus = corpus
        self.k = k
        self.alpha = alpha
        self.beta = beta
        var random = RandomStream(seed: seed, purpose: .other)
        z = corpus.items.map { _ in Int32(random.index(below: k)) }
        self.random = random
    }

    func run(sweeps: Int) -> [Int32] {
        var this = self
        let v = corpus.vocabulary.count
        var nwk = [Double](repeating: 0, count: v * k), nk = [Double](repeating: 0, count: k)
        var ndk = [Double](repeating: 0, count: corpus.count * k)
        func count(_ d: Int, _ i: Int, _ topic: Int32, _ by: Double) {
            nwk[Int(corpus.items[i]) * k + Int(topic)] += by
            nk[Int(topic)] += by
            ndk[d * k + Int(topic)] += by
        }
        for d in 0..<corpus.count { for i in corpus.range(d) { count(d, i, this.z[i], 1) } }
        for _ in 0..<sweeps {
            for d in 0..<corpus.count {
                for i in corpus.range(d) {
                    count(d, i, this.z[i], -1)
                    let weights = (0..<k).map { topic in
                        (ndk[d * k + topic] + alpha) * (nwk[Int(corpus.items[i]) * k + topic] + beta)
                            / (nk[topic] + Double(v) * beta)
                    }
                    var left = this.random.uniformDouble() * weights.reduce(0, +), chosen = 0
                    for (topic, weight) in weights.enumerated() {
                        chosen = topic
                        left -= weight
                        if left < 0 { break }
                    }
                    this.z[i] = Int32(chosen)
                    count(d, i, this.z[i], 1)
                }
            }
        }
        return this.z
    }
}
