import Kernels
import Testing
@testable import TopicSampling

/// What every `SurvivorPolicy` has to obey, whatever it chooses. `breaches` names the laws that a policy broke.
enum SurvivorPolicyLaws {
    enum Law: CaseIterable {
        /// `begin` writes all P scores, the same whatever stood there before, and at least one is finite.
        case begins
        /// Ancestors are below P, topics below K.
        case inRange
        /// Equal candidates, scores and streams give equal survivors.
        case deterministic
        /// A topic without weight is chosen only where no copy has any weight.
        case weighs
        /// Scores are never NaN or +∞, and one at least is finite.
        case scores
        /// Nothing but P ancestors, topics and scores is written, and the candidates stay as they are.
        case staysInside
        /// The pick is below P, equal for equal streams, and not a copy of score -∞.
        case picks
    }

    static func breaches(_ policy: some SurvivorPolicy) -> Set<Law> {
        var broken: Set<Law> = []
        for copies in [1, 2, 3, 8, 20] {
            let start = policy.startScores(copies: copies)
            var again = [7.0] + start + [7]
            again.withUnsafeMutableBufferPointer { policy.begin(scores: $0.baseAddress! + 1, copies: copies) }
            if again != [7] + start + [7] || !start.contains(where: \.isFinite) { broken.insert(.begins) }
            for topics in [1, 2, 5, 16, 17, 40, 130] {
                for (number, weights) in Weights.allCases.enumerated() {
                    var random = RandomStream(seed: 9, purpose: .other, sequence: copies, position: topics, particle: number)
                    var scores = start
                    for step in 0..<6 {
                        let rows = weights.rows(copies: copies, topics: topics, random: &random)
                        // A policy may hold on to its reference, so that has to be a topic that weighs.
                        let reference = step % 2 == 0 ? rows.heaviestTopic(of: 0) : nil
                        scores = check(policy, rows, scores: scores, seed: UInt64(step), reference: reference, into: &broken)
                    }
                }
            }
        }
        return broken
    }

    /// Rows of weights of all kinds that come up. Where any copy weighs something, copy 0 does.
    private enum Weights: CaseIterable {
        case even, skewed, sparse, dying, none, notANumber

        func rows(copies: Int, topics: Int, random: inout RandomStream) -> CandidateRows {
            CandidateRows((0..<copies).map { copy in
                var row: [Float] = (0..<topics).map { _ in
                    switch self {
                    case .even, .dying: random.uniform() + 0.01
                    case .skewed: Float.leastNormalMagnitude * Float(1 << random.index(below: 60)) * 1e10
                    case .sparse: random.index(below: 3) == 0 ? random.uniform() : 0
                    case .none: 0
                    case .notANumber: .nan
                    }
                }
                if self == .dying && copy > 0 && random.index(below: 2) == 0 { row = row.map { _ in 0 } }
                if self == .sparse && copy == 0 { row[random.index(below: topics)] = 0.5 }
                return row
            })
        }
    }

    /// One step and one pick, checked. Returns the survivors' scores.
    private static func check(
        _ policy: some SurvivorPolicy, _ rows: CandidateRows, scores: [Double], seed: UInt64, reference: Int?,
        into broken: inout Set<Law>
    ) -> [Double] {
        let before = (rows.rows.array.map(\.bitPattern), rows.alphas.array.map(\.bitPattern))
        let (ancestors, topics, after, inside) = step(policy, rows, scores: scores, seed: seed, reference: reference)
        let again = step(policy, rows, scores: scores, seed: seed, reference: reference)
        if before != (rows.rows.array.map(\.bitPattern), rows.alphas.array.map(\.bitPattern)) || !inside {
            broken.insert(.staysInside)
        }
        if ancestors != again.ancestors || topics != again.topics || after != again.scores { broken.insert(.deterministic) }
        if !after.contains(where: \.isFinite) || after.contains(where: { $0.isNaN || $0 == .infinity }) { broken.insert(.scores) }
        if !ancestors.allSatisfy((0..<Int32(rows.copies)).contains) || !topics.allSatisfy((0..<Int32(rows.topics)).contains) {
            broken.insert(.inRange)
        } else if rows.alphas.array.contains(where: { $0 > 0 }) {
            for (ancestor, topic) in zip(ancestors, topics)
            where !(rows.candidates().row(Int(ancestor))[Int(topic)] > 0) { broken.insert(.weighs) }
        }
        func pick() -> Int {
            var random = RandomStream(seed: seed, purpose: .path)
            return policy.pick(scores: after, copies: rows.copies, random: &random)
        }
        let picked = pick()
        if !(0..<rows.copies).contains(picked) || picked != pick() || after[picked] == -.infinity { broken.insert(.picks) }
        return after
    }

    /// One step, between guards that nobody may write to.
    private static func step(
        _ policy: some SurvivorPolicy, _ rows: CandidateRows, scores: [Double], seed: UInt64, reference: Int?
    ) -> (ancestors: [Int32], topics: [Int32], scores: [Double], inside: Bool) {
        let copies = rows.copies, fence = Int32.min + 1
        var ancestors = [Int32](repeating: fence, count: copies + 2), topics = ancestors
        var fenced = [7] + scores + [7]
        var random = RandomStream(seed: seed, purpose: .survivors)
        ancestors.withUnsafeMutableBufferPointer { ancestors in
            topics.withUnsafeMutableBufferPointer { topics in
                fenced.withUnsafeMutableBufferPointer { scores in
                    policy.survive(
                        rows.candidates(reference: reference), scores: scores.baseAddress! + 1, random: &random,
                        ancestors: ancestors.baseAddress! + 1, topics: topics.baseAddress! + 1)
                }
            }
        }
        let inside = [ancestors[0], ancestors[copies + 1], topics[0], topics[copies + 1]].allSatisfy { $0 == fence }
            && fenced[0] == 7 && fenced[copies + 1] == 7
        return (Array(ancestors[1...copies]), Array(topics[1...copies]), Array(fenced[1...copies]), inside)
    }
}

@Suite struct SurvivorPolicyLawTests {
    @Test func everyPolicyObeys() {
        #expect(SurvivorPolicyLaws.breaches(Resampling()) == [])
        #expect(SurvivorPolicyLaws.breaches(ConditionalResampling()) == [])
        #expect(SurvivorPolicyLaws.breaches(BeamSearch()) == [])
    }

    /// Each law has one that breaks it, and is found by that law.
    @Test(arguments: SurvivorPolicyLaws.Law.allCases) func breachesAreFound(law: SurvivorPolicyLaws.Law) {
        #expect(SurvivorPolicyLaws.breaches(Lawless(broken: law)).contains(law))
    }
}

/// Resamples, and breaks one law.
private struct Lawless: SurvivorPolicy {
    let broken: SurvivorPolicyLaws.Law
    private let calls = Calls()

    init(broken: SurvivorPolicyLaws.Law) { self.broken = broken }

    /// What a policy must not have.
    private final class Calls: @unchecked Sendable { var count = 0 }

    func begin(scores: UnsafeMutablePointer<Double>, copies: Int) {
        if broken == .begins {
            scores[copies - 1] = 0  // and leaves the others as they were
        } else {
            Resampling().begin(scores: scores, copies: copies)
        }
    }

    func survive(
        _ candidates: Candidates, scores: UnsafeMutablePointer<Double>, random: inout RandomStream,
        ancestors: UnsafeMutablePointer<Int32>, topics: UnsafeMutablePointer<Int32>
    ) {
        Resampling().survive(candidates, scores: scores, random: &random, ancestors: ancestors, topics: topics)
        calls.count += 1
        let copies = candidates.copies
        switch broken {
        case .begins, .picks: break
        case .inRange: topics[0] = Int32(candidates.topics)
        case .deterministic: topics[0] = Int32(calls.count % candidates.topics)
        case .weighs: for copy in 0..<copies { topics[copy] = Int32(random.index(below: candidates.topics)) }
        case .scores: scores[0] = .nan
        case .staysInside: ancestors[copies] = 0
        }
    }

    func pick(scores: UnsafePointer<Double>, copies: Int, random: inout RandomStream) -> Int {
        random.index(below: broken == .picks ? copies + 1 : copies)
    }
}
