import Testing
import TestSupport
@testable import Kernels

/// Every χ² here raises a false alarm with probability 1e-4 over seeds; the keys are fixed.
@Suite struct DropoutMaskTests {
    static let falseAlarm = 1e-4
    static let rates: [Float] = [0.05, 0.1, 0.2, 0.5, 0.9]
    static let width = 250

    private func mask(_ rate: Float, key: UInt32, count: Int = width) -> [Float] {
        let floats = GuardedFloats(count: count, filledWith: .nan)
        DropoutMask(rate: rate).fill(floats.base, count: count, key: key)
        #expect(floats.fencesStand)
        return floats.array
    }

    /// Keys as the block loop takes them: the first word of a cell's stream.
    private func keys(_ count: Int) -> [UInt32] {
        (0..<count).map {
            var stream = RandomStream(seed: 8, purpose: .dropout, position: $0)
            return stream.nextWord()
        }
    }

    @Test(arguments: rates) func unitsAreDroppedAtTheRate(rate: Float) {
        let masks = keys(2000).map { mask(rate, key: $0) }
        let units = masks.joined()
        let dropped = units.count { $0 == 0 }
        let observed = [dropped, units.count - dropped]
        #expect(chiSquare(observed: observed, expected: [Double(rate), 1 - Double(rate)]) > Self.falseAlarm)
        // The comparison notices a rate that is off by a hundredth.
        #expect(chiSquare(observed: observed, expected: [Double(rate) + 0.01, 0.99 - Double(rate)]) < Self.falseAlarm)
    }

    @Test(arguments: rates) func valuesAreZeroOrTheScale(rate: Float) {
        #expect(Set(keys(20).flatMap { mask(rate, key: $0) }) == [0, 1 / (1 - rate)])
    }

    @Test func rateZeroKeepsEverything() {
        #expect(mask(0, key: 12) == [Float](repeating: 1, count: Self.width))
    }

    @Test func keyAloneFixesTheMask() {
        let long = mask(0.5, key: 77, count: 100)
        for count in 0...50 { #expect(mask(0.5, key: 77, count: count) == Array(long.prefix(count))) }
        #expect(Set(keys(500).map { mask(0.5, key: $0) }).count == 500)
    }

    /// p-value of "both units dropped, one, the other, none" being as for independent units.
    private func independence(_ pairs: some Sequence<(Float, Float)>, rate: Double) -> Double {
        var hits = [0, 0, 0, 0]
        for (a, b) in pairs { hits[(a == 0 ? 2 : 0) + (b == 0 ? 1 : 0)] += 1 }
        let kept = 1 - rate
        return chiSquare(observed: hits, expected: [kept * kept, kept * rate, rate * kept, rate * rate])
    }

    @Test(arguments: [0.1, 0.5] as [Float]) func unitsAndKeysAreIndependent(rate: Float) {
        let masks = keys(1000).map { mask(rate, key: $0) }
        // Neighbours in a mask, and units a vector apart.
        for distance in [1, 2, 16] {
            let pairs = masks.flatMap { zip($0, $0.dropFirst(distance)).enumerated().compactMap { $0 % 2 == 0 ? $1 : nil } }
            #expect(independence(pairs, rate: Double(rate)) > Self.falseAlarm)
        }
        // One unit under keys of neighbouring cells, and under keys that are neighbours as numbers.
        let cells = zip(masks, masks.dropFirst()).enumerated().filter { $0.offset % 2 == 0 }.flatMap { zip($1.0, $1.1) }
        #expect(independence(cells, rate: Double(rate)) > Self.falseAlarm)
        let numbers = (0..<500 as Range<UInt32>).flatMap { zip(mask(rate, key: 2 * $0), mask(rate, key: 2 * $0 + 1)) }
        #expect(independence(numbers, rate: Double(rate)) > Self.falseAlarm)
        // Broken twin: one mask in ten is that of the cell before.
        let repeating = masks.indices.dropLast().flatMap { zip(masks[$0], $0 % 10 == 0 ? masks[$0] : masks[$0 + 1]) }
        #expect(independence(repeating, rate: Double(rate)) < Self.falseAlarm)
    }
}
