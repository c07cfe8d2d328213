import Corpora

/// What LDA's alternating passes do to the law of two topics over the events of a tiny corpus, written down in full: one probability for each
/// of the 2^T states, in which event i has bit i as its topic. The readable form of `LDASampler`.
struct LawOfPasses {
    private let groups: (items: [[Int]], sequences: [[Int]])  // events of each
    private let events: Int
    private let alpha: Double, beta: Double, smoothing: Double
    /// What an event that is judged takes out of the counts of its own topic: 1, or 0 for passes that are wrong.
    private let itself: Double

    init(_ corpus: Corpus, alpha: Double, beta: Double, itself: Double = 1) {
        events = corpus.items.count
        groups.items = (0..<corpus.vocabulary.count).map { item in (0..<corpus.items.count).filter { Int(corpus.items[$0]) == item } }
        groups.sequences = (0..<corpus.count).map { Array(corpus.range($0)) }
        self.alpha = alpha
        self.beta = beta
        self.itself = itself
        smoothing = beta * Double(corpus.vocabulary.count)
    }

    /// After some sweeps from topics at random.
    func law(sweeps: Int) -> [Double] {
        let states = 1 << events
        var law = [Double](repeating: 1 / Double(states), count: states)
        for sweep in 0..<sweeps {
            // In the first sweep every event is asked to stay by its sequence: nothing happens.
            if sweep > 0 { law = pass(law, judges: groups.items, beta, proposers: groups.sequences, alpha) }
            law = pass(law, judges: groups.sequences, alpha, proposers: groups.items, beta)
        }
        return law
    }

    private func pass(_ law: [Double], judges: [[Int]], _ c: Double, proposers: [[Int]], _ d: Double) -> [Double] {
        var after = [Double](repeating: 0, count: law.count)
        for state in law.indices {
            // P(the proposal to event i is topic 1): that of a random event of its group, or any.
            var one = [Double](repeating: 0, count: events)
            for group in proposers {
                for event in group { one[event] = (count(of: 1, in: group, state) + d) / (Double(group.count) + 2 * d) }
            }
            var reached = [state: law[state]]
            for group in judges {
                for event in group {
                    var next: [Int: Double] = [:]
                    for (now, mass) in reached {
                        let old = now >> event & 1, new = 1 - old
                        // n_gk as it is by now, n_k as it was before the pass; the event itself is left out of both.
                        let here = (count(of: old, in: group, now) - itself + c) / (total(of: old, state) - itself + smoothing)
                        let there = (count(of: new, in: group, now) + c) / (total(of: new, state) + smoothing)
                        let move = (new == 1 ? one[event] : 1 - one[event]) * min(1, there / here)
                        next[now ^ 1 << event, default: 0] += mass * move
                        next[now, default: 0] += mass * (1 - move)
                    }
                    reached = next
                }
            }
            for (state, mass) in reached { after[state] += mass }
        }
        return after
    }

    private func count(of topic: Int, in group: [Int], _ state: Int) -> Double {
        Double(group.count { state >> $0 & 1 == topic })
    }

    private func total(of topic: Int, _ state: Int) -> Double { count(of: topic, in: Array(0..<events), state) }
}
