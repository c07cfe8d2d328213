extension LatentLSTMAllocation {
    /// The learned embedding of each topic, as the softmax layer has it: K rows of H.
    ///
    /// Two topics are close here when the same histories call for them. The input's embeddings say what a topic calls for; on
    /// small logs they stay near the random values they started from, and trees made of them are noise.
    public var topicEmbeddings: [[Float]] { network.output.embeddings }

    /// Whether a topic has no event: it holds no items, and says nothing.
    public func isEmpty(_ topic: Int) -> Bool { counts.totals[topic] == 0 }

    /// φ_k of one topic where it holds items (n_wk > 0), and 0 elsewhere; (V). What it is called by is drawn from this.
    public func heldDistribution(of topic: Int) -> [Float] {
        var phi = itemDistribution(of: topic)
        for item in phi.indices where counts.count(item, topic) == 0 { phi[item] = 0 }
        return phi
    }

    /// φ_k of one topic, (V).
    public func itemDistribution(of topic: Int) -> [Float] {
        let inverse = counts.inverseTotals[topic], beta = counts.concentration
        return (0..<vocabulary.count).map { (Float(counts.count($0, topic)) + beta) * inverse }
    }
}
