import Corpora
import Kernels
import StochasticEM

/// What follows what: the next topic that a model expects given the topic at hand, averaged over a log (Paper-notes E5).
///
///     flow(j, k) = Σ_t γ_t(j) θ_{t+1}(k) / Σ_t γ_t(j)
///
/// with γ_t the topic of event t as far as it is known, and θ_{t+1} what is expected behind it, which knows all of the
/// past and not the topic alone. Topics may be taken together in groups. Events of unknown items have no topic: what is expected
/// behind them goes into no row, and they end a run.
struct TopicFlow {
    /// Groups; topics themselves where there are not too many.
    let groups: Int
    /// Events of known items, and sequences, that were read.
    let events: Int
    let sequences: Int
    /// (groups, groups): Σ_t γ_t(j) θ_{t+1}(k), row-major.
    private(set) var sums: [Double]
    /// Σ_t γ_t(j).
    private(set) var mass: [Double]
    /// Events whose most likely group each is, and the runs that they stand in.
    private(set) var visits: [Int]
    private(set) var runs: [Int]

    /// Events that are enough for averages: of longer logs, sequences are taken at even distances.
    static let mostEvents = 100_000

    /// - Parameters:
    ///   - group: of each topic, below `groups`.
    init(_ log: Corpus, model: LatentLSTMAllocation, group: [Int], groups: Int, shards: Shards) {
        let sample = TopicFlow.sample(log)
        let partial = ByShard { Sums(groups: groups) }
        model.readTopics(sample, first: [Int](repeating: 0, count: sample.count), shards: shards) { seen in
            partial.with(shard: seen.shard) { $0.add(seen, model: model, group: group) }
        }
        self.groups = groups
        events = sample.knownEvents
        sequences = sample.count
        var total = Sums(groups: groups)
        for part in partial.inOrder { total.add(part) }
        (sums, mass, visits, runs) = (total.sums, total.mass, total.visits, total.runs)
    }

    /// Expected next groups, (groups); nil where no event was of the group.
    func next(of group: Int) -> [Double]? {
        guard mass[group] > 0 else { return nil }
        return (0..<groups).map { sums[group * groups + $0] / mass[group] }
    }

    /// Events in a row of one group, on average; nil where none was.
    func meanRun(of group: Int) -> Double? { runs[group] > 0 ? Double(visits[group]) / Double(runs[group]) : nil }

    private static func sample(_ log: Corpus) -> Corpus {
        guard log.items.count > mostEvents else { return log }
        let count = max(1, log.count * mostEvents / log.items.count)
        return log.selecting((0..<count).map { $0 * log.count / count })
    }

    /// What a shard adds up.
    private struct Sums {
        let groups: Int
        var sums: [Double]
        var mass: [Double]
        var visits: [Int]
        var runs: [Int]
        /// Of sequences under way: γ of the last event over groups, without what is next to nothing beside the largest.
        private var last: [Int: [(group: Int, share: Double)]] = [:]
        private var lastVisited: [Int: Int] = [:]
        private static let least = 1e-3

        init(groups: Int) {
            self.groups = groups
            sums = [Double](repeating: 0, count: groups * groups)
            mass = [Double](repeating: 0, count: groups)
            visits = [Int](repeating: 0, count: groups)
            runs = visits
        }

        mutating func add(_ seen: TopicExpectations, model: LatentLSTMAllocation, group: [Int]) {
            var posterior = TopicPosterior(model)
            var expected = [Double](repeating: 0, count: groups), known = expected
            for (row, n) in seen.sequences.enumerated() {
                let theta = seen.proportions.row(row)
                if let before = last.removeValue(forKey: n) {
                    for g in expected.indices { expected[g] = 0 }
                    for (topic, g) in group.enumerated() { expected[g] += Double(theta[topic]) }
                    for (from, share) in before {
                        mass[from] += share
                        for g in 0..<groups { sums[from * groups + g] += share * expected[g] }
                    }
                }
                guard let item = seen.items[row] else {
                    lastVisited[n] = nil
                    continue
                }
                _ = posterior.update(theta, item: item)
                for g in known.indices { known[g] = 0 }
                for (topic, g) in group.enumerated() { known[g] += posterior.gamma[topic] }
                let foremost = known.indices.reduce(0) { known[$1] > known[$0] ? $1 : $0 }
                let kept = known.indices.filter { known[$0] > Sums.least * known[foremost] }
                let total = kept.reduce(0) { $0 + known[$1] }
                last[n] = kept.map { ($0, known[$0] / total) }
                visits[foremost] += 1
                if lastVisited.updateValue(foremost, forKey: n) != foremost { runs[foremost] += 1 }
            }
        }

        mutating func add(_ other: Sums) {
            for i in sums.indices { sums[i] += other.sums[i] }
            for g in 0..<groups {
                mass[g] += other.mass[g]
                visits[g] += other.visits[g]
                runs[g] += other.runs[g]
            }
        }
    }
}
