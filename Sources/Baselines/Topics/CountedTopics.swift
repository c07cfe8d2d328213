import Corpora
import Kernels
import StochasticEM
import TopicSampling

/// Topics that are counts of items: how they are made, kept and read, whatever model counts them.
enum CountedTopics {
    /// n_wk, in the folder of a model.
    private static let tensor = "item_topic_counts"

    /// Bytes of the counts, and of φ both ways.
    static func memory(items: Int, topics: Int) -> Int { items * topics * 3 * 4 }

    /// n_wk of events whose topics are known.
    static func counts(_ corpus: Corpus, of topics: [Int32], topics k: Int, beta: Double) throws -> TopicCounts {
        let counts = try TopicCounts(items: corpus.vocabulary.count, topics: k, concentration: Float(beta))
        for (event, item) in corpus.items.enumerated() { counts.add(item: Int(item), to: Int(topics[event])) }
        counts.refreshInverseTotals()
        return counts
    }

    static func tensor(_ counts: TopicCounts) -> Tensor { Tensor(tensor, shape: [counts.items, counts.topics], counts.snapshot()) }

    /// - Throws: `ModelFolderError`.
    static func counts(_ tensors: StoredTensors, items: Int, topics: Int, beta: Double) throws -> TopicCounts {
        let table = try tensors.counts(tensor, items, topics)
        var totals = [Int](repeating: 0, count: topics)
        for (place, count) in table.enumerated() { totals[place % topics] += Int(count) }
        guard totals.allSatisfy({ $0 <= Int(Int32.max) }) else { throw tensors.damaged("a topic has more events than can be counted") }
        let counts = try TopicCounts(items: items, topics: topics, concentration: Float(beta))
        counts.restore(table)
        return counts
    }
}

extension TopicItems {
    /// φ of counts as they are now.
    init(_ counts: TopicCounts) {
        self.init(counts.itemProbabilities(shards: .allProcessors), items: counts.items, topics: counts.topics)
    }
}

extension BaselineSettings {
    func checkTopics(_ topics: Int) throws { try check(topics >= 1 && topics <= 1_000_000, "topics", topics, "choose between 1 and 1,000,000") }

    func checkStopping(validation: Double, patience: Int) throws {
        try check(validation >= 0 && validation <= 0.5, "validation", validation, "choose a share from 0 to 0.5")
        try check(patience >= 1, "patience", patience, "choose at least 1")
    }

    func checkConcentration(_ name: String, _ value: Double) throws {
        try check(value > 1e-30 && value < 1e6, name, value, "choose a positive number; 0.01 to 1 are usual")
    }
}
