import Testing
@testable import Corpora

/// Names that differ in their bytes, some of which Unicode holds equal.
@Suite struct ExactNameTests {
    /// é as one character and as two; Å in all three ways; a syllable and its letters; short names, and longer ones than fit into a `String` itself.
    private static let names = [
        "", "a", "caf\u{E9}", "cafe\u{301}", "\u{C5}", "A\u{30A}", "\u{212B}", "\u{D55C}", "\u{1112}\u{1161}\u{11AB}",
        "the name of a drink: caf\u{E9}", "the name of a drink: cafe\u{301}",
    ]

    /// Whether names are equal, apart and in order where their bytes are.
    private func goesByBytes<Name: Hashable & Comparable>(_ name: @escaping (String) -> Name) -> Bool {
        let all = Self.names.map { Array($0.utf8) }
        // Of equal bytes, but no copies of each other.
        func made(_ bytes: [UInt8]) -> Name { name(String(decoding: bytes, as: UTF8.self)) }
        for a in all {
            for b in all {
                if (made(a) == made(b)) != (a == b) || (made(a) < made(b)) != a.lexicographicallyPrecedes(b) { return false }
                if a == b, made(a).hashValue != made(b).hashValue { return false }
            }
        }
        return Set(all.map { made($0) }).count == all.count
    }

    @Test func namesGoByTheirBytes() {
        let names = goesByBytes { ExactName($0) }
        #expect(names)
        // The twin: strings go by what they mean.
        let strings = goesByBytes { $0 }
        #expect(!strings)
    }

    @Test func aVocabularyFindsEachByItsBytes() {
        let vocabulary = Vocabulary(items: Self.names, counts: Self.names.map { _ in 1 })
        for (number, name) in Self.names.enumerated() { #expect(vocabulary.number(of: name) == UInt32(number)) }
        #expect(vocabulary.number(of: "\u{E9}") == nil && vocabulary.number(of: "the name of a drink: cafe") == nil)
        #expect(Vocabulary(items: ["caf\u{E9}"], counts: [1]) != Vocabulary(items: ["cafe\u{301}"], counts: [1]))
        // Of equal names the first has the number.
        #expect(Vocabulary(items: ["a", "b", "a"], counts: [1, 1, 1]).number(of: "a") == 0)
    }

    /// Whoever reads a log tells such items apart: all at once, a user at a time, and under a vocabulary that grows.
    @Test func logsAreReadByBytes() throws {
        let (one, other) = ("caf\u{E9}", "cafe\u{301}")
        let log = try LogFile("user\titem\n" + [one, "x", other, "y", other].map { "u\t\($0)\n" }.joined())
        let both = Vocabulary(items: [one, other, "x"], counts: [1, 2, 1])
        #expect(try Corpus.read([log.path], vocabulary: both).items == [0, 2, 1, 1])
        #expect(try UserStream([log.path], vocabulary: both).next()?.items == [0, 2, 1, 1])
        let grown = try Corpus.read([log.path], extending: Vocabulary(items: [one], counts: [5]), options: CorpusOptions(minCount: 1))
        #expect(grown.items == [0, 2, 1, 3, 1] && grown.vocabulary.counts == [6, 2, 1, 1])
        #expect(grown.vocabulary.items.map { Array($0.utf8) } == [one, other, "x", "y"].map { Array($0.utf8) })
        // An item that the vocabulary has in other bytes is unknown.
        let strange = try Corpus.read([log.path], vocabulary: Vocabulary(items: [one], counts: [1]), unknown: .input)
        #expect(strange.items == [0, 1, 2, 3, 2] && strange.unknown.map { Array($0.utf8) } == ["x", other, "y"].map { Array($0.utf8) })
    }

    @Test func stopWordsGoByTheirBytes() throws {
        let (one, other) = ("caf\u{E9}", "cafe\u{301}")
        let list = try LogFile("\(one)\n\(other)\n\(one)\n", name: "words.txt"), text = try LogFile("A \(one) \(other) closed\n", name: "text.txt")
        let words = try StopWords(file: list.path)
        #expect(words.words.map { Array($0.utf8) } == [other, one].map { Array($0.utf8) } && words == StopWords([one, other]))
        let corpus = try Corpus.read([text.path], layout: LogLayout(format: .text), options: CorpusOptions(minCount: 1, stopWords: words))
        #expect(corpus.spelled == [["a", "closed"]])
    }
}
