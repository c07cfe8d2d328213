import Foundation
import Testing
import TestSupport
@testable import Kernels

@Suite struct ElementwiseTests {
    /// Sixteen at a time, evenly from `low` to `high`, both included.
    private func grid(_ low: Double, _ high: Double, chunks: Int = 100_000) -> some Sequence<Lanes16> {
        let last = Double(16 * chunks - 1)
        return (0..<chunks).lazy.map { chunk in
            var x = Lanes16()
            for lane in 0..<16 { x[lane] = Float(low + (high - low) * Double(16 * chunk + lane) / last) }
            return x
        }
    }

    /// The largest error over a grid, in the given measure of (value, expected); NaN counts as infinite.
    private func worst(
        _ grid: some Sequence<Lanes16>, _ function: (Lanes16) -> Lanes16, _ expected: (Double) -> Double,
        _ error: (Double, Double) -> Double
    ) -> Double {
        var worst = 0.0
        for x in grid {
            let y = function(x)
            for lane in 0..<16 {
                let e = error(Double(y[lane]), expected(Double(x[lane])))
                if !(e <= worst) { worst = e.isNaN ? .infinity : e }
            }
        }
        return worst
    }

    private func relative(_ value: Double, _ expected: Double) -> Double { abs(value / expected - 1) }
    private func absolute(_ value: Double, _ expected: Double) -> Double { abs(value - expected) }

    @Test func expIsRelativelyAccurate() {
        for (low, high) in [(-87.0, 88.0), (-1, 1), (-1e-3, 1e-3)] {
            #expect(worst(grid(low, high), { Elementwise.exp($0) }, Foundation.exp, relative) < 1.2e-7)
        }
        // Broken twin: Taylor's polynomial of the same length.
        func taylor(_ x: Lanes16) -> Lanes16 {
            var y = Lanes16()
            for lane in 0..<16 {
                let n = (x[lane] / Float(M_LN2)).rounded()
                let r = x[lane] - n * Float(M_LN2)
                var p: Float = 1
                for order in [6, 5, 4, 3, 2, 1] as [Float] { p = 1 + p * r / order }
                y[lane] = p * exp2(n)
            }
            return y
        }
        #expect(worst(grid(-1, 1), taylor, Foundation.exp, relative) > 1.2e-7)
    }

    @Test func expIsFiniteAndPositiveEverywhere() {
        let low = Elementwise.exp(Lanes16(repeating: -87))[0], high = Elementwise.exp(Lanes16(repeating: 88))[0]
        #expect(low > 0 && high.isFinite)
        for x in [-87.5, -88, -1e3, -1e30, -Float.greatestFiniteMagnitude, -.infinity] as [Float] {
            #expect(Elementwise.exp(Lanes16(repeating: x))[5] == low)
        }
        for x in [88.5, 89, 1e3, 1e30, Float.greatestFiniteMagnitude, .infinity] as [Float] {
            #expect(Elementwise.exp(Lanes16(repeating: x))[11] == high)
        }
        for x in [0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude] as [Float] {
            #expect(Elementwise.exp(Lanes16(repeating: x))[3] == 1)
        }
    }

    @Test func sigmoidIsAccurate() {
        func expected(_ x: Double) -> Double { 1 / (1 + Foundation.exp(-x)) }
        for (low, high) in [(-100.0, 100.0), (-20, 20), (-1, 1)] {
            #expect(worst(grid(low, high), { Elementwise.sigmoid($0) }, expected, absolute) < 1.2e-7)
        }
        // As good relatively, down to where e^-x is cut off.
        #expect(worst(grid(-87, 20), { Elementwise.sigmoid($0) }, expected, relative) < 4e-7)
        for x in [-.infinity, -1e30, -100, 100, 1e30, .infinity] as [Float] {
            let y = Elementwise.sigmoid(Lanes16(repeating: x))[7]
            #expect(x < 0 ? y >= 0 && y < 1e-37 : y == 1)
        }
    }

    @Test func tanhIsAccurate() {
        for (low, high) in [(-100.0, 100.0), (-10, 10), (-1, 1), (-1e-3, 1e-3)] {
            #expect(worst(grid(low, high), { Elementwise.tanh($0) }, Foundation.tanh, absolute) < 2e-7)
        }
        // Broken twin: a rational approximation that is good to four digits.
        func rough(_ x: Lanes16) -> Lanes16 { x * (27 + x * x) / (27 + 9 * x * x) }
        #expect(worst(grid(-1, 1), rough, Foundation.tanh, absolute) > 2e-7)
        for x in [-.infinity, -1e30, -100, 100, 1e30, .infinity] as [Float] {
            #expect(Elementwise.tanh(Lanes16(repeating: x))[2] == (x < 0 ? -1 : 1))
        }
        #expect(Elementwise.tanh(Lanes16(repeating: 0))[0] == 0)
    }

    /// Every `step`th positive normal number between two of them.
    private func normals(from low: Float, to high: Float, every step: UInt32) -> some Sequence<Lanes16> {
        stride(from: low.bitPattern, through: high.bitPattern - 15 * step, by: Int(16 * step)).lazy.map { bits in
            Lanes16((0..<16).map { Float(bitPattern: bits + step * UInt32($0)) })
        }
    }

    /// Error as a share of |ln x|, or of 1 where that is larger: 1.2e-7 at most, for 1.1 million numbers from 1 to 1e30, for
    /// 2.1 million of all positive normal ones, and for each of the 50,000 around 1, where the logarithm is small.
    @Test func logIsAccurate() {
        func error(_ value: Double, _ expected: Double) -> Double { abs(value - expected) / max(1, abs(expected)) }
        let greatest = Float.greatestFiniteMagnitude
        for numbers in [
            normals(from: 1, to: 1e30, every: 761), normals(from: .leastNormalMagnitude, to: greatest, every: 1009),
            normals(from: 0.999, to: 1.004, every: 1),
        ] {
            #expect(worst(numbers, { Elementwise.log($0) }, Foundation.log, error) < 1.2e-7)
        }
        for x in [.leastNormalMagnitude, greatest, Float(0.5).squareRoot(), Float(0.5).squareRoot().nextDown, 1e30] as [Float] {
            #expect(error(Double(Elementwise.log(Lanes16(repeating: x))[9]), Foundation.log(Double(x))) < 1.2e-7)
        }
        // What was never counted says nothing, to the bit.
        #expect(Elementwise.log(Lanes16(repeating: 1)) == .zero)

        // Broken twin: the same polynomial for mantissas from 1 to 2, not from √½ to √2.
        func unbalanced(_ x: Lanes16) -> Lanes16 {
            Lanes16((0..<16).map { lane in
                let m = x[lane].significand, s = (m - 1) / (m + 1), square = s * s
                var p = square * Float(2.0 / 9) + Float(2.0 / 7)
                for term in [Float(2.0 / 5), Float(2.0 / 3), 2] { p = p * square + term }
                return Float(x[lane].exponent) * Float(M_LN2) + s * p
            })
        }
        #expect(worst(normals(from: 1, to: 1e30, every: 76_100), unbalanced, Foundation.log, error) > 1e-6)
    }

    /// A network that has gone wrong must not look as if it had not.
    @Test func notANumberStaysOne() {
        let nan = Lanes16(repeating: .nan)
        for y in [Elementwise.exp(nan), Elementwise.sigmoid(nan), Elementwise.tanh(nan)] {
            #expect((0..<16).allSatisfy { y[$0].isNaN })
        }
    }

    // MARK: Lanes in memory

    @Test func loadsReadCountFloatsAndZeros() {
        let floats = GuardedFloats((0..<40).map { Float($0 + 1) })
        for offset in 0..<20 {
            for count in 0...20 {
                let expected = Lanes16((0..<16).map { $0 < count ? Float(offset + $0 + 1) : 0 })
                #expect(floats.base.lanes(offset, count: count) == expected)
                #expect(UnsafePointer(floats.base).lanes(offset, count: count) == expected)
            }
            #expect(floats.base.lanes(offset) == Lanes16((0..<16).map { Float(offset + $0 + 1) }))
        }
    }

    @Test func storesTouchCountFloatsOnly() {
        let value = Lanes16((0..<16).map { Float(100 + $0) })
        for length in 0...20 {
            for offset in 0...min(3, length) {
                let floats = GuardedFloats(count: length, filledWith: 5)
                let count = length - offset
                floats.base.setLanes(offset, value, count: count)
                #expect(floats.fencesStand)
                #expect(floats.array == (0..<length).map {
                    $0 < offset || $0 >= offset + 16 ? 5 : Float(100 + $0 - offset)
                })
            }
        }
        // Broken twin: a full store where there is room for fifteen.
        let short = GuardedFloats(count: 15)
        short.base.setLanes(0, value)
        #expect(!short.fencesStand)
    }
}
