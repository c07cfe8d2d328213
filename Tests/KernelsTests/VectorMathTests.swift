import Foundation
import Testing
import TestSupport
@testable import Kernels

@Suite struct VectorMathTests {
    static let counts = Array(0...50) + [63, 64, 65, 1000]

    @Test(arguments: counts) func addAgreesWithTheLoop(count: Int) {
        let x = GuardedFloats(normalFloats(count, seed: 1)), start = normalFloats(count, seed: 2)
        for factor in [1, -0.5, 0] as [Float] {
            let y = GuardedFloats(start)
            VectorMath.add(x.base, times: factor, to: y.base, count: count)
            // Two roundings in either, in the same order: equal to the last bit.
            #expect(y.array == (0..<count).map { start[$0] + factor * x.array[$0] })
            #expect(y.fencesStand && x.fencesStand)
        }
    }

    @Test(arguments: counts) func sumsAgreeWithTheLoop(count: Int) {
        let x = GuardedFloats(normalFloats(count, seed: 3)), y = GuardedFloats(normalFloats(count, seed: 4))
        let squares = x.array.reduce(0.0) { $0 + Double($1) * Double($1) }
        #expect(abs(VectorMath.sumOfSquares(x.base, count: count) - squares) <= 1e-13 * squares)
        let products = zip(x.array, y.array).map { Double($0) * Double($1) }
        let magnitude = products.reduce(0) { $0 + abs($1) }
        let dot = Double(VectorMath.dot(x.base, y.base, count: count))
        #expect(abs(dot - products.reduce(0, +)) <= Double(count + 1) * 0x1p-24 * magnitude)
        guard count > 0 else { return }
        // The last element counts, and that behind it does not.
        let without = Double(VectorMath.dot(x.base, y.base, count: count - 1))
        #expect(abs(dot - without - products[count - 1]) <= Double(2 * count + 2) * 0x1p-24 * magnitude)
        #expect(VectorMath.sumOfSquares(x.base, count: count - 1) < squares)
    }

    /// Squares are summed in Double: in single precision a thousand small ones beside a large one would be lost.
    @Test func smallSquaresAreNotLost() {
        let x = FloatBuffer([4096] + [Float](repeating: 0.5, count: 1000))
        #expect(VectorMath.sumOfSquares(x.base, count: x.count) == 4096 * 4096 + 250)
    }

    @Test func transposeSwapsRowsAndColumns() {
        for (rows, columns) in [(1, 1), (1, 40), (40, 1), (31, 33), (32, 32), (65, 17), (100, 250), (0, 3)] {
            for gap in [0, 3] {
                let from = GuardedFloats((0..<max(1, rows * (columns + gap))).map(Float.init))
                let to = GuardedFloats(count: max(1, columns * (rows + gap)), filledWith: -1)
                let a = MatrixView(from.base, rows: rows, columns: columns, stride: columns + gap)
                let b = MatrixView(to.base, rows: columns, columns: rows, stride: rows + gap)
                VectorMath.transpose(a, into: b)
                #expect((0..<columns).allSatisfy { j in (0..<rows).allSatisfy { i in b.row(j)[i] == a.row(i)[j] } })
                #expect((0..<columns).allSatisfy { j in (rows..<rows + gap).allSatisfy { b.row(j)[$0] == -1 } })
                #expect(to.fencesStand)
            }
        }
    }

    @Test(arguments: counts) func softmaxAgreesWithTheLoop(count: Int) {
        guard count > 0 else { return }
        for (scale, shift) in [(1, 0), (30, -1000), (0, 5)] as [(Float, Float)] {
            let x = normalFloats(count, seed: 6).map { $0 * scale + shift }, y = GuardedFloats(x)
            VectorMath.softmax(y.base, count: count)
            let top = Double(x.max() ?? 0), weights = x.map { exp(max(Double($0) - top, -64)) }, sum = weights.reduce(0, +)
            for (found, weight) in zip(y.array, weights) { #expect(abs(Double(found) / (weight / sum) - 1) < 1e-5 && found > 0) }
            #expect(y.fencesStand)
            // A number that is none is not made up for.
            for wrong in [Float.nan, .infinity] {
                let spoilt = FloatBuffer(x)
                spoilt.base[count / 2] = wrong
                VectorMath.softmax(spoilt.base, count: count)
                #expect(spoilt.array.contains { $0.isNaN })
            }
        }
    }
}
