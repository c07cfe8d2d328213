import Foundation
import Kernels
import TestSupport
import Testing
@testable import TopicSampling

@Suite struct MetropolisHastingsTests {
    static let topics = 12, item = 3

    /// p-value of the topics after `proposals` steps against the enumerated π; each chain starts in topic `start` or, for -1, anywhere.
    static func fit(
        logits: [Float], standIn: [Float], proposals: Int, shift: Float = 0,
        draw: ((MetropolisHastings, Int, MetropolisHastings.Scratch, inout RandomStream) -> Int)? = nil
    ) throws -> (p: Double, acceptance: Double) {
        let counts = try smallCounts(topics: topics, beta: 0.5)
        let sampler = try MetropolisHastings(counts: counts, proposals: proposals)
        sampler.begin(standIn: standIn.map { $0 + shift })
        let law = DenseDraw.reference(logits: logits, item: item, counts: counts).weights
        let scratch = MetropolisHastings.Scratch(topics: topics)
        var hits = [Int](repeating: 0, count: topics)
        let shifted = logits.map { $0 + shift }
        for n in 0..<60_000 {
            var random = RandomStream(seed: 5, purpose: .proposal, sequence: n)
            let start = n % topics
            if let draw {
                hits[draw(sampler, start, scratch, &random)] += 1
            } else {
                hits[sampler.topic(item: item, last: start, scratch: scratch, random: &random, logits: GivenLogits(shifted))] += 1
            }
        }
        return (chiSquare(observed: hits, expected: law), scratch.acceptanceRate)
    }

    static let logits = randomLogits(topics, spread: 1, seed: 31)
    static let standIn = zip(logits, randomLogits(topics, spread: 0.7, seed: 32)).map { $0 + $1 }

    @Test func longChainsFollowThePosterior() throws {
        let (p, acceptance) = try MetropolisHastingsTests.fit(
            logits: MetropolisHastingsTests.logits, standIn: MetropolisHastingsTests.standIn, proposals: 40)
        #expect(p > falseAlarm)
        #expect(acceptance > 0.5 && acceptance < 1)
    }

    /// Started in the posterior, a chain must stay there after every single step: no burn-in to hide behind.
    @Test(arguments: [1, 2]) func oneStepKeepsThePosterior(proposals: Int) throws {
        let counts = try smallCounts(topics: MetropolisHastingsTests.topics, beta: 0.5)
        let sampler = try MetropolisHastings(counts: counts, proposals: proposals)
        sampler.begin(standIn: MetropolisHastingsTests.standIn)
        let logits = MetropolisHastingsTests.logits, item = MetropolisHastingsTests.item
        let law = DenseDraw.reference(logits: logits, item: item, counts: counts).weights
        let table = AliasTable(weights: law.map { Float($0) })
        let scratch = MetropolisHastings.Scratch(topics: MetropolisHastingsTests.topics)
        var hits = [Int](repeating: 0, count: law.count)
        for n in 0..<200_000 {
            var random = RandomStream(seed: 6, purpose: .proposal, sequence: n)
            let start = table.draw(using: &random)
            hits[sampler.topic(item: item, last: start, scratch: scratch, random: &random, logits: GivenLogits(logits))] += 1
        }
        #expect(chiSquare(observed: hits, expected: law) > falseAlarm)
    }

    /// A table that was built when counts, and so φ, were others is a worse guess, and no more than that.
    @Test func aTableOlderThanTheCountsKeepsThePosterior() throws {
        let counts = try smallCounts(topics: MetropolisHastingsTests.topics, beta: 0.5)
        let sampler = try MetropolisHastings(counts: counts, proposals: 40), item = MetropolisHastingsTests.item
        sampler.begin(standIn: MetropolisHastingsTests.standIn)
        for topic in 0..<6 {
            for _ in 0..<4 * topic { counts.add(item: 0, to: topic) }
            counts.add(item: item, to: topic)
        }
        counts.refreshInverseTotals()
        sampler.nonzero.rebuild(from: counts)
        let logits = MetropolisHastingsTests.logits
        let law = DenseDraw.reference(logits: logits, item: item, counts: counts).weights
        let scratch = MetropolisHastings.Scratch(topics: MetropolisHastingsTests.topics)
        var hits = [Int](repeating: 0, count: law.count)
        for n in 0..<60_000 {
            var random = RandomStream(seed: 8, purpose: .proposal, sequence: n)
            hits[sampler.topic(item: item, last: n % 12, scratch: scratch, random: &random, logits: GivenLogits(logits))] += 1
        }
        #expect(chiSquare(observed: hits, expected: law) > falseAlarm)

        let other = try MetropolisHastings(counts: counts, proposals: 40)
        other.resume(masses: sampler.masses.array, reference: sampler.reference)
        for n in 0..<200 {
            var one = RandomStream(seed: 9, purpose: .proposal, sequence: n), two = one
            #expect(
                other.topic(item: item, last: n % 12, scratch: scratch, random: &one, logits: GivenLogits(logits))
                    == sampler.topic(item: item, last: n % 12, scratch: scratch, random: &two, logits: GivenLogits(logits)))
        }
    }

    @Test func aPerfectStandInIsAlwaysAccepted() throws {
        let logits = MetropolisHastingsTests.logits
        let (p, acceptance) = try MetropolisHastingsTests.fit(logits: logits, standIn: logits, proposals: 1)
        #expect(p > falseAlarm)
        #expect(acceptance > 0.9999)
    }

    /// exp(±200) is no float: only differences may matter.
    @Test(arguments: [-200, 200] as [Float]) func theScaleOfTheLogitsDoesNotMatter(shift: Float) throws {
        let (p, acceptance) = try MetropolisHastingsTests.fit(
            logits: MetropolisHastingsTests.logits, standIn: MetropolisHastingsTests.standIn, proposals: 40, shift: shift)
        #expect(p > falseAlarm)
        #expect(acceptance > 0.5)
    }

    /// A stand-in far below the logits (by 60): the dense part is hardly proposed, and nothing overflows.
    @Test func aHopelessStandInBreaksNothing() throws {
        let counts = try smallCounts(topics: MetropolisHastingsTests.topics, beta: 0.5)
        let sampler = try MetropolisHastings(counts: counts, proposals: 8)
        let scratch = MetropolisHastings.Scratch(topics: MetropolisHastingsTests.topics)
        for offset in [-300, -60, 60, 300] as [Float] {
            sampler.begin(standIn: MetropolisHastingsTests.logits.map { $0 + offset })
            for n in 0..<500 {
                var random = RandomStream(seed: 7, purpose: .proposal, sequence: n)
                let topic = sampler.topic(
                    item: n % 7, last: n % 12, scratch: scratch, random: &random, logits: GivenLogits(MetropolisHastingsTests.logits))
                #expect((0..<12).contains(topic))
            }
        }
    }

    /// Broken twin: takes every proposal, as if ũ were u. That is g, not π.
    @Test func acceptingEverythingIsFound() throws {
        let logits = MetropolisHastingsTests.logits, item = MetropolisHastingsTests.item
        let (p, _) = try MetropolisHastingsTests.fit(
            logits: logits, standIn: MetropolisHastingsTests.standIn, proposals: 40
        ) { sampler, _, _, random in
            let row = sampler.counts.row(item), inverse = sampler.counts.inverseTotals
            let masses = logits.indices.map { k in
                exp(logits[k]) * Float(row[k]) * inverse[k]
                    + sampler.masses.base[k] * exp(sampler.reference)
            }
            var left = random.uniform() * masses.reduce(0, +)
            for k in masses.indices {
                left -= masses[k]
                if left < 0 { return k }
            }
            return masses.count - 1
        }
        #expect(p < falseAlarm)
    }

    /// Broken twin: the chain has not had time to forget where it started.
    @Test func aSingleStepFromAnywhereIsFound() throws {
        let (p, _) = try MetropolisHastingsTests.fit(
            logits: MetropolisHastingsTests.logits, standIn: randomLogits(12, spread: 3, seed: 99), proposals: 1)
        #expect(p < falseAlarm)
    }

    @Test func noProposalsAreRefused() throws {
        let counts = try smallCounts(topics: 4)
        #expect(throws: InvalidParameter.self) { try MetropolisHastings(counts: counts, proposals: 0) }
    }
}

/// Logits that are there already.
private struct GivenLogits: LogitSource {
    let values: [Float]

    init(_ values: [Float]) { self.values = values }

    func logit(_ topic: Int) -> Float { values[topic] }
}
