import Corpora
import Evaluation
import Foundation
import StochasticEM

/// The topics, with enough items of each to order them by any relevance.
struct TopicSection: Encodable {
    struct Topic: Encodable {
        /// Of the tokens that the model was fitted on.
        let share: Double
        /// n_k.
        let total: Int
        /// NPMI on the log; nil where there is none, and for a topic with fewer than two items.
        let coherence: Double?
        /// Candidates for the list of items, and n_wk of each; none of a topic without events.
        let items: [Int]
        let counts: [Int]
    }

    let list: [Topic]
    /// β and V: with them φ_wk = (n_wk + β) / (n_k + Vβ).
    let beta: Double
    let vocabulary: Int
    /// Σ_k n_wk of the items named, by their place.
    let frequencies: [Int]

    /// Items of a topic that a page lists, and those that count for coherence.
    private static let listed = 10
    /// Events within which items are seen together, as C_NPMI has it.
    private static let window = 10
    /// The relevances whose lists are all kept: those between have few others.
    private static let lambdas = [1, 0.8, 0.6, 0.4, 0.2, 0]

    init(_ model: LatentLSTMAllocation, log: Corpus?, names: inout ItemNames) {
        let counts = model.counts, k = counts.topics, beta = Double(counts.concentration)
        // n_w, of all topics.
        let frequency = (0..<model.vocabulary.count).map { item in (0..<k).reduce(0) { $0 + counts.count(item, $1) } }
        let foremost = (0..<k).map { model.topItems(of: $0, count: Self.listed) }
        let coherence: [Double?] = log.map {
            npmi(topItems: foremost.map { $0.map { UInt32($0.item) } }, corpus: $0, window: Self.window)
        } ?? Array(repeating: nil, count: k)
        let shares = model.shares
        var list: [Topic] = []
        for topic in 0..<k {
            let items = Self.candidates(topic, model, frequency: frequency)
            list.append(
                Topic(
                    share: shares[topic].brief, total: Int(counts.totals[topic]), coherence: coherence[topic]?.brief,
                    items: items.map { names.place(of: $0) }, counts: items.map { counts.count($0, topic) }))
        }
        self.list = list
        self.beta = beta
        vocabulary = model.vocabulary.count
        var frequencies = [Int](repeating: 0, count: names.list.count)
        for item in frequency.indices where names.placeTaken(of: item) >= 0 { frequencies[names.placeTaken(of: item)] = frequency[item] }
        self.frequencies = frequencies
    }

    /// The items that any of the relevances lists:
    ///
    ///     relevance(w) = λ log φ_wk + (1 − λ) log(φ_wk / p_w)
    ///
    /// (Sievert and Shirley, ILLVI 2014, equation 1.) Items that the topic does not hold are none of them.
    private static func candidates(_ topic: Int, _ model: LatentLSTMAllocation, frequency: [Int]) -> [Int] {
        let counts = model.counts, beta = Double(counts.concentration)
        let held = (0..<model.vocabulary.count).filter { counts.count($0, topic) > 0 }
        let logPhi = held.map { log(Double(counts.count($0, topic)) + beta) }
        let logFrequency = held.map { log(Double(frequency[$0])) }
        var found: [Int] = [], isFound = Set<Int>()
        for lambda in lambdas {
            // log φ_wk − (1 − λ) log p_w, but for what all items have in common.
            let best = TopK.indices(count: listed, of: held.count) { logPhi[$0] - (1 - lambda) * logFrequency[$0] }
            for place in best where isFound.insert(place).inserted { found.append(held[place]) }
        }
        return found
    }
}
