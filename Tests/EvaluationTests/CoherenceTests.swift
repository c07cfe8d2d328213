import Corpora
import Foundation
import Kernels
import TestSupport
import Testing
@testable import Evaluation

/// A corpus of the given sequences of item numbers.
func corpus(_ sequences: [[UInt32]], vocabulary: Int) -> Corpus {
    Corpus(
        vocabulary: Vocabulary(items: (0..<vocabulary).map { "item \($0)" }, counts: Array(repeating: 1, count: vocabulary)),
        users: sequences.indices.map { "user \($0)" }, items: Array(sequences.joined()),
        starts: sequences.reduce(into: [0]) { $0.append($0.last! + $1.count) })
}

@Suite struct CoherenceTests {
    @Test func `Counts make the value that the formula says`() {
        // p(i) = 1/2, p(j) = 1/4, p(i, j) = 1/8: independent.
        #expect(npmi(both: 1, first: 4, second: 2, places: 8) == 0)
        // p(i) = p(j) = p(i, j) = 1/4: never apart.
        #expect(npmi(both: 2, first: 2, second: 2, places: 8) == 1)
        #expect(npmi(both: 0, first: 4, second: 4, places: 8) == -1)
        #expect(npmi(both: 8, first: 8, second: 8, places: 8) == 1)
        // p(i) = p(j) = 1/2, p(i, j) = 3/8: log(3/2) / log(8/3).
        let expected: Double = log(1.5) / log(8.0 / 3)
        #expect(abs(npmi(both: 3, first: 4, second: 4, places: 8) - expected) < 1e-15)
    }

    @Test func `Whole sequences are counted by hand`() throws {
        let sequences = corpus([[0, 1, 0], [0, 1, 2], [2, 2], [0, 3], [], [1], [2, 3, 0], [3], [3]], vocabulary: 5)
        // Eight sequences with items; 0 is in four, 1 in three, 2 in three, 3 in four.
        // Together: 0-1 in two, 0-2 in two, 1-2 in one.
        let pair01: Double = log(0.25 / (0.5 * 0.375)) / -log(0.25)
        let pair02 = pair01
        let pair12: Double = log(0.125 / (0.375 * 0.375)) / -log(0.125)
        let mean = (pair01 + pair02 + pair12) / 3
        let values = npmi(topItems: [[0, 1], [2, 0, 1, 1], [0, 4], [3], [], [2, 2]], corpus: sequences, window: nil)
        #expect(abs(try #require(values[0]) - pair01) < 1e-15)
        #expect(abs(try #require(values[1]) - mean) < 1e-15)
        #expect(values[2] == -1)
        #expect(values[3] == nil && values[4] == nil && values[5] == nil)
    }

    @Test func `Windows are counted by hand`() throws {
        // Windows of two: 01 12 20 and 3 alone. Items: 0 in two of four, 1 in two; together in one.
        let values = npmi(topItems: [[0, 1], [0, 3]], corpus: corpus([[0, 1, 2, 0], [3]], vocabulary: 4), window: 2)
        // p(0, 1) = 1/4 = p(0) p(1).
        #expect(values[0] == 0)
        #expect(values[1] == -1)
    }

    private struct Known: Decodable {
        struct Case: Decodable {
            let window: Int
            let topics: [[UInt32]]
            let values: [Double]
        }

        let items: Int
        let sequences: [[UInt32]]
        let cases: [Case]
    }

    @Test func `gensim finds the same`() throws {
        let known = try Golden.load("coherence", as: Known.self)
        let log = corpus(known.sequences, vocabulary: known.items)
        for found in known.cases {
            let values = npmi(topItems: found.topics, corpus: log, window: found.window)
            for (value, expected) in zip(values, found.values) { #expect(abs(try #require(value) - expected) < 1e-8) }
            // The twin: a window of another width is another measure.
            let wider = npmi(topItems: found.topics, corpus: log, window: found.window + 1)
            #expect(zip(wider, found.values).contains { abs(($0 ?? 0) - $1) > 1e-4 })
        }
        #expect(meanCoherence([0.5, nil, -0.25]) == 0.125)
        #expect(meanCoherence([nil, nil]) == nil && meanCoherence([]) == nil)
    }

    /// As if they had not been: those around them are next to each other.
    @Test func `Unknown items are left out`() {
        let known = corpus([[0, 1, 2, 0], [3, 1]], vocabulary: 4)
        let log = Corpus(
            vocabulary: known.vocabulary, users: known.users, items: [0, 4, 1, 2, 5, 5, 0, 4, 3, 1], starts: [0, 7, 10], unknown: ["new", "newer"])
        let topics: [[UInt32]] = [[0, 1], [0, 1, 2], [1, 3], [2, 3]], windows: [Int?] = [nil, 2, 3]
        for window in windows { #expect(npmi(topItems: topics, corpus: log, window: window) == npmi(topItems: topics, corpus: known, window: window)) }
        // The twin: an item of the vocabulary in the place of an unknown one makes a difference.
        let other = corpus([[0, 3, 1, 2, 0], [3, 1]], vocabulary: 4)
        #expect(npmi(topItems: topics, corpus: other, window: 2) != npmi(topItems: topics, corpus: known, window: 2))
    }

    @Test func `An empty corpus has no coherence`() {
        #expect(npmi(topItems: [[0, 1]], corpus: corpus([], vocabulary: 2), window: nil) == [nil])
        #expect(npmi(topItems: [[0, 1]], corpus: corpus([[], []], vocabulary: 2), window: 3) == [nil])
    }

    /// Every place is written out as a set of items.
    private func naive(_ topItems: [[UInt32]], _ sequences: [[UInt32]], window: Int?) -> [Double?] {
        var places: [Set<UInt32>] = []
        for sequence in sequences where !sequence.isEmpty {
            let width = min(window ?? sequence.count, sequence.count)
            for start in 0...(sequence.count - width) { places.append(Set(sequence[start..<start + width])) }
        }
        func share(_ items: UInt32...) -> Double { Double(places.count { $0.isSuperset(of: items) }) / Double(places.count) }
        return topItems.map { items in
            var values: [Double] = []
            let distinct = Set(items).sorted()
            for i in distinct {
                for j in distinct where i < j {
                    let both = share(i, j)
                    values.append(both == 0 ? -1 : both == 1 ? 1 : log(both / share(i) / share(j)) / -log(both))
                }
            }
            return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
    }

    @Test(arguments: [nil, 1, 2, 3, 7, 20, 1000] as [Int?])
    func `Fast counts are those of the naive way`(window: Int?) throws {
        var random = RandomStream(seed: 5, purpose: .other)
        for _ in 0..<8 {
            let vocabulary = 12
            let sequences = (0..<25).map { _ in
                (0..<random.index(below: 30)).map { _ in UInt32(min(random.index(below: vocabulary), random.index(below: vocabulary))) }
            }
            let topItems = (0..<9).map { _ in (0..<random.index(below: 7)).map { _ in UInt32(random.index(below: vocabulary)) } }
            let fast = npmi(topItems: topItems, corpus: corpus(sequences, vocabulary: vocabulary), window: window)
            for (value, expected) in zip(fast, naive(topItems, sequences, window: window)) {
                #expect((value == nil) == (expected == nil))
                if let value, let expected { #expect(abs(value - expected) < 1e-12) }
            }
        }
    }
}
