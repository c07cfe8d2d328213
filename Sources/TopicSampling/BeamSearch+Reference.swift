#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension BeamSearch {
    /// One survivor, as `reference` tells it.
    public struct Survivor: Equatable, Sendable {
        /// The copy that it goes on from, below P, and the topic that it takes, below K.
        public let ancestor, topic: Int
        /// As `survive` leaves it: relative to the best, and −∞ for one that is left over.
        public let score: Double
    }

    /// The same as `survive`, by writing down all P·K pairs and sorting them: the oracle of the fast version, and how to read it.
    public static func reference(_ candidates: Candidates, scores: [Double]) -> [Survivor] {
        var pairs: [Survivor] = []
        for copy in 0..<candidates.copies {
            let base = base(candidates, copy: copy, score: scores[copy])
            for topic in 0..<candidates.topics where base > -.infinity && candidates.row(copy)[topic] > 0 {
                pairs.append(Survivor(ancestor: copy, topic: topic, score: base + log(Double(candidates.row(copy)[topic]))))
            }
        }
        pairs.sort { ($1.score, $0.ancestor, $0.topic) < ($0.score, $1.ancestor, $1.topic) }
        guard let best = pairs.first else {
            return (0..<candidates.copies).map { Survivor(ancestor: $0, topic: 0, score: scores[$0]) }
        }
        let kept = pairs.prefix(candidates.copies).map {
            Survivor(ancestor: $0.ancestor, topic: $0.topic, score: $0.score - best.score)
        }
        let leftOver = Survivor(ancestor: best.ancestor, topic: best.topic, score: -.infinity)
        return kept + Array(repeating: leftOver, count: candidates.copies - kept.count)
    }
}
