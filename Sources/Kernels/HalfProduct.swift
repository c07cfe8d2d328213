#if canImport(COneDNN)
import COneDNN
#endif

/// Products of one matrix with many: C ← A·B, or C + A·B, with A (rows, k) and B (k, n) rounded to ``BFloat16`` and sums in single
/// precision.
///
/// B is rounded and laid out once for all products with it; A is rounded as it comes. All that a product needs is made beforehand:
/// primitives for 128 rows, 64, and so on to 1, which any number of rows is put together from, and for each seat its working memory.
/// Products at the same time take different seats.
public final class HalfProduct: @unchecked Sendable {
    /// Whether the processor multiplies ``BFloat16``, and oneDNN may use that. Where not, no product can be made.
    public static var isAvailable: Bool {
        #if canImport(COneDNN)
        lla_has_bf16() != 0
        #else
        false
        #endif
    }

    /// k: columns of A, and rows of B.
    public let terms: Int
    /// n: columns of B and of C.
    public let columns: Int
    #if canImport(COneDNN)
    private let steps: [HalfPrimitive]  // of most rows first
    /// B as it came, rounded; and as products read it.
    private let plain: HalfMatrix  // (k, n), or (n, k) where it is given transposed
    private let packed: PrimitiveMemory
    private let packing: PrimitiveCall
    private var seats: [Seat] = []
    #endif
    private let right: GEMM.Operand

    /// The most rows of A that are multiplied at once: they and what they become stay in the cache.
    static let mostRows = 128

    /// - Parameters:
    ///   - terms, columns: k and n, at least 1.
    ///   - right: how B will be given.
    ///   - keep: 0 where products overwrite C, 1 where they are added to it.
    public init(terms: Int, columns: Int, right: GEMM.Operand, keep: Float) {
        precondition(terms >= 1 && columns >= 1 && (keep == 0 || keep == 1), "there is something to multiply")
        precondition(Self.isAvailable, "whoever asks for bf16 has asked whether it is there")
        self.terms = terms
        self.columns = columns
        self.right = right
        #if canImport(COneDNN)
        // Over the zeros behind A's rows and below B's.
        let padded = HalfMatrix.stride(columns: terms)
        let most = HalfPrimitive(
            rows: Self.mostRows, columns: columns, terms: padded, left: .rows(stride: padded), right: .packed, stride: columns,
            keep: keep)
        var steps = [most]
        while let last = steps.last, last.rows > 1 {
            steps.append(
                HalfPrimitive(
                    rows: last.rows / 2, columns: columns, terms: padded, left: .rows(stride: padded), right: .packedAs(most),
                    stride: columns, keep: keep))
        }
        self.steps = steps
        plain = right == .asIs ? HalfMatrix(rows: padded, columns: columns) : HalfMatrix(rows: columns, columns: terms)
        packed = PrimitiveMemory(dnnl_query_weights_md, of: most)
        packing = PrimitiveCall(
            HalfPrimitive(packing: plain, right, terms: padded, columns: columns, for: most), from: plain, to: packed)
        #endif
    }

    /// Bytes that a product of this size and its seats own.
    public static func bytes(terms: Int, columns: Int, seats: Int) -> Int {
        let padded = HalfMatrix.stride(columns: terms)
        return 2 * (2 * padded * HalfMatrix.stride(columns: columns) + seats * mostRows * padded)
    }

    /// Makes room for so many products at the same time; never less than there was. Not while one is under way.
    public func reserve(seats count: Int) {
        #if canImport(COneDNN)
        while seats.count < count { seats.append(Seat(steps, terms: terms, right: packed)) }
        #endif
    }

    /// Takes on another B, (k, n) or transposed. Not while a product is under way.
    public func pack(_ b: MatrixView) {
        precondition(right == .asIs ? b.rows == terms && b.columns == columns : b.rows == columns && b.columns == terms, "shapes must agree")
        #if canImport(COneDNN)
        plain.take(b)
        packing.run()
        #endif
    }

    /// C (rows, n), without gaps between rows, ← A (rows, k) · B, or C + A·B.
    ///
    /// - Parameter seat: below the number reserved, and nobody else's meanwhile.
    public func multiply(_ a: MatrixView, into c: MatrixView, seat: Int) {
        precondition(
            a.columns == terms && c.columns == columns && a.rows == c.rows && (c.stride == columns || c.rows <= 1), "shapes must agree")
        #if canImport(COneDNN)
        let seat = seats[seat]
        var first = 0
        for (place, step) in steps.enumerated() {
            while a.rows - first >= step.rows {
                seat.rows.take(a.rows(first..<first + step.rows))
                seat.calls[place].run(into: c.row(first))
                first += step.rows
            }
        }
        #endif
    }

    /// The textbook product of rounded operands, which products are compared with.
    public static func reference(
        _ a: MatrixView, _ opA: GEMM.Operand, _ b: MatrixView, _ opB: GEMM.Operand, into c: MatrixView, keep: Float
    ) {
        func rounded(_ matrix: MatrixView) -> FloatBuffer {
            FloatBuffer((0..<matrix.rows).flatMap { r in (0..<matrix.columns).map { BFloat16.float(BFloat16.reference(matrix.row(r)[$0])) } })
        }
        let left = rounded(a), right = rounded(b)
        GEMM.reference(left.matrix(a.rows, a.columns), opA, right.matrix(b.rows, b.columns), opB, into: c, keep: keep)
    }

    #if canImport(COneDNN)
    /// What one product at a time works with.
    private final class Seat {
        let rows: HalfMatrix  // (most rows, k)
        let calls: [PrimitiveCall]  // one a step

        init(_ steps: [HalfPrimitive], terms: Int, right: PrimitiveMemory) {
            let rows = HalfMatrix(rows: HalfProduct.mostRows, columns: terms)
            self.rows = rows
            let scratch = HalfPrimitive.scratch(for: steps)
            calls = steps.map { PrimitiveCall($0, left: rows, right: right, scratch: scratch) }
        }
    }
    #endif
}
