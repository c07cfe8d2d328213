extension LatentLSTMAllocation {
    /// The learned embedding of each topic, as the softmax layer has it: K rows of H.
    ///
    /// Two topics are close here when the same histories call for them. The input's embeddings say what a topic calls for; on
    /// small logs they stay near the random values they started from, and trees made of them are noise.
    public var topicEmbeddings: [[Float]] { network.output.embeddings }

    /// φ_k of one topic, (V).
    public func itemDistribution(of topic: Int) -> [Float] {
        let inverse = counts.inverseTotals[topic], beta = counts.concentration
        return (0..<vocabulary.count).map { (Float(counts.count($0, topic)) + beta) * inverse }
    }
}
