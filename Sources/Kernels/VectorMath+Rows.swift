extension VectorMath {
    /// result_i ← Σ_j a_{rows(i) j} x_j, four rows at a time: each waits for memory while the others are multiplied.
    ///
    /// - Parameters:
    ///   - a: (n, width), width a multiple of 16.
    ///   - rows: below n.
    ///   - x: (width).
    @inlinable
    public static func dots(
        _ a: MatrixView, rows: UnsafeBufferPointer<Int32>, _ x: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
    ) {
        var i = 0
        while i + 4 <= rows.count {
            let p = a.row(Int(rows[i])), q = a.row(Int(rows[i + 1])), r = a.row(Int(rows[i + 2])), s = a.row(Int(rows[i + 3]))
            var ofP = Lanes16.zero, ofQ = Lanes16.zero, ofR = Lanes16.zero, ofS = Lanes16.zero
            var j = 0
            while j < a.columns {
                let y = x.lanes(j)
                ofP += p.lanes(j) * y
                ofQ += q.lanes(j) * y
                ofR += r.lanes(j) * y
                ofS += s.lanes(j) * y
                j += 16
            }
            result[i] = ofP.sum()
            result[i + 1] = ofQ.sum()
            result[i + 2] = ofR.sum()
            result[i + 3] = ofS.sum()
            i += 4
        }
        while i < rows.count {
            result[i] = dot(a.row(Int(rows[i])), x, count: a.columns)
            i += 1
        }
    }
}
