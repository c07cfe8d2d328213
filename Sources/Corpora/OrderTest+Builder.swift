extension OrderTest {
    /// Of the observed heads of a log, as far as a vocabulary knows their items: the figures of `Corpus.training`, without a corpus.
    ///
    /// - Parameter numbers: by item of the builder's table, its number in the vocabulary.
    init(_ builder: borrowing CorpusBuilder, numbers: [UInt32?], vocabulary: Int, seed: UInt32 = 1) {
        let lengths = (0..<builder.count).map { builder.observedHead(of: $0, numbers: numbers).count }
        let sequences = lengths.indices.filter { lengths[$0] > 0 }
        self.init(lengths: sequences.map { lengths[$0] }, vocabulary: vocabulary, seed: seed) { builder.observedHead(of: sequences[$0], numbers: numbers) }
    }
}
