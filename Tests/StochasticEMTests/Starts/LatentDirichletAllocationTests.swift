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

    private static let tinySettings = (alpha: 0.3, beta: 0.2)

    /// Its 64 states: event i has bit i as its topic.
    private static func digits(_ state: Int) -> [Int] { (0..<6).map { state >> $0 & 1 } }

    /// The posterior, up to a factor.
    private static let posterior = (0..<64).map {
        exp(joint(tiny, digits($0), k: 2, alpha: tinySettings.alpha, beta: tinySettings.beta) + 20)
    }

    private func settings(sweeps: Int) throws -> LatentDirichletAllocation {
        let (alpha, beta) = LatentDirichletAllocationTests.tinySettings
        return try LatentDirichletAllocation(sweeps: sweeps, alpha: Float(alpha), beta: Float(beta))
    }

    /// p-value of the final topics of many independent chains against a law of states.
    private func fit(to law: [Double], chains: Int = 20_000, _ chain: (UInt64) throws -> [Int32]) rethrows -> Double {
        var hits = [Int](repeating: 0, count: 64)
        for seed in 0..<UInt64(chains) {
            hits[try chain(seed).enumerated().reduce(0) { $0 | Int($1.element) << $1.offset }] += 1
        }
        return chiSquare(observed: hits, expected: law)
    }

    /// Who judges a proposal.
    private enum Judge {
        case theOtherGroup
        case theGroupThatMadeIt
    }

    /// Topics after sweeps that visit one event at a time, and let all counts follow at once: by the very visits that passes are made of.
    private func oneByOne(_ seed: UInt64, sweeps: Int, _ judge: Judge) throws -> [Int32] {
        let c = LatentDirichletAllocationTests.tiny
        let start = RandomTopics().topics(for: c, topics: 2, seed: seed, shards: one)
        let sampler = LDASampler<UInt16>(try settings(sweeps: sweeps), corpus: c, topics: start, k: 2, seed: seed)
        var visit = 0
        for _ in 1...sweeps {
            for sequence in 0..<c.count {
                for event in c.range(sequence) {
                    let inItem = (side: LDASampler<UInt16>.Side.items, group: Int(c.items[event]), number: Int(sampler.layout.places[event]))
                    let inSequence = (side: LDASampler<UInt16>.Side.sequences, group: sequence, number: event)
                    for (proposer, other) in [(inSequence, inItem), (inItem, inSequence)] {
                        visit += 1
                        let proposing = sampler.visits(proposer.side, sweep: visit)
                        sampler.visitEach(proposer.group..<proposer.group + 1, of: proposer.side) { events, numbers in
                            proposing.propose(to: events, numbers: numbers)
                        }
                        let judge = judge == .theOtherGroup ? other : proposer
                        let judging = sampler.visits(judge.side, sweep: visit)
                        sampler.visitEach(judge.group..<judge.group + 1, of: judge.side) { events, numbers in
                            judging.judge(judge.number..<judge.number + 1, of: events, numbers: numbers)
                        }
                        sampler.totals.add([judging.gains])
                    }
                }
            }
        }
        return sampler.topics
    }

    /// The visits, made for one event at a time, are exact. Twin: a group that judges its own proposals is not, and the checker sees it.
    @Test func visitsFollowThePosterior() throws {
        let law = LatentDirichletAllocationTests.posterior
        #expect(try fit(to: law, chains: 10_000) { try oneByOne($0, sweeps: 30, .theOtherGroup) } > LatentDirichletAllocationTests.falseAlarm)
        #expect(try fit(to: law, chains: 10_000) { try oneByOne($0, sweeps: 30, .theGroupThatMadeIt) } < LatentDirichletAllocationTests.falseAlarm)
    }

    /// The oracle obeys the same law.
    @Test func theNaiveSamplerFollowsThePosterior() {
        let p = fit(to: LatentDirichletAllocationTests.posterior) {
            NaiveGibbs(LatentDirichletAllocationTests.tiny, k: 2, alpha: 0.3, beta: 0.2, seed: $0).run(sweeps: 40)
        }
        #expect(p > LatentDirichletAllocationTests.falseAlarm)
    }

    /// Whole passes have the law that they are meant to have, after any number of sweeps. On six events that is far from the posterior, and
    /// the checker sees it; and it sees passes that count an event among the reasons to stay where it is.
    @Test(arguments: [1, 2, 12])
    func passesFollowTheirOwnLaw(sweeps: Int) throws {
        let lda = try settings(sweeps: sweeps), c = LatentDirichletAllocationTests.tiny
        let (alpha, beta) = LatentDirichletAllocationTests.tinySettings
        func p(_ law: [Double]) -> Double { fit(to: law) { lda.topics(for: c, topics: 2, seed: $0, shards: one) } }
        #expect(p(LawOfPasses(c, alpha: alpha, beta: beta).law(sweeps: sweeps)) > LatentDirichletAllocationTests.falseAlarm)
        #expect(p(LawOfPasses(c, alpha: alpha, beta: beta, itself: 0).law(sweeps: sweeps)) < LatentDirichletAllocationTests.falseAlarm)
        #expect(p(LatentDirichletAllocationTests.posterior) < LatentDirichletAllocationTests.falseAlarm)
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
                phi[theta.draw(using: &random)].draw(using: &random)
            }
        }, items: 50)
    }

    /// On a real number of events passes end where collapsed Gibbs sampling does: within 3 % of the log p(w, z) that it
    /// gains over topics at random.
    @Test func endsWhereCollapsedGibbsEnds() throws {
        let c = LatentDirichletAllocationTests.drawn()
        func score(_ z: [Int32]) -> Double {
            LatentDirichletAllocationTests.joint(c, z.map(Int.init), k: 6, alpha: 0.1, beta: 0.01)
        }
        let start = score(RandomTopics().topics(for: c, topics: 6, seed: 1, shards: one))
        let oracle = score(NaiveGibbs(c, k: 6, alpha: 0.1, beta: 0.01, seed: 1).run(sweeps: 150))
        let lda = try LatentDirichletAllocation(sweeps: 150)
        let reached = (1...3 as ClosedRange<UInt64>).map { score(lda.topics(for: c, topics: 6, seed: $0, shards: one)) }.max() ?? start
        #expect((reached - start) / (oracle - start) > 0.97)
        // Twin: two sweeps are not enough, and the same measure says so.
        let hasty = try LatentDirichletAllocation(sweeps: 2)
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

    @Test func totalsAreThoseOfTheTopics() throws {
        let c = ring(groups: 5, size: 20, walks: 900), k = 9
        let start = RandomTopics().topics(for: c, topics: k, seed: 1, shards: one)
        let sampler = LDASampler<UInt16>(try LatentDirichletAllocation(), corpus: c, topics: start, k: k, seed: 1)
        #expect(sampler.topics == start)
        for sweep in 1...3 {
            sampler.sweep(sweep, shards: Shards(threads: 2))
            let topics = sampler.topics
            #expect(sampler.totals.counts == (0..<k).map { topic in topics.count { $0 == Int32(topic) } })
            #expect(topics != start)
        }
    }

    /// How wide a topic is kept changes nothing.
    @Test func widthDoesNotMatter() throws {
        let c = ring(groups: 5, size: 20, walks: 100)
        let start = RandomTopics().topics(for: c, topics: 300, seed: 1, shards: one)
        func run<Topic: FixedWidthInteger & UnsignedInteger & Sendable>(_: Topic.Type) throws -> [Int32] {
            let sampler = LDASampler<Topic>(try LatentDirichletAllocation(), corpus: c, topics: start, k: 300, seed: 1)
            for sweep in 1...5 { sampler.sweep(sweep, shards: one) }
            return sampler.topics
        }
        #expect(try run(UInt16.self) == run(UInt32.self))
    }

    @Test func oddCasesAreCases() throws {
        let lda = try LatentDirichletAllocation(sweeps: 2)
        #expect(lda.topics(for: corpus([], items: 0), topics: 3, seed: 1, shards: one).isEmpty)
        #expect(lda.topics(for: corpus([[0]], items: 1), topics: 1, seed: 1, shards: one) == [0])
        #expect(throws: InvalidParameter.self) { try LatentDirichletAllocation(sweeps: 0) }
        #expect(throws: InvalidParameter.self) { try LatentDirichletAllocation(alpha: 0) }
        #expect(throws: InvalidParameter.self) { try LatentDirichletAllocation(beta: -1) }
        #expect(throws: InvalidParameter.self) { try LatentDirichletAllocation(sweeps: 1 << 24) }
        // Concentrations that leave nothing of the counts, or only the counts.
        for (alpha, beta) in [(Float(1e38), Float(1e-37)), (1e-37, 1e38)] {
            let extreme = try LatentDirichletAllocation(sweeps: 3, alpha: alpha, beta: beta)
            let c = ring(groups: 3, size: 4, walks: 20)
            #expect(extreme.topics(for: c, topics: 70_000, seed: 1, shards: one).allSatisfy { (0..<70_000).contains($0) })
        }
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
