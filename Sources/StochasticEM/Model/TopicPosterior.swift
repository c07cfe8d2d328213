/// γ(k) = θ(k) φ_wk / α, with α = Σ_k θ(k) φ_wk = p(w | past): which topic an event had (Paper-notes S1).
package struct TopicPosterior {
    private let model: LatentLSTMAllocation
    /// (K), of the event that was seen last; sums to 1.
    package private(set) var gamma: [Double]

    package init(_ model: LatentLSTMAllocation) {
        self.model = model
        gamma = [Double](repeating: 0, count: model.counts.topics)
    }

    /// Takes an event and what was expected before it, θ (K).
    ///
    /// - Returns: α.
    package mutating func update(_ theta: UnsafePointer<Float>, item: Int) -> Double {
        let counts = model.counts, row = counts.row(item), inverse = counts.inverseTotals, beta = counts.concentration
        var sum = 0.0
        for k in gamma.indices {
            gamma[k] = Double(theta[k]) * Double((Float(row[k]) + beta) * inverse[k])
            sum += gamma[k]
        }
        // An item that no topic can explain says nothing about the topic.
        guard sum >= .leastNormalMagnitude else {
            for k in gamma.indices { gamma[k] = Double(theta[k]) }
            return 0
        }
        for k in gamma.indices { gamma[k] /= sum }
        return sum
    }

    /// arg max γ; the lower number among equals.
    package var foremost: Int {
        var best = 0
        for k in gamma.indices where gamma[k] > gamma[best] { best = k }
        return best
    }
}
