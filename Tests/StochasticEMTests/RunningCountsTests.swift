import Kernels
import Testing
@testable import StochasticEM

@Suite struct RunningCountsTests {
    /// A history of random survivors against plain arrays, to the bit.
    ///
    /// - Parameter inherits: whether the plain arrays follow the survivors' ancestors.
    /// - Returns: values that differ.
    private func differences(shape: BlockShape, kinds: Int, topics: Int, inherits: Bool = true) -> Int {
        var random = RandomStream(seed: 6, purpose: .other), wrong = 0
        let counts = RunningCounts(shape: shape, kinds: kinds, topics: topics), p = shape.particles
        let nothing = [[Float]](repeating: [Float](repeating: 0, count: topics), count: kinds)
        var plain = [[[[Float]]]](repeating: [[[Float]]](repeating: nothing, count: p), count: shape.lanes)
        for _ in 0..<60 {
            for shard in 0..<shape.shards {
                for lane in shape.lanes(of: shard) {
                    switch random.index(below: 8) {
                    case 0:
                        for copy in 0..<p {
                            counts.clear(lane, copy)
                            plain[lane][copy] = nothing
                        }
                    case 1:
                        let picked = random.index(below: p)
                        counts.carry(lane, from: picked)
                        plain[lane] = [[[Float]]](repeating: plain[lane][picked], count: p)
                    default:
                        let ancestors = (0..<p).map { _ in Int32(random.index(below: p)) }
                        let topic = (0..<p).map { _ in random.index(below: topics) }, share = random.uniform()
                        counts.advance(lane, shard: shard, ancestors: ancestors) { $1[topic[$0]] += share }
                        let before = plain[lane]
                        for copy in 0..<p {
                            plain[lane][copy] = before[inherits ? Int(ancestors[copy]) : copy]
                            for kind in 0..<kinds {
                                plain[lane][copy][kind] = plain[lane][copy][kind].map { $0 * ([1, 0.8] as [Float])[kind] }
                                plain[lane][copy][kind][topic[copy]] += share
                            }
                        }
                    }
                    for lane in 0..<shape.lanes {
                        for copy in 0..<p {
                            let row = counts.row(lane, copy)
                            wrong += plain[lane][copy].joined().enumerated().count { row[$0.offset] != $0.element }
                        }
                    }
                }
            }
        }
        return wrong
    }

    @Test(arguments: [(1, 1), (2, 5), (2, 16), (1, 19)]) func survivorsTakeOnTheirAncestorsCounts(kinds: Int, topics: Int) {
        for shape in [BlockShape(lanes: 5, steps: 2, particles: 4, shards: 3), BlockShape(lanes: 2, steps: 2, shards: 1)] {
            #expect(differences(shape: shape, kinds: kinds, topics: topics) == 0)
        }
        // Broken twin: every copy counts for itself. (With a single topic all copies count alike.)
        guard topics > 1 else { return }
        let shape = BlockShape(lanes: 5, steps: 2, particles: 4, shards: 3)
        #expect(differences(shape: shape, kinds: kinds, topics: topics, inherits: false) > 0)
    }

    /// What becomes of a topic that a sequence comes to once: its short count, event after event.
    private func fading(events: Int) -> [Float] {
        let counts = RunningCounts(shape: BlockShape(lanes: 1, steps: 2, shards: 1), kinds: 2, topics: 19)
        return (0..<events).map { event in
            counts.advance(0, shard: 0, ancestors: [0]) { $1[event == 0 ? 17 : 3] += 1 }
            return counts.row(0, 0)[19 + 17]
        }
    }

    /// Numbers that are not normal cost fifty times the time, and would stay for the rest of a sequence.
    @Test func whatFadedIsNothing() {
        let kept = fading(events: 600)
        #expect(kept.allSatisfy { $0 == 0 || $0.isNormal })
        #expect(kept.suffix(400).allSatisfy { $0 == 0 })
        // While it tells on log(1 + n/α), down to α = 2^-36, it is the power of the decay.
        let plain = sequence(first: Float(1)) { $0 * 0.8 }.prefix(600)
        for (count, expected) in zip(kept, plain) where 1 + expected * 0x1p36 > 1 { #expect(count == expected) }
        // Broken twin: powers of the decay, which are neither normal nor zero for ever.
        #expect(plain.suffix(100).allSatisfy { $0 > 0 && !$0.isNormal })
    }
}
