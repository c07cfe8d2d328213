extension LatentLSTMAllocation {
    /// The learned embedding of each topic, as the network reads it: K rows of E, or of 4H where gate contributions are learned themselves.
    public var topicEmbeddings: [[Float]] { network.input.embeddings }

    /// φ_k of one topic, (V).
    public func itemDistribution(of topic: Int) -> [Float] {
        let inverse = counts.inverseTotals[topic], beta = counts.concentration
        return (0..<vocabulary.count).map { (Float(counts.count($0, topic)) + beta) * inverse }
    }
}
