import Corpora
import Kernels
import StochasticEM
@testable import ModelReports

/// What a model says of an event, asked anew: the oracle of what reads a log in one pass.
enum PrefixReading {
    /// θ behind the first events of a sequence, by reading these alone.
    ///
    /// - Parameter unknown: names of the items from V on.
    static func expected(_ model: LatentLSTMAllocation, behind items: [UInt32], user: String, unknown: [String] = []) -> [Float] {
        let corpus = Corpus(vocabulary: model.vocabulary, users: [user], items: items, starts: [0, items.count], unknown: unknown)
        let found = ByShard { [Float]() }
        model.readTopics(corpus, first: [items.count], shards: Shards(threads: 1)) { seen in
            let row = seen.proportions.row(0)
            found.with(shard: 0) { $0 = (0..<model.counts.topics).map { row[$0] } }
        }
        return found.inOrder[0]
    }

    /// γ from θ, by its definition.
    static func posterior(_ model: LatentLSTMAllocation, _ theta: [Float], _ item: UInt32) -> (gamma: [Double], alpha: Double) {
        let weights = theta.indices.map { Double(theta[$0]) * Double(model.itemDistribution(of: $0)[Int(item)]) }
        let alpha = weights.reduce(0, +)
        return (weights.map { $0 / alpha }, alpha)
    }
}
