import Corpora
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How well the foremost items of each topic go together: the mean normalised pointwise mutual information of their pairs.
///
///     NPMI(i, j) = log(p(i, j) / (p(i) p(j))) / −log p(i, j)
///
/// (Bouma, GSCL 2009; as a measure of topics: Röder, Both and Hinneburg, WSDM 2015.) Between −1, for items that are never
/// seen together, and 1, for items that are never seen apart; 0 for independent ones. p(·) is the share of places in
/// which items occur: of sequences, or of windows (Paper-notes E7). The corpus need not be the one that topics were learned from; events of items
/// that its vocabulary lacks are left out, so that those around them are next to each other.
///
/// An item that the corpus does not hold is never seen together with any other: −1. Items that are in every place
/// tell nothing apart from each other and count as 1, the limit.
///
/// - Parameters:
///   - topItems: of each topic, as numbers below V; repetitions are ignored.
///   - window: items to a window, which slides by one item along a sequence and never past its ends (a sequence no longer
///     than it is one window); nil for whole sequences.
/// - Returns: a value a topic; nil for topics with fewer than two items, or where the corpus is empty.
public func npmi(topItems: [[UInt32]], corpus: Corpus, window: Int?) -> [Double?] {
    precondition(window.map { $0 > 0 } ?? true, "a window holds at least one item")
    let pairs = ItemPairs(topItems: topItems, vocabulary: corpus.vocabulary.count)
    let counts = CooccurrenceCounts(pairs: pairs, corpus: corpus.withoutUnknown, window: window)
    return topItems.map { items in
        let numbers = pairs.indices(of: items)
        guard numbers.count > 1, counts.places > 0 else { return nil }
        var sum = 0.0, n = 0.0
        for (place, i) in numbers.enumerated() {
            for j in numbers[(place + 1)...] {
                sum += npmi(
                    both: counts.pairs[pairs.pair(i, j)], first: counts.items[i], second: counts.items[j], places: counts.places)
                n += 1
            }
        }
        return sum / n
    }
}

/// The mean over topics that have a coherence, each counting alike; nil where none has.
public func meanCoherence(_ values: [Double?]) -> Double? {
    let known = values.compactMap(\.self)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
}

/// The normalised pointwise mutual information of two items that were seen in so many places of so many.
func npmi(both: Int, first: Int, second: Int, places: Int) -> Double {
    if both == 0 { return -1 }
    if both == places { return 1 }
    let all = Double(places), joint = Double(both) / all
    return log(joint / (Double(first) / all * (Double(second) / all))) / -log(joint)
}
