/// Numbered sequences: what the models read.
///
/// All events lie in one array, sequence after sequence, 4 bytes each. An event whose
/// item is not in the vocabulary is left out, and counted.
public struct Corpus: Sendable {
    /// Names and counts of the V items that `items` numbers.
    public let vocabulary: Vocabulary
    /// The external name of each sequence: a user, a session, a document.
    public let users: [String]
    /// Item numbers of all sequences, end to end.
    public let items: [UInt32]
    /// Sequence n is `items[starts[n] ..< starts[n + 1]]`; N + 1 values.
    public let starts: [Int]
    /// How many events at the head of each sequence a model may be fitted on; those behind them are for scoring.
    public let observed: [Int]
    /// Events behind the observed part that were left out since their item is not in the vocabulary.
    public let outOfVocabulary: Int

    /// Traps unless `starts` runs from 0 to the number of events in N + 1 values.
    ///
    /// - Parameter observed: N values; nil where everything is observed.
    public init(
        vocabulary: Vocabulary, users: [String], items: [UInt32], starts: [Int], observed: [Int]? = nil,
        outOfVocabulary: Int = 0
    ) {
        precondition(starts.count == users.count + 1 && starts.first == 0 && starts.last == items.count,
                     "starts must run from 0 to the number of events, one for each sequence and one for the end")
        self.vocabulary = vocabulary
        self.users = users
        self.items = items
        self.starts = starts
        self.observed = observed ?? (0..<users.count).map { starts[$0 + 1] - starts[$0] }
        self.outOfVocabulary = outOfVocabulary
    }

    /// N.
    public var count: Int { users.count }

    /// The events of sequence `n`, as positions in `items`.
    public func range(_ n: Int) -> Range<Int> { starts[n]..<starts[n + 1] }

    /// Item numbers of sequence `n`; indices are positions in `items`.
    public func sequence(_ n: Int) -> ArraySlice<UInt32> { items[range(n)] }

    /// Events of sequence `n`, observed or not.
    public func length(_ n: Int) -> Int { starts[n + 1] - starts[n] }

    /// The observed heads alone, of every sequence that has one: what a model is fitted on.
    public var training: Corpus {
        selecting((0..<count).filter { observed[$0] > 0 }, length: { observed[$0] })
    }

    /// The given sequences, whole, in the given order.
    public func selecting(_ sequences: [Int]) -> Corpus {
        selecting(sequences, length: length)
    }

    private func selecting(_ sequences: [Int], length: (Int) -> Int) -> Corpus {
        var kept: [UInt32] = [], ends = [0]
        kept.reserveCapacity(sequences.reduce(0) { $0 + length($1) })
        ends.reserveCapacity(sequences.count + 1)
        for n in sequences {
            kept.append(contentsOf: items[starts[n]..<starts[n] + length(n)])
            ends.append(kept.count)
        }
        return Corpus(
            vocabulary: vocabulary, users: sequences.map { users[$0] }, items: kept, starts: ends,
            observed: sequences.map { min(observed[$0], length($0)) })
    }
}
