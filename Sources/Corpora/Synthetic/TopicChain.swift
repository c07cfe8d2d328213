/// A Markov chain whose states each show one topic: more states than topics where the past matters
/// beyond the last topic.
public struct TopicChain: Sendable {
    /// One way out of a state, or into the chain.
    public struct Transition: Sendable, Equatable {
        /// The state that it leads to, below S.
        public let to: Int
        /// Of this way among all that leave the same state.
        public let probability: Double

        /// - Parameter probability: from 0 to 1; those of all ways out of one state sum to 1.
        public init(to: Int, probability: Double) {
            self.to = to
            self.probability = probability
        }
    }

    /// The topic that each state shows; S values.
    public let topic: [UInt32]
    /// Where a sequence starts.
    public let initial: [Transition]
    /// The ways out of state s are `transitions[rowStarts[s] ..< rowStarts[s + 1]]`.
    let transitions: [Transition]
    let rowStarts: [Int]

    /// - Parameters:
    ///   - topic: of each state.
    ///   - initial: probabilities that sum to 1.
    ///   - rows: the ways out of each state; each sums to 1, and leads to states that there are.
    public init(topic: [UInt32], initial: [Transition], rows: (Int) -> [Transition]) {
        var transitions: [Transition] = [], rowStarts = [0]
        rowStarts.reserveCapacity(topic.count + 1)
        for state in topic.indices {
            // A way that is never taken would cost the filter time.
            transitions.append(contentsOf: rows(state).filter { $0.probability > 0 })
            rowStarts.append(transitions.count)
        }
        self.topic = topic
        self.initial = initial
        self.transitions = transitions
        self.rowStarts = rowStarts
        assert(topic.indices.allSatisfy { abs(row($0).reduce(0) { $0 + $1.probability } - 1) < 1e-9 }, "rows must sum to 1")
        assert(abs(initial.reduce(0) { $0 + $1.probability } - 1) < 1e-9, "the start must sum to 1")
    }

    /// S.
    public var states: Int { topic.count }

    /// The ways out of a state.
    public func row(_ state: Int) -> ArraySlice<Transition> {
        transitions[rowStarts[state]..<rowStarts[state + 1]]
    }

    func start(_ random: GSLRandom) -> Int {
        TopicChain.draw(random, from: initial[...])
    }

    func step(_ state: Int, _ random: GSLRandom) -> Int {
        TopicChain.draw(random, from: row(state))
    }

    /// By inversion: rows are short, and the likely ways stand first.
    private static func draw(_ random: GSLRandom, from ways: ArraySlice<Transition>) -> Int {
        var left = random.uniform()
        for way in ways {
            left -= way.probability
            if left < 0 { return way.to }
        }
        // Rounding may leave a sliver of 1 behind the last way.
        return ways[ways.endIndex - 1].to
    }
}

extension TopicChain {
    /// The chain of the given dynamics, with what they leave open drawn at random.
    init(drawnBy random: GSLRandom, settings: SyntheticSettings) {
        switch settings.dynamics {
        case .markov(let successors, let stay):
            self.init(markov: successors, stay: stay, topics: settings.topics, random: random)
        case .tasks(let count, let stay, let interruption, let meanRun):
            let order = random.permutation(settings.topics)
            self.init(
                tasks: (0..<count).map { Array(order[order.count * $0 / count..<order.count * ($0 + 1) / count]) },
                stay: stay, interruption: interruption, meanRun: meanRun)
        }
    }

    /// State = topic. One successor of each topic is the next on a random round through all topics,
    /// so that every topic is reached from every other.
    private init(markov successors: Int, stay: Double, topics: Int, random: GSLRandom) {
        let round = random.permutation(topics)
        var rows = [[Transition]](repeating: [], count: topics)
        for (place, topic) in round.enumerated() {
            let next = (place + 1) % topics
            // Places on the round other than this one and the next, by their distance from here.
            let others = random.choose(successors - 1, below: topics - 2)
            let places = [next] + others.map { (place + 2 + Int($0)) % topics }
            let shares = random.dirichlet(successors, concentration: 1)
            rows[topic] = [Transition(to: topic, probability: stay)]
                + zip(places, shares).map { Transition(to: round[$0], probability: (1 - stay) * $1) }
        }
        self.init(topic: Array(0..<UInt32(topics)), initial: TopicChain.uniform(topics), rows: { rows[$0] })
    }

    static func uniform(_ count: Int) -> [Transition] {
        (0..<count).map { Transition(to: $0, probability: 1 / Double(count)) }
    }
}
