/// Sums and combinations of whole rows.
public enum VectorMath {
    /// y ← y + a·x, `count` floats.
    @inlinable
    public static func add(
        _ x: UnsafePointer<Float>, times a: Float = 1, to y: UnsafeMutablePointer<Float>, count: Int
    ) {
        var i = 0
        while i + 16 <= count {
            y.setLanes(i, y.lanes(i) + a * x.lanes(i))
            i += 16
        }
        while i < count {
            y[i] += a * x[i]
            i += 1
        }
    }

    /// z_i ← x_i y_i, `count` floats; z may be x or y.
    @inlinable
    public static func multiply(
        _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, into z: UnsafeMutablePointer<Float>, count: Int
    ) {
        var i = 0
        while i + 16 <= count {
            z.setLanes(i, x.lanes(i) * y.lanes(i))
            i += 16
        }
        while i < count {
            z[i] = x[i] * y[i]
            i += 1
        }
    }

    /// Σ x_i², accumulated in Double a sixteen-float chunk at a time.
    @inlinable
    public static func sumOfSquares(_ x: UnsafePointer<Float>, count: Int) -> Double {
        var total = SIMD16<Double>.zero
        var i = 0
        while i + 16 <= count {
            let v = SIMD16<Double>(x.lanes(i))
            total += v * v
            i += 16
        }
        var sum = total.sum()
        while i < count {
            sum += Double(x[i]) * Double(x[i])
            i += 1
        }
        return sum
    }

    /// Σ_i x_i y_i in single precision.
    @inlinable
    public static func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int) -> Float {
        var total = Lanes16()
        var i = 0
        while i + 16 <= count {
            total += x.lanes(i) * y.lanes(i)
            i += 16
        }
        var sum = total.sum()
        while i < count {
            sum += x[i] * y[i]
            i += 1
        }
        return sum
    }

    /// B (columns×rows) ← Aᵀ, by tiles that stay in the cache.
    public static func transpose(_ a: MatrixView, into b: MatrixView) {
        precondition(a.rows == b.columns && a.columns == b.rows, "shapes must agree")
        let tile = 32
        for top in stride(from: 0, to: a.rows, by: tile) {
            for left in stride(from: 0, to: a.columns, by: tile) {
                for i in top..<min(top + tile, a.rows) {
                    let row = a.row(i)
                    for j in left..<min(left + tile, a.columns) { b.row(j)[i] = row[j] }
                }
            }
        }
    }
}
