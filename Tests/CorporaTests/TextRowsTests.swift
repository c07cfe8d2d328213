import Testing
import TestSupport
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

    /// What cannot be seen divides no words: joiners inside them are kept, for they change letters; other signs of format are left out.
    @Test func whatCannotBeSeenDividesNoWords() throws {
        let line = "\u{0DC1}\u{0DCA}\u{200D}\u{0DBB}\u{0DD3} co\u{AD}operate \u{0645}\u{06CC}\u{200C}\u{062E}\u{0648}\u{0627}\u{0647}\u{0645} "
            + "a\u{200D} \u{200D}b c\u{200D}\u{200C}d e\u{200B}f g\u{2060}h \u{200E}i\u{200F} don\u{AD}\u{2019}\u{AD}t k\u{200D}'l m'\u{200D}n o'\u{AD} p 👩\u{200D}👧\n"
        let log = try LogFile(line, name: "a.txt")
        #expect(try allRows([log.path], layout: LogLayout(format: .text)).map(\.item).map { Array($0.utf8) } == [
            "\u{0DC1}\u{0DCA}\u{200D}\u{0DBB}\u{0DD3}", "cooperate", "\u{0645}\u{06CC}\u{200C}\u{062E}\u{0648}\u{0627}\u{0647}\u{0645}", "a", "b", "c\u{200D}\u{200C}d", "e", "f",
            "gh", "i", "don't", "k'l", "m'\u{200D}n", "o", "p",
        ].map { Array($0.utf8) })
    }

    /// A line of joiners takes as long as one of letters: this would take hours if each looked for what follows.
    @Test func manyJoinersTakeNoTime() throws {
        let log = try LogFile("a" + String(repeating: "\u{200D}", count: 2_000_000) + "b a" + String(repeating: "\u{200D}", count: 2_000_000), name: "a.txt")
        #expect(try allRows([log.path], layout: LogLayout(format: .text)).map(\.item.utf8.count) == [6_000_002, 1])
    }

    /// Against words cut from Strings, scalar by scalar, of texts with scalars of one to four bytes, and apostrophes and signs of format wherever
    /// they can stand.
    @Test func wordsAreThoseOfTheText() throws {
        func isWord(_ scalar: Unicode.Scalar) -> Bool {
            let category = "\(scalar.properties.generalCategory)".lowercased()
            return category.contains("letter") || category.contains("number") || category.hasSuffix("mark")
        }
        func words(of line: String) -> [String] {
            let joiners = "\u{200C}\u{200D}".unicodeScalars
            let scalars = Array(line.unicodeScalars).filter { $0.properties.generalCategory != .format || joiners.contains($0) || $0 == "\u{200B}" }
            var found = [""]
            for (at, scalar) in scalars.enumerated() {
                let isInside = found.last != "" && scalars[(at + 1)...].first { !joiners.contains($0) }.map(isWord) == true
                if isWord(scalar) {
                    found[found.count - 1] += scalar.properties.lowercaseMapping
                } else if joiners.contains(scalar) {
                    if isInside { found[found.count - 1].unicodeScalars.append(scalar) }
                } else if "'\u{2019}".unicodeScalars.contains(scalar), isInside {
                    found[found.count - 1] += "'"
                } else if found.last != "" {
                    found.append("")
                }
            }
            return found.filter { $0 != "" }
        }
        var random = SplitMix(3), seen = 0
        let alphabet = Array("a\u{AD}\u{200D}\u{200C}\u{200B}\u{2060}\u{FEFF}ක\u{0DCA}aZ9' .,-_'b\"\téÉ\u{2019}\u{301}İß²Ж京—\u{1F600}\u{1D400}\u{10FFFF}@[`{/:".unicodeScalars)
        for _ in 0..<700 {
            let line = String(String.UnicodeScalarView((0..<30).map { _ in alphabet.randomElement(using: &random) ?? "a" })) + " x"
            let log = try LogFile(line), expected = words(of: line)
            #expect(try allRows([log.path], layout: LogLayout(format: .text)).map { Array($0.item.utf8) } == expected.map { Array($0.utf8) }, "\(line)")
            seen += expected.count
        }
        #expect(seen > 3000)
    }

    @Test func documentsOfSeveralFilesAreKeptApart() throws {
        let a = try LogFile("one\n"), b = try LogFile("two\n")
        let corpus = try Corpus.read([a.path, b.path], layout: LogLayout(format: .text), options: CorpusOptions(minCount: 1))
        #expect(corpus.users == ["\(a.path):1", "\(b.path):1"])
        #expect(corpus.spelled == [["one"], ["two"]])
    }

    /// As said in words: take the text without stop words as if it had been written so. Documents keep their lines' numbers.
    @Test func stopWordsAreAsIfTheyDidNotStandThere() throws {
        var random = SplitMix(11)
        let alphabet = ["the", "The", "cat", "CAT", "don't", "Don\u{2019}t", "été", "a", "sat", "2nd"], stop: Set = ["the", "don't", "a"]
        for seed in 0..<20 {
            let lines = (0..<30).map { _ in (0..<Int.random(in: 0..<12, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" } }
            func spelled(_ word: String) -> String { word.lowercased().replacing("\u{2019}", with: "'") }
            let kept = lines.map { $0.filter { !stop.contains(spelled($0)) } }
            func text(_ lines: [[String]]) throws -> LogFile { try LogFile(lines.map { $0.joined(separator: " ") + " .\n" }.joined()) }
            let layout = LogLayout(format: .text)
            let words = try CorpusOptions(minCount: 1 + seed % 3, observe: 0.6, dropRepeats: seed % 2 == 0, minLength: seed % 5, stopWords: StopWords(stop))
            let none = try CorpusOptions(minCount: words.minCount, observe: 0.6, dropRepeats: words.dropRepeats, minLength: words.minLength)
            let full = try text(lines), short = try text(kept)
            let corpus = try Corpus.read([full.path], layout: layout, options: words), expected = try Corpus.read([short.path], layout: layout, options: none)
            #expect(corpus.vocabulary == expected.vocabulary && corpus.spelled == expected.spelled && corpus.users == expected.users)
            #expect(corpus.observed == expected.observed && corpus.outOfVocabulary == expected.outOfVocabulary)
            #expect(corpus.users.allSatisfy { Int($0).map { !kept[$0 - 1].isEmpty } ?? false })
            // The twin: without the list it is another corpus.
            #expect(try Corpus.read([full.path], layout: layout, options: none).vocabulary != corpus.vocabulary)

            let inspection = try LogInspection([full.path], layout: layout, options: words)
            #expect(inspection.stopWords == lines.joined().count - kept.joined().count && inspection.rows == kept.joined().count)
            #expect(inspection.report.contains("of all words were stop words"))
            let users = try UserStream([full.path], vocabulary: corpus.vocabulary, layout: layout, options: words)
            for n in 0..<corpus.count { #expect(try users.next()?.items == Array(corpus.sequence(n))) }
        }
    }

    @Test func otherFormatsHaveNoStopWords() throws {
        let log = try LogFile("user\titem\nu\tthe\nu\tcat\n")
        #expect(try Corpus.read([log.path], options: CorpusOptions(minCount: 1, stopWords: .english)).spelled == [["the", "cat"]])
    }

    @Test func aListOfStopWordsIsAWordALine() throws {
        let log = try LogFile("\u{FEFF}The\r\n\n  don\u{2019}t \nÉTÉ\nthe\n")
        #expect(try StopWords(file: log.path).words == ["don't", "the", "été"])
        let bad: [([UInt8], line: Int?, says: String)] = [
            (Array("the\nof a\n".utf8), 2, "2 words in \"of a\""), (Array("the\n\n--\n".utf8), 3, "no word in \"--\""), (Array("\n\n".utf8), nil, "there is no word"),
            ([], nil, "there is no word"), ([0x61, 0x0A, 0xFF, 0x0A], 2, "invalid UTF-8"), ([0x61, 0x0A, 0x00, 0x0A], 2, "NUL"),
            ([0x50, 0x4B, 3, 4, 0], 1, "zip archive"), (Array("o'-clock\n".utf8), 1, "2 words"),
        ]
        for (bytes, line, says) in bad {
            let log = try LogFile(bytes)
            let error = try #require(logError { _ = try StopWords(file: log.path) })
            #expect(error.kind == .badData && error.file == log.path && error.line == line && error.description.contains(says), "\(error)")
            #expect(!error.remedy.isEmpty)
        }
        #expect(logError { _ = try StopWords(file: "/nowhere/words.txt") }?.kind == .noInput)
    }

    /// Each is a word as texts have them, else it would never be met with; and each stands in the list once.
    @Test func theEnglishListIsOfWords() throws {
        let words = StopWords.english.words
        #expect(words.count > 250 && words.count < 400 && words == Set(words).sorted())
        let log = try LogFile(words.joined(separator: "\n"))
        #expect(try StopWords(file: log.path) == .english)
        let text = try LogFile(words.map { $0.uppercased() }.joined(separator: " ") + "\nThe year was 1066")
        let corpus = try Corpus.read([text.path], layout: LogLayout(format: .text), options: CorpusOptions(minCount: 1, stopWords: .english))
        #expect(corpus.spelled == [["year", "1066"]])
    }
}
