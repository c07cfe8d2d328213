import Testing
import TestSupport
@testable import Kernels

/// Products and sums in bf16 beside those of the textbook.
@Suite(.enabled(if: HalfProduct.isAvailable)) struct HalfProductTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        let rows, columns, terms: Int
        var testDescription: String { "\(rows)x\(columns)x\(terms)" }
    }

    static let shapes: [Shape] = [
        (1, 1, 1), (3, 5, 7), (7, 1, 33), (17, 33, 15), (64, 64, 64), (5, 1000, 251), (300, 250, 100), (255, 19, 32), (128, 1000, 250),
        (131, 70, 1000), (1024, 17, 9), (2500, 6, 13),
    ].map { Shape(rows: $0.0, columns: $0.1, terms: $0.2) }

    private static func matrix(_ rows: Int, _ columns: Int, seed: UInt64) -> (floats: GuardedFloats, view: MatrixView) {
        let floats = GuardedFloats(normalFloats(rows * columns, seed: seed))
        return (floats, MatrixView(floats.base, rows: rows, columns: columns))
    }

    /// Whether a result is that of rounded factors up to the roundings of its sums. Factors that are not rounded are off by more.
    private static func isNear(_ c: MatrixView, _ expected: MatrixView, terms: Int) -> Bool {
        // Factors are about 1 and sums about √terms; each addition is off by half a bit of what is summed up.
        let tolerance = Float(terms + 1) * 0x1p-23 * (2 + Float(terms).squareRoot())
        return (0..<c.rows).allSatisfy { r in (0..<c.columns).allSatisfy { abs(c.row(r)[$0] - expected.row(r)[$0]) <= tolerance } }
    }

    typealias Multiply = (_ a: MatrixView, _ b: MatrixView, GEMM.Operand, _ c: MatrixView, _ keep: Float) -> Void

    private static func half(_ a: MatrixView, _ b: MatrixView, _ op: GEMM.Operand, _ c: MatrixView, _ keep: Float) {
        let product = HalfProduct(terms: a.columns, columns: c.columns, right: op, keep: keep)
        product.reserve(seats: 2)
        // What was packed before is forgotten.
        let other = matrix(b.rows, b.columns, seed: 9)
        product.pack(other.view)
        product.pack(b)
        product.multiply(a, into: c, seat: 1)
        withExtendedLifetime(other.floats) {}
    }

    private static func isRight(_ shape: Shape, _ op: GEMM.Operand, keep: Float, _ multiply: Multiply) -> Bool {
        let a = matrix(shape.rows, shape.terms, seed: 1)
        let b = op == .asIs ? matrix(shape.terms, shape.columns, seed: 2) : matrix(shape.columns, shape.terms, seed: 2)
        let c = matrix(shape.rows, shape.columns, seed: 3), expected = matrix(shape.rows, shape.columns, seed: 3)
        if keep == 0 { c.view.base.update(repeating: .nan, count: shape.rows * shape.columns) }
        multiply(a.view, b.view, op, c.view, keep)
        HalfProduct.reference(a.view, .asIs, b.view, op, into: expected.view, keep: keep)
        return withExtendedLifetime((a, b, c, expected)) { c.floats.fencesStand && isNear(c.view, expected.view, terms: shape.terms) }
    }

    @Test(arguments: shapes) func productsAgreeWithTheTextbook(_ shape: Shape) {
        for op in [GEMM.Operand.asIs, .transposed] {
            for keep in [0, 1] as [Float] { #expect(Self.isRight(shape, op, keep: keep, Self.half), "\(op), keep \(keep)") }
        }
    }

    /// Broken twins: the comparison notices each.
    @Test func comparisonNoticesMistakes() {
        let shape = Shape(rows: 130, columns: 70, terms: 251)
        func isNoticed(_ multiply: Multiply) -> Bool { ![0, 1].allSatisfy { Self.isRight(shape, .asIs, keep: $0, multiply) } }
        // Factors that are not rounded.
        #expect(isNoticed { a, b, op, c, keep in GEMM.multiply(a, .asIs, b, op, into: c, keep: keep) })
        // What C held forgotten, or kept.
        #expect(isNoticed { a, b, op, c, _ in Self.half(a, b, op, c, 0) })
        #expect(isNoticed { a, b, op, c, _ in Self.half(a, b, op, c, 1) })
        // The last term left out; the last rows left out.
        #expect(isNoticed { a, b, op, c, keep in Self.half(a.columns(0..<250), b.rows(0..<250), op, c, keep) })
        #expect(isNoticed { a, b, op, c, keep in Self.half(a.rows(0..<128), b, op, c.rows(0..<128), keep) })
    }

    /// Both operands are windows on wider matrices, and so is C.
    @Test(arguments: shapes) func sumsAgreeWithTheTextbook(_ shape: Shape) {
        let a = Self.matrix(shape.rows, shape.terms + 3, seed: 4), b = Self.matrix(shape.rows, shape.columns + 5, seed: 5)
        let c = Self.matrix(shape.terms, shape.columns + 2, seed: 6), expected = Self.matrix(shape.terms, shape.columns + 2, seed: 6)
        let (left, right) = (a.view.columns(1..<shape.terms + 1), b.view.columns(2..<shape.columns + 2)), window = 1..<shape.columns + 1
        let sum = HalfSum(rows: shape.rows, left: shape.terms, right: shape.columns, stride: c.view.stride)
        for _ in 0..<2 {
            for r in 0..<shape.terms { c.view.columns(window).row(r).update(repeating: .nan, count: shape.columns) }
            sum.sum(left, right, into: c.view.columns(window))
            HalfProduct.reference(left, .transposed, right, .asIs, into: expected.view.columns(window), keep: 0)
            #expect(a.floats.fencesStand && b.floats.fencesStand && c.floats.fencesStand)
            // What stands beside the window is as it was.
            #expect(Self.isNear(c.view, expected.view, terms: shape.rows))
        }
        // Broken twin: rows behind the first panel, or the last row, left out.
        let fewer = 0..<(shape.rows > HalfSum.mostRows ? HalfSum.mostRows : shape.rows - 1)
        HalfProduct.reference(left.rows(fewer), .transposed, right.rows(fewer), .asIs, into: expected.view.columns(window), keep: 0)
        #expect(!Self.isNear(c.view, expected.view, terms: shape.rows))
        withExtendedLifetime((a, b, c, expected)) {}
    }

    /// Numbers that are not finite come through to whatever hangs on them, and to nothing else.
    @Test func notFiniteStaysNotFinite() {
        /// Whether the numbers that are finite are those that should be.
        func finite(_ c: MatrixView, _ expected: (_ row: Int, _ column: Int) -> Bool) -> Bool {
            (0..<c.rows).allSatisfy { r in (0..<c.columns).allSatisfy { c.row(r)[$0].isFinite == expected(r, $0) } }
        }
        for bad in [Float.nan, .infinity, -.infinity] {
            let a = Self.matrix(131, 40, seed: 1), b = Self.matrix(40, 50, seed: 2), c = Self.matrix(131, 50, seed: 3)
            a.view.row(129)[17] = bad
            Self.half(a.view, b.view, .asIs, c.view, 0)
            #expect(finite(c.view) { r, _ in r != 129 })

            let wide = Self.matrix(40, 50, seed: 4)
            HalfSum(rows: 131, left: 40, right: 50, stride: 50).sum(a.view, c.view.rows(0..<131), into: wide.view)
            #expect(finite(wide.view) { _, _ in false })

            a.view.row(129)[17] = 0
            b.view.row(3)[7] = bad
            Self.half(a.view, b.view, .asIs, c.view, 0)
            #expect(finite(c.view) { _, j in j != 7 })
            withExtendedLifetime((a, b, c, wide)) {}
        }
    }

    /// Seats share nothing but what is packed: together they come to what one does alone.
    @Test func seatsMayWorkAtTheSameTime() {
        let (rows, k, n) = (70, 251, 100)
        let product = HalfProduct(terms: k, columns: n, right: .asIs, keep: 0), b = Self.matrix(k, n, seed: 2)
        product.reserve(seats: 8)
        product.pack(b.view)
        let inputs = (0..<8).map { Self.matrix(rows, k, seed: 10 + UInt64($0)) }, alone = (0..<8).map { _ in FloatBuffer(count: rows * n) }
        for i in 0..<8 { product.multiply(inputs[i].view, into: alone[i].matrix(rows, n), seat: 0) }
        let together = (0..<8).map { _ in FloatBuffer(count: rows * n) }, views = inputs.map(\.view)
        for _ in 0..<20 {
            Shards(threads: 8).forEach(8) { product.multiply(views[$0], into: together[$0].matrix(rows, n), seat: $0) }
            let same = (0..<8).allSatisfy { together[$0].array == alone[$0].array }
            #expect(same)
        }
        withExtendedLifetime((inputs, b)) {}
    }
}
