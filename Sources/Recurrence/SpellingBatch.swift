/// Some words, the longest first, that are read side by side, a character a step: at each step a run of words from the first on goes on,
/// so that a step is one matrix without gaps.
struct SpellingBatch {
    /// Where each word's state is to go.
    let places: [Int]
    /// How many words have a character at each step.
    let going: [Int]
    private let words: [[Int32]]

    init(_ given: [(place: Int, word: [Int32])]) {
        // Ties by place: whatever the sort, the same batch.
        let sorted = given.sorted { $0.word.count != $1.word.count ? $0.word.count > $1.word.count : $0.place < $1.place }
        places = sorted.map(\.place)
        words = sorted.map(\.word)
        var going = [Int](repeating: 0, count: words.first?.count ?? 0)
        for word in words { if !word.isEmpty { going[word.count - 1] += 1 } }
        for step in going.indices.dropLast().reversed() { going[step] += going[step + 1] }
        self.going = going
    }

    /// Words.
    var count: Int { words.count }

    /// Characters of all words: rows of a tape.
    var length: Int { going.reduce(0, +) }

    /// Words that have their last character at a step; those of no characters, at none.
    func ending(at step: Int) -> Range<Int> { (step + 1 < going.count ? going[step + 1] : 0)..<going[step] }

    func character(_ word: Int, at step: Int, _ direction: SpellingReader.Direction) -> Int32 {
        switch direction {
        case .forward: words[word][step]
        case .backward: words[word][words[word].count - 1 - step]
        }
    }
}
