import Corpora
import Kernels
import StochasticEM

/// What `pyLDAvis.prepare` takes, under the names of its arguments: a model seen as if it were LDA's.
///
/// A sequence's proportions are what the model makes of its events: 1/T Σ_t γ_t, with γ_t the posterior of the event's topic given all events
/// up to it, those of unknown items included where the model reads them (Paper-notes S1). Sequences without a known item are left out, for they have none.
///
/// So are topics without events: all of them are one and the same law, from which pyLDAvis can make no map. K is the number of those left, which stand
/// in the order of their numbers; what the sequences had of the others is shared out among them.
public struct LDAvisExport: Encodable, Sendable {
    /// (K): the model's numbers of the topics that are left. No argument of pyLDAvis, and not encoded.
    public let topics: [Int]
    /// (K, V): φ.
    public let topicTermDists: [[Float]]
    /// (N, K), each row summing to 1.
    public let docTopicDists: [[Float]]
    /// (N): T, of the events whose item the model knows.
    public let docLengths: [Int]
    /// (V).
    public let vocab: [String]
    /// (V), in the log.
    public let termFrequency: [Int]

    private enum CodingKeys: CodingKey { case topicTermDists, docTopicDists, docLengths, vocab, termFrequency }

    /// - Parameter log: numbered by the model's vocabulary.
    public init(_ model: LatentLSTMAllocation, log: Corpus, shards: Shards) {
        let k = model.counts.topics, held = (0..<k).filter { !model.isEmpty($0) }
        topics = held
        topicTermDists = held.map { model.itemDistribution(of: $0) }
        vocab = (0..<model.vocabulary.count).map { model.vocabulary.items[$0] }
        var frequency = [Int](repeating: 0, count: model.vocabulary.count)
        for item in log.items where item < frequency.count { frequency[Int(item)] += 1 }
        termFrequency = frequency
        let sums = FloatBuffer(count: log.count * k)
        // All positions but the one behind the last event. A sequence is read by one shard, in its order.
        model.readTopics(log, first: [Int](repeating: 0, count: log.count), shards: shards) { seen in
            var posterior = TopicPosterior(model)
            for row in seen.sequences.indices {
                guard let item = seen.items[row] else { continue }
                _ = posterior.update(seen.proportions.row(row), item: item)
                let sum = sums.base + seen.sequences[row] * k
                for topic in 0..<k { sum[topic] += Float(posterior.gamma[topic]) }
            }
        }
        let lengths = (0..<log.count).map { log.knownLength($0) }, kept = lengths.indices.filter { lengths[$0] > 0 }
        docLengths = kept.map { lengths[$0] }
        docTopicDists = kept.map { n in
            let row = held.map { sums.base[n * k + $0] }, total = row.reduce(0, +)
            return row.map { $0 / total }
        }
    }
}
