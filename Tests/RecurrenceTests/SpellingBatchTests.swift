import Kernels
import Testing
@testable import Recurrence

/// Words as a tree, against sets of what they begin with.
@Suite struct SpellingBatchTests {
    /// What a batch has wrong about some words that are read from one end.
    private func faults(_ batch: SpellingBatch, of words: [(place: Int, word: [Int32])], from direction: SpellingReader.Direction) -> [String] {
        var faults: [String] = []
        let read = words.map { (place: $0.place, word: direction == .forward ? $0.word : $0.word.reversed()) }
        // What stands on the way from a node to the first step.
        func spelled(_ node: Int) -> [Int32] {
            (batch.parents[node] < 0 ? [] : spelled(Int(batch.parents[node]))) + [batch.characters[node]]
        }
        let prefixes = Set(read.flatMap { word in word.word.indices.map { Array(word.word[...$0]) } })
        if batch.length != prefixes.count || Set((0..<batch.length).map(spelled)) != prefixes { faults.append("nodes") }
        if batch.places != words.map(\.place) { faults.append("places") }
        if batch.steps.flatMap({ $0 }) != Array(0..<batch.length) { faults.append("steps") }
        for (step, nodes) in batch.steps.enumerated() {
            if nodes.isEmpty || nodes.contains(where: { spelled($0).count != step + 1 }) { faults.append("step \(step)") }
            let ends = batch.ends[batch.endings[step]]
            if ends.contains(where: { !nodes.contains($0.node) }) { faults.append("endings \(step)") }
        }
        if batch.endings.flatMap({ $0 }) != Array(batch.ends.indices) { faults.append("endings") }
        let ends = Dictionary(uniqueKeysWithValues: batch.ends.map { ($0.place, spelled($0.node)) })
        if ends != Dictionary(uniqueKeysWithValues: read.filter { !$0.word.isEmpty }.map { ($0.place, $0.word) }) { faults.append("ends") }
        return faults
    }

    private func words(_ count: Int, seed: UInt64) -> [(place: Int, word: [Int32])] {
        var random = RandomStream(seed: seed, purpose: .other)
        return (0..<count).map { n in (n * 3 % 101, (0..<random.index(below: 7)).map { _ in Int32(random.index(below: 3)) }) }
    }

    @Test(arguments: [0, 1, 2, 30, 100]) func sharesWhatBeginsAlike(count: Int) {
        for direction in [SpellingReader.Direction.forward, .backward] {
            for seed in 0..<5 as Range<UInt64> {
                let some = words(count, seed: seed)
                #expect(faults(SpellingBatch(some, direction), of: some, from: direction) == [])
            }
        }
    }

    /// Broken twins: words that are read from the other end, and a word more.
    @Test func otherWordsAreFound() {
        let some = words(30, seed: 1)
        #expect(faults(SpellingBatch(some, .forward), of: some, from: .backward).contains("nodes"))
        #expect(faults(SpellingBatch(some + [(200, [0, 1, 2, 0])], .forward), of: some, from: .forward).contains("ends"))
    }

    /// Sums over the words of a node are made in the order of places, whatever that in which words are given.
    @Test func endsAreInOrder() {
        let batch = SpellingBatch([(4, [1]), (2, [1]), (3, [1, 1]), (1, [1])], .forward)
        #expect(batch.ends.map(\.place) == [1, 2, 4, 3] && batch.ends.map(\.node) == [0, 0, 0, 1])
    }

    @Test func whatABlockReadsIsCounted() {
        let spelling = Spelling(["cart", "card", "art", "part", ""])
        // c a r t d, a r t, p a r t from the front; t r a c, d r a c, p behind t r a from the end.
        #expect(spelling.charactersRead(names: 4, pieces: 1) == 5 + 3 + 4 + 4 + 4 + 1)
        // By twos: c a r t d and t r a c d r a c; a r t p a r t and t r a p.
        #expect(spelling.charactersRead(names: 4, pieces: 2) == 5 + 8 + 7 + 4)
        #expect(spelling.charactersRead(names: 99, pieces: 1) == spelling.charactersRead(names: 5, pieces: 1))
    }
}
