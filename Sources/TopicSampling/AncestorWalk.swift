/// A walk along the copies of a sequence, to the one whose share of Σα holds a given point.
///
/// Copies without a positive α have no share, and are never arrived at. Points are to ascend from call to call.
struct AncestorWalk {
    /// Σα over the copies that have a positive one.
    let total: Double
    private let alphas: UnsafePointer<Float>  // (P)
    private let last: Int
    private var copy = -1
    private var reached = 0.0

    /// At the first copy; nil where no copy has a positive α, or their sum is infinite (something broke upstream).
    init?(_ alphas: UnsafePointer<Float>, count: Int) {
        var total = 0.0, last = -1
        for copy in 0..<count where alphas[copy] > 0 {
            total += Double(alphas[copy])
            last = copy
        }
        guard last >= 0, total.isFinite else { return nil }
        self.total = total
        self.alphas = alphas
        self.last = last
    }

    /// The copy whose share holds `point`, which lies in [0, `total`).
    mutating func advance(to point: Double) -> Int32 {
        // `last` bounds the walk: rounding must not carry it to a copy of weight zero.
        while copy < last && (copy < 0 || reached <= point) {
            copy += 1
            if alphas[copy] > 0 { reached += Double(alphas[copy]) }
        }
        return Int32(copy)
    }
}
