/// Numbered sequences: what the models read.
///
/// All events lie in one array, sequence after sequence, 4 bytes each. An event whose
/// item is not in the vocabulary is left out, and counted; or it stays, if so asked (`UnknownItems`), for a model to read: none has to explain it.
public struct Corpus: Sendable {
    /// Names and counts of the V items that `items` numbers.
    public let vocabulary: Vocabulary
    /// The external name of each sequence: a user, a session, a document.
    public let users: [String]
    /// Item numbers of all sequences, end to end.
    ///
    /// Those from V on are no items of the vocabulary: V + u is that called `unknown[u]`.
    public let items: [UInt32]
    /// Names of the items that stay although the vocabulary does not hold them.
    public let unknown: [String]
    /// For each event whether it came right behind one whose item is unknown, whatever became of that; empty where nobody asked.
    public let followsUnknown: [Bool]
    /// Sequence n is `items[starts[n] ..< starts[n + 1]]`; N + 1 values.
    public let starts: [Int]
    /// How many events at the head of each sequence a model may be fitted on; those behind them are for scoring.
    public let observed: [Int]
    /// Events behind the observed part whose item is not in the vocabulary.
    public let outOfVocabulary: Int
    /// What the logs said of time; nil where no log was read, or where this is a part of what was.
    public let times: LogTimes?

    /// Traps unless `starts` runs from 0 to the number of events in N + 1 values.
    ///
    /// - Parameter observed: N values; nil where everything is observed.
    public init(
        vocabulary: Vocabulary, users: [String], items: [UInt32], starts: [Int], observed: [Int]? = nil,
        outOfVocabulary: Int = 0, unknown: [String] = [], followsUnknown: [Bool] = [], times: LogTimes? = nil
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
        self.times = times
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

    /// Events whose item the vocabulary holds.
    public var knownEvents: Int { unknown.isEmpty ? items.count : items.count { $0 < vocabulary.count } }

    /// Those of sequence `n`.
    public func knownLength(_ n: Int) -> Int { unknown.isEmpty ? length(n) : range(n).count(where: isKnown) }

    /// The observed heads alone, of every sequence that has a known item there: what a model is fitted on. Unknown items have the numbers of
    /// their first coming there, lest anything behind the heads be told from them.
    public var training: Corpus {
        let heads = (0..<count).filter { n in range(n).prefix(observed[n]).contains(where: isKnown) }
        return selecting(heads, length: { observed[$0] }).withItsUnknown
    }

    /// The same without events whose item the vocabulary does not hold, as if they had not been; itself where there are none.
    public var withoutUnknown: Corpus {
        if unknown.isEmpty { return self }
        let kept = items.indices.filter(isKnown)
        var ends = [0]
        ends.reserveCapacity(count + 1)
        for n in 0..<count { ends.append(ends[n] + knownLength(n)) }
        return Corpus(
            vocabulary: vocabulary, users: users, items: kept.map { items[$0] }, starts: ends,
            observed: (0..<count).map { range($0).prefix(observed[$0]).count(where: isKnown) }, outOfVocabulary: outOfVocabulary,
            followsUnknown: followsUnknown.isEmpty ? [] : kept.map { followsUnknown[$0] })
    }

    /// The same, whose unknown items are those alone that it has, numbered in the order of their first coming.
    public var withItsUnknown: Corpus {
        if unknown.isEmpty { return self }
        let v = UInt32(vocabulary.count)
        var numbers = [UInt32?](repeating: nil, count: unknown.count), names: [String] = []
        let renumbered = items.map { item -> UInt32 in
            guard item >= v else { return item }
            if let number = numbers[Int(item - v)] { return number }
            let number = v + UInt32(names.count)
            numbers[Int(item - v)] = number
            names.append(unknown[Int(item - v)])
            return number
        }
        return Corpus(
            vocabulary: vocabulary, users: users, items: renumbered, starts: starts, observed: observed, outOfVocabulary: outOfVocabulary,
            unknown: names, followsUnknown: followsUnknown)
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
