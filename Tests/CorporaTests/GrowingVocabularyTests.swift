import Testing
@testable import Corpora

/// Logs that are read under a vocabulary that grows.
@Suite struct GrowingVocabularyTests {
    /// Old items keep their numbers however rare they are; new ones come behind, the most frequent first, ties by appearance.
    @Test func newItemsComeBehind() throws {
        let old = Vocabulary(items: ["b", "a", "gone"], counts: [9, 7, 5])
        let rows = ["a", "x", "y", "z", "y", "z", "b", "rare", "z", "x"]
        let log = try LogFile("user\titem\n" + rows.map { "u\t\($0)\n" }.joined())
        let corpus = try Corpus.read([log.path], extending: old, options: CorpusOptions(minCount: 2))
        #expect(corpus.vocabulary.items == ["b", "a", "gone", "z", "x", "y"])
        #expect(corpus.vocabulary.counts == [10, 8, 5, 3, 2, 2])
        #expect(corpus.items == [1, 4, 5, 3, 5, 3, 0, 3, 4])
    }

    /// Nothing is learned of what is to be scored: not that an item is there, nor how often.
    @Test func whatIsScoredIsNotLookedAt() throws {
        let old = Vocabulary(items: ["a"], counts: [4])
        let log = try LogFile("user\titem\n" + (0..<3).map { "u\($0)\ta\nu\($0)\ta\nu\($0)\tnew\nu\($0)\ta\n" }.joined())
        let corpus = try Corpus.read([log.path], extending: old, options: CorpusOptions(minCount: 1, observe: 0.5))
        #expect(corpus.vocabulary == Vocabulary(items: ["a"], counts: [10]))
        #expect(corpus.outOfVocabulary == 3)
    }

    /// Beside the two other ways to read: with no items to begin with, and with all of them.
    @Test func agreesWithTheOtherWaysToRead() throws {
        let log = try LogFile("user\titem\n" + (0..<200).map { "u\($0 / 10)\ti\($0 * $0 % 23)\n" }.joined())
        let options = try CorpusOptions(minCount: 3)
        let alone = try Corpus.read([log.path], options: options)
        let grown = try Corpus.read([log.path], extending: Vocabulary(items: [], counts: []), options: options)
        #expect(grown.vocabulary == alone.vocabulary && grown.items == alone.items)
        let again = try Corpus.read([log.path], extending: alone.vocabulary, options: options)
        #expect(again.items == alone.items && again.vocabulary.counts == alone.vocabulary.counts.map { 2 * $0 })
    }

    /// A log of strangers alone that are too rare leaves nothing, which is no error here.
    @Test func nothingNeedBeNew() throws {
        let log = try LogFile("user\titem\nu\tx\n")
        let corpus = try Corpus.read([log.path], extending: Vocabulary(items: ["a"], counts: [4]))
        #expect(corpus.vocabulary == Vocabulary(items: ["a"], counts: [4]) && corpus.items.isEmpty)
    }
}
