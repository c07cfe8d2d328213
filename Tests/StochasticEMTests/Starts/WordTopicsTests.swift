import Corpora
import Kernels
import Testing
@testable import StochasticEM

@Suite struct WordTopicsTests {
    private func topics(_ log: Corpus, threads: Int = 2, seed: UInt64 = 1, _ change: (inout FitSettings) -> Void = { _ in }) throws -> [Int32] {
        try WordTopics(SmallFit.settings(change), epochs: 4).topics(for: log, topics: 6, seed: seed, shards: Shards(threads: threads))
    }

    /// One topic below K an event; the same for any number of threads and whatever the variant to come, and others for another seed.
    @Test func oneTopicAnEvent() throws {
        let log = try SmallFit.log().corpus
        let first = try topics(log)
        #expect(first.count == log.items.count && first.allSatisfy { (0..<6).contains($0) })
        #expect(try topics(log, threads: 1) == first)
        #expect(try topics(log) { ($0.variant, $0.particles) = (.belief, 1) } == first)
        #expect(try topics(log, seed: 2) != first)
    }

    /// They are more than the clusters that they come from.
    @Test func wordLLAMovesTopics() throws {
        let log = try SmallFit.log().corpus
        let clusters = ItemClusters().topics(for: log, topics: 6, seed: 1, shards: Shards(threads: 1))
        #expect(try zip(topics(log), clusters).count { $0 != $1 } > log.items.count / 20)
    }

    /// A fit starts from them, the sampler of few proposals and the paper's variant included.
    @Test func aFitStartsFromThem() throws {
        let log = try SmallFit.log().corpus
        for change: (inout FitSettings) -> Void in [
            { $0.start = .word }, { ($0.start, $0.sampler, $0.particles) = (.word, .mh, 1) },
            { ($0.start, $0.variant, $0.particles, $0.memory) = (.word, .belief, 1, .both) },
        ] {
            #expect(try SmallFit.run(log, SmallFit.settings(change)).epochs.last?.validationPerplexity?.isFinite == true)
        }
    }
}
