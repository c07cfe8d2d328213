/// The bag of a sequence's items so far, in which older events weigh less:
///
///     c_w ← a c_w + [w_t = w],   x_w = log(1 + c_w)                                                  (Paper-notes B4)
struct ItemHistory: Sendable {
    /// Items that are in it, in the order in which they came first, and their c.
    private(set) var items: [UInt32] = []
    private(set) var weights: [Float] = []
    /// What is lighter is forgotten: x would be as small.
    static let least: Float = 1e-3

    /// - Parameter decay: a, in [0, 1].
    mutating func observe(_ item: Int, decay: Float) {
        var kept = 0, found = false
        for place in items.indices {
            var weight = weights[place] * decay
            if items[place] == UInt32(item) {
                weight += 1
                found = true
            }
            if weight < Self.least { continue }
            (items[kept], weights[kept]) = (items[place], weight)
            kept += 1
        }
        items.removeLast(items.count - kept)
        weights.removeLast(weights.count - kept)
        if found { return }
        items.append(UInt32(item))
        weights.append(1)
    }
}
