#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Finds the items that nodes of a tree are called by.
///
/// A topic is called by its most probable items, and so is the root. Any other branch is called by the items that add
/// most to the divergence of its distribution from that of the branch above it,
///
///     score(w) = p(w | branch) · log(p(w | branch) / p(w | parent)),    p(w | branch) ∝ Σ_{k in branch} share_k φ_wk
///
/// which asks an item to be frequent here and rarer beside. Beside what holds nothing all of a branch sets it apart: it is called as the root is.
struct BranchLabels {
    struct Found {
        let item: Int
        let probability: Double
    }

    private let children: [[Int]]
    private let weights: [Double]
    private let vocabulary: Int
    private let length: Int

    /// - Parameters:
    ///   - children: of every node; topics first, children before parents.
    ///   - shares: of the topics.
    init(children: [[Int]], shares: [Double], vocabulary: Int, length: Int) {
        self.children = children
        // A topic that has no share may hold items all the same, and is called by them.
        weights = shares.map { max($0, 1e-9) }
        self.vocabulary = vocabulary
        self.length = max(0, length)
    }

    /// The label of every node, the items that set it apart from the branch above (those of a branch are its label), and whether it holds no
    /// items at all. At most log₂ K + 2 distributions are held at a time.
    func compute(phi: (Int) -> [Float]) -> (labels: [[Found]], contrasts: [[Found]], isEmpty: [Bool]) {
        var labels = [[Found]](repeating: [], count: children.count), contrasts = labels
        var isEmpty = [Bool](repeating: true, count: children.count)
        // Of nodes whose parent is not done yet: Σ share_k φ_wk, (V).
        var masses: [Int: [Double]] = [:]
        for node in heavierSideFirst() {
            if children[node].isEmpty {
                let distribution = phi(node)
                precondition(distribution.count == vocabulary, "one probability an item")
                labels[node] = top { Double(distribution[$0]) } probability: { Double(distribution[$0]) }
                isEmpty[node] = !distribution.contains { $0 > 0 }
                masses[node] = distribution.map { Double($0) * weights[node] }
                continue
            }
            let parts = children[node].map { masses.removeValue(forKey: $0) ?? [] }
            var sum = parts[0]
            for w in sum.indices { sum[w] += parts[1][w] }
            let total = sum.reduce(0, +)
            let isAlone = children[node].contains { isEmpty[$0] }
            for (child, part) in zip(children[node], parts) where !isEmpty[child] {
                contrasts[child] = isAlone ? foremost(part) : distinguishing(part, from: sum, total: total)
                if !children[child].isEmpty { labels[child] = contrasts[child] }
            }
            isEmpty[node] = children[node].allSatisfy { isEmpty[$0] }
            masses[node] = sum
        }
        let root = children.count - 1
        if let sum = masses[root], !children[root].isEmpty, !isEmpty[root] { labels[root] = foremost(sum) }
        return (labels, contrasts, isEmpty)
    }

    /// The most probable of what a node holds, which is something.
    private func foremost(_ mass: [Double]) -> [Found] {
        let total = mass.reduce(0, +)
        return top { mass[$0] / total } probability: { mass[$0] / total }
    }

    private func distinguishing(_ part: [Double], from sum: [Double], total: Double) -> [Found] {
        let partTotal = part.reduce(0, +)
        return top { w, least in
            let here = part[w] / partTotal, above = sum[w] / total
            // log x ≤ x − 1: most items need no logarithm to be turned down.
            let ratio = here / above
            guard here > 0, here * (ratio - 1) > least else { return -.infinity }
            return here * log(ratio)
        } probability: { part[$0] / partTotal }
    }

    private func top(_ score: (Int) -> Double, probability: (Int) -> Double) -> [Found] {
        top({ w, _ in score(w) }, probability: probability)
    }

    /// The items with the highest scores above 0, the highest first, the lower number first among equals.
    ///
    /// - Parameter score: of an item; it is also told the least score that still counts.
    private func top(_ score: (Int, Double) -> Double, probability: (Int) -> Double) -> [Found] {
        var best: [(item: Int, score: Double)] = []
        if length == 0 { return [] }
        for w in 0..<vocabulary {
            let least = best.count == length ? best[length - 1].score : 0
            let value = score(w, least)
            if value > least {
                if best.count == length { best.removeLast() }
                let place = best.firstIndex { $0.score < value } ?? best.count
                best.insert((w, value), at: place)
            }
        }
        return best.map { Found(item: $0.item, probability: probability($0.item)) }
    }

    /// All nodes, children before parents, and the side with more topics before the other: few are then waiting at any time.
    private func heavierSideFirst() -> [Int] {
        var size = [Int](repeating: 1, count: children.count)
        for node in children.indices where !children[node].isEmpty {
            size[node] = children[node].map { size[$0] }.reduce(0, +)
        }
        // Parents first, the heavier side last; then turned round.
        var order: [Int] = [], open = [children.count - 1]
        while let node = open.popLast() {
            order.append(node)
            open.append(contentsOf: children[node].sorted { size[$0] > size[$1] })
        }
        return order.reversed()
    }
}
