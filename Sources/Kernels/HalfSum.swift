#if canImport(COneDNN)
import COneDNN
#endif

/// Sums over many rows: C (m, n) ← Aᵀ·B with A (rows, m) and B (rows, n), both rounded to ``BFloat16`` as they come, and sums in single
/// precision. One at a time; all that it needs is made beforehand.
public final class HalfSum: @unchecked Sendable {
    /// Rows of A and of B, over which is summed.
    public let rows: Int
    /// n.
    public let right: Int
    #if canImport(COneDNN)
    private let lefts, rights: HalfMatrix  // (panel, m), (panel, n)
    /// The first panel, those behind it, and what is left for the last.
    private let first: PrimitiveCall
    private let next, last: PrimitiveCall?
    private let panel: Int
    #endif

    /// The most rows that are summed over at once.
    static let mostRows = 1024

    /// - Parameters:
    ///   - rows: of A and B, at least 1.
    ///   - left, right: m and n, at least 1.
    ///   - stride: floats from one row of C to the next.
    public init(rows: Int, left m: Int, right n: Int, stride: Int) {
        precondition(rows >= 1 && m >= 1 && n >= 1 && stride >= n, "there is something to sum")
        precondition(HalfProduct.isAvailable, "whoever asks for bf16 has asked whether it is there")
        self.rows = rows
        self.right = n
        #if canImport(COneDNN)
        let panel = min(rows, Self.mostRows), rest = rows % panel
        let left = HalfMatrix(rows: panel, columns: m), right = HalfMatrix(rows: panel, columns: n)
        func primitive(_ terms: Int, keep: Float) -> HalfPrimitive {
            HalfPrimitive(
                rows: m, columns: n, terms: terms, left: .columns(stride: left.stride), right: .rows(stride: right.stride), stride: stride,
                keep: keep)
        }
        let first = primitive(panel, keep: 0)
        let next = rows >= 2 * panel ? primitive(panel, keep: 1) : nil, last = rest > 0 ? primitive(rest, keep: 1) : nil
        let scratch = HalfPrimitive.scratch(for: [first, next, last].compactMap { $0 })
        func call(_ primitive: HalfPrimitive) -> PrimitiveCall {
            PrimitiveCall(
                primitive, left: left, right: PrimitiveMemory(dnnl_query_weights_md, of: primitive, over: right), scratch: scratch)
        }
        self.first = call(first)
        self.next = next.map(call)
        self.last = last.map(call)
        (lefts, rights, self.panel) = (left, right, panel)
        #endif
    }

    /// Bytes that a sum of this size owns.
    public static func bytes(rows: Int, left m: Int, right n: Int) -> Int {
        2 * min(rows, mostRows) * (HalfMatrix.stride(columns: m) + HalfMatrix.stride(columns: n))
    }

    /// C ← Aᵀ·B.
    public func sum(_ a: MatrixView, _ b: MatrixView, into c: MatrixView) {
        precondition(a.rows == rows && b.rows == rows, "shapes must agree")
        #if canImport(COneDNN)
        precondition(c.rows == lefts.columns && c.columns == right, "shapes must agree")
        var start = 0
        while start < rows {
            let part = start..<min(start + panel, rows)
            lefts.take(a.rows(part))
            rights.take(b.rows(part))
            let call = start == 0 ? first : part.count == panel ? next : last
            call?.run(into: c.base)
            start = part.upperBound
        }
        #endif
    }
}
