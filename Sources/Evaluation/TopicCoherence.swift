import Corpora
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Whether the foremost items of a topic are seen together: normalised pointwise mutual information (Bouma, 2009), over
/// windows of consecutive events as C_NPMI has it (Röder, Both and Hinneburg, 2015).
///
///     npmi(v, w) = log(p(v, w) / (p(v) p(w))) / −log p(v, w)
///
/// p is the share of windows that hold the item, or both: 1 for items that are always together, 0 for items that come
/// independently, −1 for items that never meet.
public struct TopicCoherence: Sendable {
    /// Windows that hold each item that was asked for.
    private var alone: [Int: Int] = [:]
    /// Windows that hold both items of a pair that was asked for.
    private var together: [Pair: Int] = [:]
    private var windows = 0

    private struct Pair: Hashable {
        let low: Int
        let high: Int

        init(_ a: Int, _ b: Int) {
            low = min(a, b)
            high = max(a, b)
        }
    }

    /// - Parameters:
    ///   - topics: the foremost items of each topic.
    ///   - corpus: numbered as the topics are.
    ///   - window: consecutive events of a sequence; a shorter sequence is one window.
    /// - Returns: for each topic the mean over all pairs of its items; nil where it has no two items.
    public static func npmi(of topics: [[Int]], in corpus: Corpus, window: Int = 10) -> [Double?] {
        precondition(window >= 2, "two items meet in a window of at least two events")
        let counts = TopicCoherence(topics, corpus, window: window)
        return topics.map { items in
            let pairs = TopicCoherence.pairs(items)
            return pairs.isEmpty ? nil : pairs.reduce(0) { $0 + counts.npmi($1) } / Double(pairs.count)
        }
    }

    private init(_ topics: [[Int]], _ corpus: Corpus, window: Int) {
        for items in topics {
            for item in items { alone[item] = 0 }
            for pair in TopicCoherence.pairs(items) { together[pair] = 0 }
        }
        var isAsked = [Bool](repeating: false, count: corpus.vocabulary.count)
        for item in alone.keys { isAsked[item] = true }
        // How often each item comes in the window at hand, and which of those asked for are in it.
        var inWindow = [Int](repeating: 0, count: corpus.vocabulary.count), present: [Int] = []
        for n in 0..<corpus.count where corpus.length(n) > 0 {
            let range = corpus.range(n)
            for event in range {
                let item = Int(corpus.items[event])
                if isAsked[item] {
                    inWindow[item] += 1
                    if inWindow[item] == 1 { present.append(item) }
                }
                if event - window >= range.lowerBound { drop(Int(corpus.items[event - window]), &inWindow, &present, isAsked) }
                if event - range.lowerBound >= window - 1 || event == range.upperBound - 1 { count(present) }
            }
            for item in present { inWindow[item] = 0 }
            present.removeAll(keepingCapacity: true)
        }
    }

    private func drop(_ item: Int, _ inWindow: inout [Int], _ present: inout [Int], _ isAsked: [Bool]) {
        guard isAsked[item] else { return }
        inWindow[item] -= 1
        if inWindow[item] == 0 { present.removeAll { $0 == item } }
    }

    private mutating func count(_ present: [Int]) {
        windows += 1
        for (place, item) in present.enumerated() {
            alone[item, default: 0] += 1
            for other in present[..<place] {
                let pair = Pair(item, other)
                if let index = together.index(forKey: pair) { together.values[index] += 1 }
            }
        }
    }

    private func npmi(_ pair: Pair) -> Double {
        let both = together[pair] ?? 0
        guard both > 0, let low = alone[pair.low], let high = alone[pair.high] else { return -1 }
        // In every window: the limit.
        guard both < windows else { return 1 }
        let n = Double(windows)
        return log(Double(both) * n / (Double(low) * Double(high))) / -log(Double(both) / n)
    }

    private static func pairs(_ items: [Int]) -> [Pair] {
        items.indices.flatMap { i in items[..<i].map { Pair($0, items[i]) } }
    }
}
