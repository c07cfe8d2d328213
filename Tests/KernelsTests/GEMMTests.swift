import Testing
import TestSupport
@testable import Kernels

@Suite struct GEMMTests {
    typealias Multiply = (MatrixView, GEMM.Operand, MatrixView, GEMM.Operand, MatrixView, Float) -> Void

    struct Product: Sendable {
        var m, n, k: Int
        var opA = GEMM.Operand.asIs, opB = GEMM.Operand.asIs
        /// Floats between the end of a row and the start of the next, for A, B and C.
        var gaps = (0, 0, 0)
        var keep: Float = 0
    }

    /// The shapes of a network's step and of its gradients, and the edges.
    static let shapes: [(Int, Int, Int)] = [
        (1, 1, 1), (1, 16, 1), (7, 1, 5), (3, 5, 0), (0, 5, 3), (5, 0, 3), (17, 33, 15), (16, 16, 16), (32, 19, 17),
        (64, 64, 64), (1, 1000, 250), (8, 1000, 250), (8, 250, 1000), (100, 400, 64),
        // More than one panel of rows, and of terms.
        (600, 5, 7), (5, 3, 2100),
    ]

    static func products() -> [Product] {
        let operands: [GEMM.Operand] = [.asIs, .transposed]
        var products: [Product] = []
        for (m, n, k) in shapes {
            for opA in operands {
                for opB in operands {
                    for keep in [0, 1] as [Float] {
                        products.append(Product(m: m, n: n, k: k, opA: opA, opB: opB, keep: keep))
                    }
                }
            }
        }
        var random = RandomStream(seed: 17, purpose: .other)
        for _ in 0..<300 {
            products.append(Product(
                m: 1 + random.index(below: 70), n: 1 + random.index(below: 70), k: 1 + random.index(below: 70),
                opA: operands[random.index(below: 2)], opB: operands[random.index(below: 2)],
                gaps: (random.index(below: 6), random.index(below: 6), random.index(below: 6)),
                keep: Float(random.index(below: 2))))
        }
        return products
    }

    /// A (rows, columns) matrix with gaps between its rows; `outside` lies in the gaps.
    private static func matrix(
        _ rows: Int, _ columns: Int, gap: Int, seed: UInt64, outside: Float
    ) -> (floats: GuardedFloats, view: MatrixView) {
        let stride = columns + gap
        var values = normalFloats(max(1, rows * stride), seed: seed)
        for r in 0..<rows { for c in columns..<stride { values[r * stride + c] = outside } }
        let floats = GuardedFloats(values)
        return (floats, MatrixView(floats.base, rows: rows, columns: columns, stride: stride))
    }

    /// Whether a product differs from the textbook's by no more than its k + 1 roundings a sum explain, forgets C where
    /// it is not kept, and writes nowhere else.
    static func isRight(_ p: Product, _ multiply: Multiply) -> Bool {
        let (aRows, aColumns) = p.opA == .asIs ? (p.m, p.k) : (p.k, p.m)
        let (bRows, bColumns) = p.opB == .asIs ? (p.k, p.n) : (p.n, p.k)
        // Gaps of the operands hold NaN: whoever reads them shows it.
        let a = matrix(aRows, aColumns, gap: p.gaps.0, seed: 1, outside: .nan)
        let b = matrix(bRows, bColumns, gap: p.gaps.1, seed: 2, outside: .nan)
        let c = matrix(p.m, p.n, gap: p.gaps.2, seed: 3, outside: 77)
        let before = c.floats.array
        if p.keep == 0 {
            for r in 0..<p.m { for j in 0..<p.n { c.view.row(r)[j] = .nan } }
        }
        multiply(a.view, p.opA, b.view, p.opB, c.view, p.keep)
        guard a.floats.fencesStand && b.floats.fencesStand && c.floats.fencesStand else { return false }
        for i in 0..<p.m {
            for j in 0..<p.n {
                let start = Double(p.keep * before[i * c.view.stride + j])
                var sum = start, magnitude = abs(start)
                for l in 0..<p.k {
                    let left = p.opA == .asIs ? a.view.row(i)[l] : a.view.row(l)[i]
                    let right = p.opB == .asIs ? b.view.row(l)[j] : b.view.row(j)[l]
                    sum += Double(left) * Double(right)
                    magnitude += abs(Double(left) * Double(right))
                }
                let difference = abs(Double(c.view.row(i)[j]) - sum)
                guard difference <= Double(p.k + 1) * 0x1p-24 * magnitude else { return false }
            }
            for j in p.n..<c.view.stride where c.view.row(i)[j] != 77 { return false }
        }
        return true
    }

    @Test func fastPathAgreesWithTheTextbook() {
        for product in Self.products() {
            #expect(Self.isRight(product) { GEMM.multiply($0, $1, $2, $3, into: $4, keep: $5) }, "\(product)")
        }
    }

    @Test func referenceAgreesWithTheTextbook() {
        for product in Self.products() {
            #expect(Self.isRight(product) { GEMM.reference($0, $1, $2, $3, into: $4, keep: $5) }, "\(product)")
        }
    }

    @Test func smallProductByHand() {
        let a = FloatBuffer([1, 2, 3, 4, 5, 6]), b = FloatBuffer([1, 0, 2, -1, 0, 3]), c = FloatBuffer([10, 20, 30, 40])
        for multiply in [GEMM.multiply(_:_:_:_:into:keep:), GEMM.reference(_:_:_:_:into:keep:)] {
            multiply(a.matrix(2, 3), .asIs, b.matrix(3, 2), .asIs, c.matrix(2, 2), 0)
            #expect(c.array == [5, 7, 14, 13])
            multiply(a.matrix(2, 3), .asIs, b.matrix(2, 3), .transposed, c.matrix(2, 2), 1)
            #expect(c.array == [12, 15, 30, 27])
        }
    }

    /// Broken twins: the comparison notices each.
    @Test func comparisonNoticesMistakes() {
        func isNoticed(_ multiply: @escaping Multiply) -> Bool {
            Self.products().filter { $0.m * $0.n * $0.k < 100_000 }.contains { !Self.isRight($0, multiply) }
        }
        #expect(isNoticed { GEMM.reference($0, $1, $2, $3, into: $4, keep: 0 * $5) })
        #expect(isNoticed { GEMM.reference($0, $1, $2, $3, into: $4, keep: 1 + 0 * $5) })
        // Shapes read the other way round, with the same number of floats.
        #expect(isNoticed { a, opA, b, opB, c, keep in
            let other = opB == .asIs ? GEMM.Operand.transposed : .asIs
            GEMM.reference(a, opA, MatrixView(b.base, rows: b.columns, columns: b.rows), other, into: c, keep: keep)
        })
        // Strides of A overlooked.
        #expect(isNoticed { a, opA, b, opB, c, keep in
            GEMM.reference(MatrixView(a.base, rows: a.rows, columns: a.columns), opA, b, opB, into: c, keep: keep)
        })
        // What was in C multiplied by nought, not forgotten.
        #expect(isNoticed { a, opA, b, opB, c, keep in
            let old = (0..<c.rows).flatMap { i in (0..<c.columns).map { c.row(i)[$0] } }
            GEMM.reference(a, opA, b, opB, into: c, keep: 0)
            for i in 0..<c.rows { for j in 0..<c.columns { c.row(i)[j] += keep * old[i * c.columns + j] } }
        })
        // A gap overwritten.
        #expect(isNoticed { a, opA, b, opB, c, keep in
            GEMM.reference(a, opA, b, opB, into: c, keep: keep)
            if c.stride > c.columns && c.rows > 0 { c.row(0)[c.columns] = 0 }
        })
        // One term of each sum left out.
        #expect(isNoticed { a, opA, b, opB, c, keep in
            guard b.rows > 1, opA == .asIs, opB == .asIs else { return GEMM.reference(a, opA, b, opB, into: c, keep: keep) }
            let fewer = 0..<b.rows - 1
            GEMM.reference(a.columns(fewer), opA, b.rows(fewer), opB, into: c, keep: keep)
        })
    }
}
