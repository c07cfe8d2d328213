import Foundation

/// p(w_t | w_1 … w_t-1), exactly, when topics follow a known chain and show known items.
///
/// The belief over states is kept as a list of those that are possible: an item is shown by few
/// topics, so that most of the S states drop out at every step.
struct ForwardFilter {
    private let chain: TopicChain
    private let topics: TrueTopics
    /// φ_wk of the present item by topic, zero elsewhere.
    private var likelihood: [Double]
    /// Possible states, and their probability given all items so far.
    private var possible: [(state: Int, probability: Double)] = []
    /// Σ of joint probabilities by state; all zero between steps.
    private var joint: [Double]
    private var reached: [Int] = []

    init(chain: TopicChain, topics: TrueTopics) {
        self.chain = chain
        self.topics = topics
        likelihood = [Double](repeating: 0, count: topics.count)
        joint = [Double](repeating: 0, count: chain.states)
    }

    /// Forgets the past: the next item is the first of a sequence.
    mutating func reset() {
        possible.removeAll(keepingCapacity: true)
    }

    /// Takes in the next item, and returns its log-probability given those before it; -∞ for one that cannot be.
    ///
    /// After -∞ only `reset()` makes sense.
    mutating func next(_ item: Int) -> Double {
        for entry in topics.topics[item] { likelihood[Int(entry.index)] = entry.probability }
        defer { for entry in topics.topics[item] { likelihood[Int(entry.index)] = 0 } }

        if possible.isEmpty {
            for way in chain.initial { reach(way, from: 1) }
        } else {
            for (state, probability) in possible {
                for index in chain.rowStarts[state]..<chain.rowStarts[state + 1] {
                    reach(chain.transitions[index], from: probability)
                }
            }
        }
        // α_t = Σ_s p(s | past) φ_w,topic(s)
        let alpha = reached.reduce(0) { $0 + joint[$1] }
        possible.removeAll(keepingCapacity: true)
        for state in reached {
            possible.append((state, joint[state] / alpha))
            joint[state] = 0
        }
        reached.removeAll(keepingCapacity: true)
        return log(alpha)
    }

    private mutating func reach(_ way: TopicChain.Transition, from probability: Double) {
        let share = probability * way.probability * likelihood[Int(chain.topic[way.to])]
        if share == 0 { return }
        if joint[way.to] == 0 { reached.append(way.to) }
        joint[way.to] += share
    }
}
