extension VectorMath {
    /// How far below the largest a logit counts: e^-64 of the largest share is still a normal number.
    @usableFromInline static let softmaxReach: Float = 64

    /// y ← softmax(y), `count` floats, in place. No share is zero, whatever the logits; with an infinite one, or one that is no number, some share is none.
    public static func softmax(_ y: UnsafeMutablePointer<Float>, count: Int) {
        if count == 0 { return }
        var top = y[0]
        let whole = count / 16 * 16
        if whole > 0 {
            var tops = y.lanes(0)
            for i in stride(from: 16, to: whole, by: 16) { tops = pointwiseMax(tops, y.lanes(i)) }
            top = tops.max()
        }
        for i in whole..<count { top = max(top, y[i]) }
        let least = Lanes16(repeating: -softmaxReach)
        var sums = Lanes16.zero
        for i in stride(from: 0, to: count, by: 16) {
            let x = y.lanes(i, count: count - i) - top
            // Compared so that what is no number stays none.
            y.setLanes(i, Elementwise.exp(x.replacing(with: least, where: x .< least)), count: count - i)
            sums += y.lanes(i, count: count - i)
        }
        let scale = 1 / sums.sum()
        for i in stride(from: 0, to: count, by: 16) { y.setLanes(i, y.lanes(i, count: count - i) * scale, count: count - i) }
    }
}
