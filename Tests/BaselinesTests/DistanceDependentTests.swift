import Corpora
import Foundation
import Kernels
import StochasticEM
import Testing
import TopicSampling
@testable import Baselines

/// Distance-dependent LDA's sampler against its conditional, written out.
@Suite struct DistanceDependentTests {
    static let k = 19, v = 6, alpha = 0.2, beta = 0.1

    /// A sequence of `length`, and counts of it and of other events.
    private static func setting(length: Int) throws -> (items: [UInt32], topics: [Int32], counts: TopicCounts) {
        var random = RandomStream(seed: UInt64(length), purpose: .other)
        let items = (0..<length).map { _ in UInt32(random.index(below: v)) }, topics = (0..<length).map { _ in Int32(random.index(below: k)) }
        let counts = try TopicCounts(items: v, topics: k, concentration: Float(beta))
        for (item, topic) in zip(items, topics) { counts.add(item: Int(item), to: Int(topic)) }
        for _ in 0..<300 { counts.add(item: random.index(below: v), to: random.index(below: k)) }
        counts.refreshInverseTotals()
        return (items, topics, counts)
    }

    /// (Σ_{s≠t} a^{|t−s|} [z_s = k] + α) (n_wk − [k = z_t] + β) / (n_k − [k = z_t] + Vβ), normalised.
    private static func law(_ t: Int, _ items: [UInt32], _ topics: [Int32], own: Int32, _ counts: TopicCounts, decay: Double) -> [Double] {
        var near = [Double](repeating: alpha, count: k)
        for s in topics.indices where s != t { near[Int(topics[s])] += pow(decay, Double(abs(t - s))) }
        let weights = (0..<k).map { topic in
            let mine = Int(own) == topic ? 1.0 : 0
            return near[topic] * (Double(counts.count(Int(items[t]), topic)) - mine + beta) / (Double(counts.totals[topic]) - mine + Double(v) * beta)
        }
        return weights.map { $0 / weights.reduce(0, +) }
    }

    private static func visit(_ counts: TopicCounts, _ decay: Double) -> DistanceDependentVisit {
        DistanceDependentVisit(counts, alpha: Float(alpha), decay: Float(decay))
    }

    @Test(arguments: [0, 0.5, 0.9, 1])
    func theLawIsTheConditional(decay: Double) throws {
        let (items, topics, counts) = try Self.setting(length: 7)
        for t in items.indices {
            let found = Self.visit(counts, decay).law(of: t, topics: topics, items: items)
            let expected = Self.law(t, items, topics, own: topics[t], counts, decay: decay)
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 })
            // The twin: the conditional of another decay is told from it.
            let other = Self.law(t, items, topics, own: topics[t], counts, decay: decay == 0.5 ? 0.9 : 0.5)
            #expect(!zip(found, other).allSatisfy { abs($0 - $1) < 1e-5 })
        }
    }

    /// With a = 1 all events of a sequence are as near: (n_dk + α)(n_wk + β) / (n_k + Vβ), LDA's conditional.
    @Test func withoutDecayItIsLDA() throws {
        let (items, topics, counts) = try Self.setting(length: 9)
        for t in items.indices {
            let found = Self.visit(counts, 1).law(of: t, topics: topics, items: items)
            let weights = (0..<Self.k).map { topic in
                let own = Int(topics[t]) == topic ? 1.0 : 0
                let inSequence = Double(topics.count { Int($0) == topic }) - own
                return (inSequence + Self.alpha) * (Double(counts.count(Int(items[t]), topic)) - own + Self.beta)
                    / (Double(counts.totals[topic]) - own + Double(Self.v) * Self.beta)
            }
            #expect(zip(found, weights.map { $0 / weights.reduce(0, +) }).allSatisfy { abs($0 - $1) < 1e-5 })
        }
    }

    /// A walk through a sequence draws each event from its conditional given those before as they are now, and those behind as they were:
    /// the topic at a uniform number is the one that the law, written out, has there. Sequences are longer than a segment.
    @Test(arguments: [1, 2, 63, 64, 65, 128, 200], [0.6, 0.98, 1])
    func aWalkDrawsFromConditionals(length: Int, decay: Double) throws {
        let (items, start, counts) = try Self.setting(length: length)
        var topics = start, random = RandomStream(seed: 3, purpose: .topicDraw)
        let uniforms = (0..<length).map { _ in random.uniform() }
        topics.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            Self.visit(counts, decay).visit(base, items: items[...]) { uniforms[$0] }
        }
        var current = start, differ = 0, moved = 0
        for t in 0..<length {
            let law = Self.law(t, items, current, own: start[t], counts, decay: decay)
            var sum = 0.0
            // A number within rounding of a border may fall on either side.
            let at = law.indices.filter { topic in
                defer { sum += law[topic] }
                return Double(uniforms[t]) > sum - 1e-4 && Double(uniforms[t]) < sum + law[topic] + 1e-4
            }
            if !at.contains(Int(topics[t])) { differ += 1 }
            if topics[t] != start[t] { moved += 1 }
            current[t] = topics[t]
        }
        #expect(differ == 0)
        #expect(length < 10 || moved > length / 3)
    }

    /// Counts follow what is drawn.
    @Test func countsEqualARecount() throws {
        let log = try SmallBaseline.log().training
        var random = RandomStream(seed: 5, purpose: .start)
        let start = log.items.map { _ in Int32(random.index(below: 5)) }
        let counts = try CountedTopics.counts(log, of: start, topics: 5, beta: 0.1)
        let sampler = DistanceDependentSampler(log, topics: start, counts: counts, alpha: 0.1, decay: 0.8, seed: 2)
        for sweep in 1...5 { sampler.sweep(sweep, shards: Shards(threads: 2)) }
        #expect(counts.snapshot() == (try CountedTopics.counts(log, of: sampler.drawn, topics: 5, beta: 0.1)).snapshot())
        #expect(sampler.drawn != start)
    }

    /// Where topics come in runs, near events tell more than far ones: the decay that is chosen says so, and is kept.
    @Test func theDecayIsChosenOnWhatIsKeptAside() throws {
        var synthetic = SyntheticSettings()
        (synthetic.topics, synthetic.items, synthetic.sequences, synthetic.lengths) = (4, 60, 200, 60...80)
        synthetic.support = 0.1
        synthetic.dynamics = .markov(successors: 2, stay: 0.85)
        (synthetic.observe, synthetic.seed) = (1, 3)
        let log = try SyntheticCorpus(synthetic).corpus
        let more = [GivenOption("topics", 4), GivenOption("sweeps", 50)]
        let model = try SmallBaseline.fitted(DistanceDependentLDA.self, to: log, more: more)
        let decay = try #require(model.settings.decay)
        #expect(DistanceDependentLDA.decays.contains(decay) && decay >= 0.5 && decay <= 0.9)
        let given = try SmallBaseline.fitted(DistanceDependentLDA.self, to: log, more: more + [GivenOption("decay", decay)])
        #expect(given.counts.snapshot() == model.counts.snapshot())
        let flat = try SmallBaseline.fitted(DistanceDependentLDA.self, to: log, more: more + [GivenOption("decay", 1.0)])
        let shards = Shards(threads: 2)
        #expect(model.perplexity(on: log, shards: shards) < 0.8 * flat.perplexity(on: log, shards: shards))
    }
}
