import Testing
@testable import Corpora

@Suite struct TextRowsTests {
    @Test func aDocumentALine() throws {
        let log = try LogFile("The cat's CAT, don't -- sat!\n\n'quoted' end'\n...\n2nd line\r\n", name: "a.txt")
        let rows = try allRows([log.path], layout: LogLayout(format: .text))
        #expect(rows.map(\.item) == ["the", "cat's", "cat", "don't", "sat", "quoted", "end", "2nd", "line"])
        #expect(rows.map(\.user) == ["1", "1", "1", "1", "1", "3", "3", "5", "5"])
        #expect(rows.allSatisfy { $0.time == nil })
    }

    @Test func wordsOfOtherScripts() throws {
        let log = try LogFile("Ärger ÉCOLE—l’été ΣΊΣΥΦΟΣ Москва 東京 naïve²\n", name: "a.txt")
        let rows = try allRows([log.path], layout: LogLayout(format: .text))
        #expect(rows.map(\.item) == ["ärger", "école", "l'été", "σίσυφοσ", "москва", "東京", "naïve²"])
    }

    /// Plain ASCII goes a shorter way; a word with an accent at the end of the line forces the long one.
    @Test func bothWaysCutAlike() throws {
        var random = SplitMix(3)
        let alphabet = Array("aZ9' .,-_'b\"\t")
        for _ in 0..<300 {
            let line = String((0..<30).map { _ in alphabet.randomElement(using: &random) ?? "a" }) + " x"
            let short = try LogFile(line), long = try LogFile(line + " é")
            let layout = LogLayout(format: .text)
            #expect(try allRows([short.path], layout: layout).map(\.item) + ["é"] == allRows([long.path], layout: layout).map(\.item), "\(line)")
        }
    }

    @Test func documentsOfSeveralFilesAreKeptApart() throws {
        let a = try LogFile("one\n"), b = try LogFile("two\n")
        let corpus = try Corpus.read([a.path, b.path], layout: LogLayout(format: .text), options: CorpusOptions(minCount: 1))
        #expect(corpus.users == ["\(a.path):1", "\(b.path):1"])
        #expect(corpus.spelled == [["one"], ["two"]])
    }
}
