/// Numbered sequences: what the models read.
///
/// All events lie in one array, sequence after sequence, 4 bytes each. An event whose
/// item is not in the vocabulary is left out, and counted; or it stays, if so asked (`UnknownItems`).
public struct Corpus: Sendable {
    /// Names and counts of the V items that `items` numbers.
    public let vocabulary: Vocabulary
    /// The external name of each sequence: a user, a session, a document.
    public let users: [String]
    /// Item numbers of all sequences, end to end.
    ///
    /// Those from V on are no items of the vocabulary: V + u is that called `unknown[u]`.
    public let items: [UInt32]
    /// Names of the items that stay although the vocabulary does not hold them; of a log to fit on there are none.
    public let unknown: [String]
    /// For each event whether it came right behind one whose item is unknown, whatever became of that; empty where nobody asked.
    public let followsUnknown: [Bool]
    /// Sequence n is `items[starts[n] ..< starts[n + 1]]`; N + 1 values.
    public let starts: [Int]
    /// How many events at the head of each sequence a model may be fitted on; those behind them are for scoring.
    public let observed: [Int]
    /// Events behind the observed part whose item is not in the vocabulary.
    public let outOfVocabulary: Int

    /// Traps unless `starts` runs from 0 to the number of events in N + 1 values.
    ///
    /// - Parameter observed: N values; nil where everything is observed.
    public init(
        vocabulary: Vocabulary, users: [String], items: [UInt32], starts: [Int], observed: [Int]? = nil,
        outOfVocabulary: Int = 0, unknown: [String] = [], followsUnknown: [Bool] = []
    ) {
        precondition(followsUnknown.isEmpty || followsUnknown.count == items.count, "asked of all events, or of none")
        precondition(starts.count == users.count + 1 && starts.first == 0 && starts.last == items.count,
                     "starts must run from 0 to the number of events, one for each sequence and one for the end")
        self.vocabulary = vocabulary
        self.users = users
        self.items = items
        self.starts = starts
        self.observed = observed ?? (0..<users.count).map { starts[$0 + 1] - starts[$0] }
        self.outOfVocabulary = outOfVocabulary
        self.unknown = unknown
        self.followsUnknown = followsUnknown
    }

    /// N.
    public var count: Int { users.count }

    /// The events of sequence `n`, as positions in `items`.
    public func range(_ n: Int) -> Range<Int> { starts[n]..<starts[n + 1] }

    /// Item numbers of sequence `n`; indices are positions in `items`.
    public func sequence(_ n: Int) -> ArraySlice<UInt32> { items[range(n)] }

    /// Whether the vocabulary holds the item of an event, by its place in `items`.
    public func isKnown(_ event: Int) -> Bool { unknown.isEmpty || items[event] < vocabulary.count }

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
        var kept: [UInt32] = [], ends = [0], follows: [Bool] = []
        kept.reserveCapacity(sequences.reduce(0) { $0 + length($1) })
        ends.reserveCapacity(sequences.count + 1)
        for n in sequences {
            kept.append(contentsOf: items[starts[n]..<starts[n] + length(n)])
            if !followsUnknown.isEmpty { follows.append(contentsOf: followsUnknown[starts[n]..<starts[n] + length(n)]) }
            ends.append(kept.count)
        }
        return Corpus(
            vocabulary: vocabulary, users: sequences.map { users[$0] }, items: kept, starts: ends,
            observed: sequences.map { min(observed[$0], length($0)) }, unknown: unknown, followsUnknown: follows)
    }
}
