/// A learned topic and the true one that it was paired with.
public struct TopicMatch: Sendable, Equatable {
    /// Row of the learned topic, below K.
    public let learned: Int
    /// Row of the true topic, below K'.
    public let truth: Int
    /// ½ Σ_w |φ_w,learned - φ_w,truth|: 0 for equal distributions, 1 for disjoint ones.
    public let totalVariation: Double
}

/// Pairs learned topics with true ones: the closest pair first, then the closest among those left.
/// Ties go to the lower learned number, then to the lower true one.
///
/// - Parameters:
///   - learned: (K, V), row-major, each row a distribution.
///   - truth: (K', V), likewise; K' need not be K.
///   - items: V.
/// - Returns: min(K, K') pairs, the closest first.
public func greedyMatching(learned: [Double], truth: [Double], items: Int) -> [TopicMatch] {
    precondition(items > 0 && learned.count % items == 0 && truth.count % items == 0, "topics must be rows of V items")
    let learnedCount = learned.count / items, truthCount = truth.count / items
    var pairs: [TopicMatch] = []
    pairs.reserveCapacity(learnedCount * truthCount)
    for k in 0..<learnedCount {
        for j in 0..<truthCount {
            var sum = 0.0
            for w in 0..<items { sum += abs(learned[k * items + w] - truth[j * items + w]) }
            pairs.append(TopicMatch(learned: k, truth: j, totalVariation: sum / 2))
        }
    }
    pairs.sort { ($0.totalVariation, $0.learned, $0.truth) < ($1.totalVariation, $1.learned, $1.truth) }

    var learnedTaken = [Bool](repeating: false, count: learnedCount)
    var truthTaken = [Bool](repeating: false, count: truthCount)
    return pairs.filter { pair in
        if learnedTaken[pair.learned] || truthTaken[pair.truth] { return false }
        learnedTaken[pair.learned] = true
        truthTaken[pair.truth] = true
        return true
    }
}
