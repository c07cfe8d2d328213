import Foundation
import Testing
import TestSupport
@testable import Kernels

/// Every χ² here raises a false alarm with probability 1e-4 over seeds; the seeds are fixed.
@Suite struct RandomStreamTests {
    static let falseAlarm = 1e-4

    // MARK: The generator

    /// Words that are made many at a time are those that come one by one, and the stream goes on behind them.
    @Test func fillingAgreesWithWords() {
        for blocks in [0, 1, 3, 8, 37] {
            var bulk = RandomStream(seed: 3 << 40 | 5, purpose: .other, epoch: 7, sequence: 1 << 31, position: 9, particle: 2)
            var single = bulk
            let words = (0..<4 * blocks).map { _ in single.nextWord() }
            let filled = [UInt32](unsafeUninitializedCapacity: 4 * blocks + 1) { buffer, count in
                buffer.initialize(repeating: 0)
                if let base = buffer.baseAddress { bulk.fill(base, blocks: blocks) }
                count = 4 * blocks
            }
            #expect(filled == words)
            #expect(bulk.nextWord() == single.nextWord())
        }
    }

    /// Vectors published with Random123 (kat_vectors, philox4x32-10).
    @Test func philoxAgreesWithPublishedAnswers() {
        let all = UInt32.max
        #expect(RandomStream.philox(SIMD4(0, 0, 0, 0), key: SIMD2(0, 0))
            == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        #expect(RandomStream.philox(SIMD4(all, all, all, all), key: SIMD2(all, all))
            == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
        #expect(RandomStream.philox(
            SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: SIMD2(0xa409_3822, 0x299f_31d0))
            == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    }

    @Test func wordsComeBlockAfterBlock() {
        let key = SIMD2<UInt32>(3, 4), counter = SIMD4<UInt32>(5, 6, 7, 8)
        var stream = RandomStream(key: key, counter: counter)
        let words = (0..<12).map { _ in stream.nextWord() }
        let expected = (0..<3 as Range<UInt32>).flatMap { block -> [UInt32] in
            let four = RandomStream.philox(counter &+ SIMD4(block, 0, 0, 0), key: key)
            return [four.x, four.y, four.z, four.w]
        }
        #expect(words == expected)
        var wide = RandomStream(key: key, counter: counter)
        #expect(wide.next() == UInt64(words[1]) << 32 | UInt64(words[0]))
    }

    // MARK: Distributions

    static func uniformity(_ values: [Double], cells: Int = 128) -> Double {
        var hits = [Int](repeating: 0, count: cells)
        for value in values {
            guard value >= 0 && value < 1 else { return 0 }
            hits[Int(value * Double(cells))] += 1
        }
        return chiSquare(observed: hits, expected: [Double](repeating: 1, count: cells))
    }

    @Test func uniformIsUniform() {
        var stream = RandomStream(seed: 1, purpose: .other)
        let single = (0..<300_000).map { _ in Double(stream.uniform()) }
        #expect(Self.uniformity(single) > Self.falseAlarm)
        #expect(single.allSatisfy { ($0 * 0x1p24).rounded() == $0 * 0x1p24 })
        // The last bits as well: a generator may have good high bits and bad low ones.
        #expect(Self.uniformity(single.map { ($0 * 0x1p17).truncatingRemainder(dividingBy: 1) }) > Self.falseAlarm)

        let double = (0..<300_000).map { _ in stream.uniformDouble() }
        #expect(Self.uniformity(double) > Self.falseAlarm)
        #expect(Self.uniformity(double.map { ($0 * 0x1p46).truncatingRemainder(dividingBy: 1) }) > Self.falseAlarm)
        // Broken twin: a density of about 0.95 u^-0.05.
        #expect(Self.uniformity(double.map { pow($0, 1.05) }) < Self.falseAlarm)
    }

    @Test func successiveNumbersAreIndependent() {
        func pairs(_ next: () -> (Double, Double)) -> Double {
            var hits = [Int](repeating: 0, count: 256)
            for _ in 0..<200_000 {
                let (a, b) = next()
                hits[Int(a * 16) * 16 + Int(b * 16)] += 1
            }
            return chiSquare(observed: hits, expected: [Double](repeating: 1, count: 256))
        }
        var stream = RandomStream(seed: 2, purpose: .other)
        #expect(pairs { (Double(stream.uniform()), Double(stream.uniform())) } > Self.falseAlarm)
        // Broken twin: one pair in fifty repeats its first number.
        #expect(pairs {
            let a = Double(stream.uniform()), b = Double(stream.uniform())
            return (a, stream.index(below: 50) == 0 ? a : b)
        } < Self.falseAlarm)
    }

    @Test(arguments: [2, 3, 7, 100, 1000]) func indexIsUniform(bound: Int) {
        var stream = RandomStream(seed: 3, purpose: .other)
        func hits(_ draw: (inout RandomStream) -> Int) -> [Int] {
            var hits = [Int](repeating: 0, count: bound)
            for _ in 0..<300_000 { hits[draw(&stream)] += 1 }
            return hits
        }
        let flat = [Double](repeating: 1, count: bound)
        #expect(chiSquare(observed: hits { $0.index(below: bound) }, expected: flat) > Self.falseAlarm)
        // Broken twin: one draw in fifty is replaced by 0.
        #expect(chiSquare(observed: hits {
            let i = $0.index(below: bound)
            return $0.index(below: 50) == 0 ? 0 : i
        }, expected: flat) < Self.falseAlarm)
    }

    @Test func indexStaysBelowAnyBound() {
        var stream = RandomStream(seed: 4, purpose: .other)
        for _ in 0..<1000 {
            #expect(stream.index(below: 1) == 0)
            #expect((0..<Int.max).contains(stream.index(below: Int.max)))
        }
    }

    @Test func normalIsNormal() {
        func fit(_ draw: () -> Double) -> Double {
            // Equal cells after the normal distribution function.
            Self.uniformity((0..<400_000).map { _ in 0.5 * erfc(-draw() / 2.0.squareRoot()) }, cells: 64)
        }
        var stream = RandomStream(seed: 5, purpose: .other)
        #expect(fit { stream.normal() } > Self.falseAlarm)
        // Broken twin: twelve uniforms less six have the right mean and variance, and tails too thin.
        #expect(fit { (0..<12).reduce(-6.0) { sum, _ in sum + Double(stream.uniform()) } } < Self.falseAlarm)
    }

    // MARK: Streams

    @Test func noTwoStreamsShareNumbers() {
        var seen: Set<UInt64> = []
        var streams = 0
        let far = Int(UInt32.max)
        for seed in [0, 1, 1 << 32] as [UInt64] {
            for purpose in RandomStream.Purpose.allCases {
                for epoch in [0, 1, 0xFF_FFFF] {
                    for sequence in [0, 1, 2, far] {
                        for position in [0, 1, 2, far] {
                            for particle in [0, 1, 65_535] {
                                var stream = RandomStream(
                                    seed: seed, purpose: purpose, epoch: epoch, sequence: sequence, position: position,
                                    particle: particle)
                                seen.insert(stream.next())
                                seen.insert(stream.next())
                                streams += 1
                            }
                        }
                    }
                }
            }
        }
        // Some ten thousand words of 64 bits: that two are equal by chance has a probability below 1e-11.
        #expect(seen.count == 2 * streams)
    }

    @Test func aStreamDependsOnItsNameAlone() {
        var first = RandomStream(seed: 9, purpose: .topicDraw, epoch: 2, sequence: 3, position: 4, particle: 5)
        let words = (0..<10).map { _ in first.nextWord() }
        var other = RandomStream(seed: 9, purpose: .dropout)
        _ = other.nextWord()
        var again = RandomStream(seed: 9, purpose: .topicDraw, epoch: 2, sequence: 3, position: 4, particle: 5)
        #expect((0..<10).map { _ in again.nextWord() } == words)
    }

    /// First numbers of streams that are next to each other, in each of the coordinates of a token.
    @Test(arguments: ["epoch", "sequence", "position", "particle", "purpose"])
    func neighbouringStreamsAreIndependent(coordinate: String) {
        func first(_ n: Int, _ step: Int) -> Double {
            var stream = RandomStream(
                seed: 6, purpose: coordinate == "purpose" && step == 1 ? .survivors : .topicDraw,
                epoch: coordinate == "epoch" ? step : 7, sequence: n / 256 + (coordinate == "sequence" ? 1000 * step : 0),
                position: n % 256 + (coordinate == "position" ? step : 0), particle: coordinate == "particle" ? step : 0)
            return Double(stream.uniform())
        }
        var hits = [Int](repeating: 0, count: 256)
        for n in 0..<100_000 { hits[Int(first(n, 0) * 16) * 16 + Int(first(n, 1) * 16)] += 1 }
        #expect(chiSquare(observed: hits, expected: [Double](repeating: 1, count: 256)) > Self.falseAlarm)
    }
}
