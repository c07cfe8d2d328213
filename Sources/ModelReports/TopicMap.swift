import StochasticEM

/// Topics as points of a plane: the two directions in which their embeddings differ most (principal components).
///
/// Of the K centred embeddings X (K, H) the smaller of XᵀX and XXᵀ is taken apart; both give the same points, X·v = √λ·u.
struct TopicMap {
    /// Two coordinates a topic, in [−1, 1]; the larger extent fills the range.
    let points: [[Double]]

    init(_ embeddings: [[Float]]) {
        let k = embeddings.count, h = embeddings.first?.count ?? 0
        guard k > 1, h > 0 else {
            points = embeddings.map { _ in [0, 0] }
            return
        }
        let centre = (0..<h).map { j in embeddings.reduce(0.0) { $0 + Double($1[j]) } / Double(k) }
        let rows = embeddings.map { row in (0..<h).map { Double(row[$0]) - centre[$0] } }
        let axes = h <= k ? TopicMap.bySpread(rows) : TopicMap.byLikeness(rows)
        // An axis may point either way: towards the side with the outermost topic, so that pages repeat.
        let turned = axes.map { axis -> [Double] in
            let outermost = axis.max { abs($0) < abs($1) } ?? 0
            return outermost < 0 ? axis.map { -$0 } : axis
        }
        let extent = turned.joined().map(abs).max() ?? 0
        points = (0..<k).map { topic in turned.map { extent > 0 ? ($0[topic] / extent).brief : 0 } }
    }

    /// X·v for the two foremost eigenvectors v of XᵀX (H, H).
    private static func bySpread(_ rows: [[Double]]) -> [[Double]] {
        let h = rows[0].count
        var spread = [Double](repeating: 0, count: h * h)
        for row in rows { for i in 0..<h { for j in 0..<h { spread[i * h + j] += row[i] * row[j] } } }
        let vectors = Orthonormal.eigen(spread, h).vectors
        return (0..<2).map { axis in
            rows.map { row in axis < h ? (0..<h).reduce(0) { $0 + row[$1] * vectors[$1 * h + axis] } : 0 }
        }
    }

    /// √λ·u for the two foremost eigenvectors u of XXᵀ (K, K).
    private static func byLikeness(_ rows: [[Double]]) -> [[Double]] {
        let k = rows.count
        var likeness = [Double](repeating: 0, count: k * k)
        for i in 0..<k { for j in 0...i {
            let product = zip(rows[i], rows[j]).reduce(0) { $0 + $1.0 * $1.1 }
            likeness[i * k + j] = product
            likeness[j * k + i] = product
        } }
        let (values, vectors) = Orthonormal.eigen(likeness, k)
        return (0..<2).map { axis in (0..<k).map { max(values[axis], 0).squareRoot() * vectors[$0 * k + axis] } }
    }
}
