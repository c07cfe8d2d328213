import Testing
@testable import Kernels

@Suite struct BFloat16Tests {
    /// Each upper half, with lower halves at the ends of their range, about its middle, and two others.
    private static var floats: some Sequence<Float> {
        (0...UInt32(UInt16.max)).lazy.flatMap { upper in
            [0, 1, 0x1234, 0x7FFF, 0x8000, 0x8001, 0xABCD, 0xFFFF].lazy.map { Float(bitPattern: upper << 16 | $0) }
        }
    }

    private static func agrees(_ rounded: (Float) -> UInt16) -> Bool { floats.allSatisfy { rounded($0) == BFloat16.reference($0) } }

    @Test func roundsToTheNearest() {
        #expect(Self.agrees(BFloat16.rounded))
        // Broken twins: cut off, ties away from zero, and NaN like any other number.
        #expect(!Self.agrees { UInt16($0.bitPattern >> 16) })
        #expect(!Self.agrees { $0.isNaN ? BFloat16.rounded($0) : UInt16(truncatingIfNeeded: ($0.bitPattern &+ 0x8000) >> 16) })
        #expect(!Self.agrees { UInt16(truncatingIfNeeded: ($0.bitPattern &+ 0x7FFF &+ ($0.bitPattern >> 16 & 1)) >> 16) })
    }

    @Test func roundsByHand() {
        func both(_ x: Float) -> [Float] { [BFloat16.float(BFloat16.rounded(x)), BFloat16.float(BFloat16.reference(x))] }
        let nearests: [Float: Float] = [
            0: 0, 1: 1, -2.5: -2.5, 3.14159265: 3.140625, -0x1.008p0: -1,
            // Halfway, to the even one; and past that.
            0x1.01p0: 1, 0x1.03p0: 0x1.04p0, 0x1.01002p0: 0x1.02p0,
            0x1.FEFFFEp127: 0x1.FEp127, 0x1.FFp127: .infinity, -.infinity: -.infinity,
        ]
        for (x, nearest) in nearests {
            #expect(both(x) == [nearest, nearest], "\(x)")
        }
        for nan in [Float.nan, -.nan, Float(bitPattern: 0x7F80_0001), Float(bitPattern: 0xFFFF_FFFF)] {
            let stays = both(nan).allSatisfy { $0.isNaN }
            #expect(stays)
        }
    }

    /// Rows of every length are rounded as wholes, and nothing behind them is touched.
    @Test func matricesKeepZerosBehindTheirRows() {
        for columns in [1, 15, 16, 31, 32, 33, 70] {
            let floats = FloatBuffer((0..<3 * (columns + 2)).map { Float($0) * 1.001 - 20 }), half = HalfMatrix(rows: 4, columns: columns)
            let a = MatrixView(floats.base, rows: 3, columns: columns, stride: columns + 2)
            half.take(a)
            #expect(half.stride % 32 == 0 && half.stride >= columns)
            for r in 0..<4 {
                for c in 0..<half.stride {
                    let expected = r < 3 && c < columns ? BFloat16.reference(a.row(r)[c]) : 0
                    #expect(half.base[r * half.stride + c] == expected)
                }
            }
        }
    }
}
