import Testing
import TestSupport
@testable import Corpora

private struct RandomLog {
    var events: [(user: String, seconds: Double?, item: String)] = []
    let file: LogFile

    enum Layout: CaseIterable { case adjacent, interleaved, byTime, untimed }

    /// A log with many time ties, repeats and rare items.
    init(_ layout: Layout, seed: UInt64, fractional: Bool, rows: Int = 800) throws {
        var random = SplitMix(seed)
        for row in 0..<rows {
            let user = layout == .adjacent ? row / 25 : Int.random(in: 0..<30, using: &random)
            let time = layout == .byTime ? Double(row / 3) : Double(Int.random(in: -20...60, using: &random))
            let item = Int.random(in: 0..<6, using: &random) * Int.random(in: 0..<6, using: &random)
            events.append(("u\(user)", layout == .untimed ? nil : time + (fractional ? 0.125 : 0), "i\(item)"))
        }
        let header = layout == .untimed ? "item\tuser\n" : "item\ttime\tuser\n"
        file = try LogFile(header + events.map { event in
            event.item + "\t" + (event.seconds.map { fractional ? "\($0)\t" : "\(Int($0))\t" } ?? "") + event.user + "\n"
        }.joined())
    }
}

@Suite struct CorpusReadingTests {
    @Test(arguments: RandomLog.Layout.allCases, [false, true])
    fileprivate func agreesWithTheReference(layout: RandomLog.Layout, fractional: Bool) throws {
        for seed in 0..<12 {
            let log = try RandomLog(layout, seed: UInt64(seed), fractional: fractional)
            let options = try CorpusOptions(
                minCount: [1, 5, 40][seed % 3], vocabularySize: seed < 6 ? nil : seed - 4, observe: [1, 0.6, 0.05][seed / 3 % 3],
                sessionGap: layout == .untimed || seed % 2 == 0 ? nil : 2.5, dropRepeats: seed % 4 > 1, minLength: [0, 3, 24][seed * 5 / 2 % 3])
            let reference = ReferenceCorpus(log.events, options)
            let firsts = log.events.map(\.item)
            let all = reference.counts
            let order = all.keys.filter { all[$0]! >= options.minCount }
                .sorted { (-all[$0]!, firsts.firstIndex(of: $0)!) < (-all[$1]!, firsts.firstIndex(of: $1)!) }.prefix(options.vocabularySize ?? .max)
            let counts = all.filter { order.contains($0.key) }
            guard !counts.isEmpty else {
                #expect(logError { _ = try Corpus.read([log.file.path], options: options) }?.kind == .badData)
                continue
            }
            let corpus = try Corpus.read([log.file.path], options: options)
            #expect(reference.check(corpus, known: Set(counts.keys)) == [])
            #expect(Dictionary(uniqueKeysWithValues: zip(corpus.vocabulary.items, corpus.vocabulary.counts)) == counts)

            #expect(corpus.vocabulary.items == Array(order))

            // And under a vocabulary that knows half of the items, and one that the log does not hold.
            let known = ["nowhere"] + (0..<26).filter { $0 % 2 == seed % 2 }.map { "i\($0)" }
            let vocabulary = Vocabulary(items: known, counts: known.map { _ in 1 })
            let encoded = try Corpus.read([log.file.path], vocabulary: vocabulary, options: options)
            #expect(reference.check(encoded, known: Set(known)) == [])
            checkUnknown([log.file.path], vocabulary, options)
        }
    }

    /// With all items known nothing is unknown: events that stay are told apart by their numbers, and what follows them is noted in either case.
    private func checkUnknown(_ logs: [String], _ vocabulary: Vocabulary, _ options: CorpusOptions) {
        do {
            let whole = try Corpus.read(logs, options: CorpusOptions(
                minCount: 1, observe: options.observe, sessionGap: options.sessionGap, dropRepeats: options.dropRepeats,
                minLength: options.minLength))
            let kept = try Corpus.read(logs, vocabulary: vocabulary, unknown: .input, options: options)
            let left = try Corpus.read(logs, vocabulary: vocabulary, options: options)
            let v = vocabulary.count
            func name(_ number: UInt32) -> String { Int(number) < v ? vocabulary.items[Int(number)] : kept.unknown[Int(number) - v] }
            // Items that are scored alone are in no vocabulary made from what is observed; with all of it observed there are none.
            if options.observe == 1 {
                #expect(kept.items.map(name) == whole.items.map { whole.vocabulary.items[Int($0)] } && kept.starts == whole.starts)
            }
            #expect(Set(kept.unknown).count == kept.unknown.count && kept.unknown.allSatisfy { vocabulary.number(of: $0) == nil })
            #expect(kept.outOfVocabulary == left.outOfVocabulary && left.unknown.isEmpty)
            var follows: [Bool] = [], known: [UInt32] = [], ends = [0]
            for n in 0..<kept.count {
                for event in kept.range(n) {
                    let isBehind = event > kept.starts[n] && !kept.isKnown(event - 1)
                    #expect(kept.followsUnknown[event] == isBehind)
                    guard kept.isKnown(event) else { continue }
                    known.append(kept.items[event])
                    follows.append(isBehind)
                }
                ends.append(known.count)
            }
            #expect(left.items == known && left.starts == ends && left.followsUnknown == follows)
            // Parts of it know as much.
            let picked = (0..<kept.count).filter { $0 % 3 == 1 }, part = kept.selecting(picked)
            #expect(part.followsUnknown == picked.flatMap { kept.followsUnknown[kept.range($0)] } && part.unknown == kept.unknown)
        } catch {
            Issue.record(error)
        }
    }

    /// Of a log to fit on: with rare items left in, all else is as without them, and what stands behind the observed heads gives them no number.
    @Test func rareItemsStayWhereAsked() throws {
        let rows = ["a", "x", "b", "a", "y", "b", "a", "x", "b", "z", "a", "w"].map { "u\t\($0)" } + ["v\tq", "v\tz", "v\tq", "w\tb", "w\ta", "w\tb"]
        let log = try LogFile("user\titem\n" + rows.joined(separator: "\n") + "\n"), options = try CorpusOptions(minCount: 3, observe: 0.67)
        let kept = try Corpus.read([log.path], unknown: .input, options: options), left = try Corpus.read([log.path], options: options)
        #expect(left.vocabulary.items == ["a", "b"] && kept.vocabulary == left.vocabulary && left.unknown.isEmpty)
        #expect(kept.unknown == ["x", "y", "z", "w", "q"] && kept.items.count == 18 && kept.knownEvents == left.items.count)
        let without = kept.withoutUnknown
        #expect(without.items == left.items && without.starts == left.starts && without.observed == left.observed && without.users == left.users)
        #expect(without.unknown.isEmpty && without.outOfVocabulary == left.outOfVocabulary && left.withoutUnknown.items == left.items)
        // v has nothing known to learn from; u's head is its first eight events, w's the first two.
        let training = kept.training
        #expect(training.users == ["u", "w"] && training.unknown == ["x", "y"])
        #expect(training.items == [0, 2, 1, 0, 3, 1, 0, 2, 1, 0] && training.knownLength(0) == 5 && training.knownLength(1) == 2)
        #expect(training.withoutUnknown.items == left.training.items && training.withoutUnknown.users == left.training.users)
        let grown = try Corpus.read([log.path], extending: Vocabulary(items: ["y"], counts: [2]), unknown: .input, options: options)
        #expect(grown.vocabulary.items == ["y", "a", "b"] && grown.unknown == ["x", "z", "w", "q"])
    }

    @Test func aFitNeverLooksAtWhatIsScored() throws {
        // "b" is frequent, but only behind the observed heads.
        let log = try LogFile("user\titem\n" + (0..<6).map { "u\($0)\ta\nu\($0)\ta\nu\($0)\tb\nu\($0)\tb\n" }.joined())
        let corpus = try Corpus.read([log.path], options: CorpusOptions(observe: 0.5))
        #expect(corpus.vocabulary.items == ["a"])
        #expect(corpus.vocabulary.counts == [12])
        #expect(corpus.outOfVocabulary == 12)
        #expect(corpus.training.items.count == 12)
    }

    @Test func theObservedHeadCountsRawEvents() throws {
        // Five raw events, 0.6 of them are three: "x" and "y" among them are rare and fall away.
        let log = try LogFile("user\titem\nu\tx\nu\ty\nu\ta\nu\ta\nu\ta\nv\ta\nv\ta\n")
        let corpus = try Corpus.read([log.path], options: CorpusOptions(minCount: 2, observe: 0.6))
        #expect(corpus.observed == [1, 1])
        #expect(corpus.starts == [0, 3, 5])
        #expect(corpus.outOfVocabulary == 0)
    }

    /// Items that are counted alike have their place by first appearance, also where the vocabulary is cut.
    @Test func theMostFrequentItemsAreKept() throws {
        let log = try LogFile("user\titem\n" + "dcbbaaece".map { "u\tx\($0)\n" }.joined())
        for (size, items) in [(1, ["xc"]), (2, ["xc", "xb"]), (4, ["xc", "xb", "xa", "xe"]), (5, ["xc", "xb", "xa", "xe", "xd"]), (99, ["xc", "xb", "xa", "xe", "xd"])] {
            let corpus = try Corpus.read([log.path], options: CorpusOptions(minCount: 1, vocabularySize: size))
            #expect(corpus.vocabulary.items == items)
        }
        // What is there already counts towards the size, and stays however large it is.
        let known = Vocabulary(items: ["old", "xd"], counts: [7, 1])
        for (size, items) in [(1, ["old", "xd"]), (2, ["old", "xd"]), (4, ["old", "xd", "xc", "xb"])] {
            let corpus = try Corpus.read([log.path], extending: known, options: CorpusOptions(minCount: 1, vocabularySize: size))
            #expect(corpus.vocabulary.items == items)
        }
    }

    /// Lengths are told before rare items fall away, and after repeats do.
    @Test func shortSequencesAreLeftOut() throws {
        let log = try LogFile("user\titem\nu\tx\nu\ty\nu\ta\nv\ta\nv\ta\nw\ta\nw\ta\nw\tb\n")
        let three = try Corpus.read([log.path], options: CorpusOptions(minCount: 2, minLength: 3))
        #expect(three.users == ["u", "w"] && three.spelled == [["a"], ["a", "a"]])
        let changing = try Corpus.read([log.path], options: CorpusOptions(minCount: 2, dropRepeats: true, minLength: 2))
        #expect(changing.users == ["u", "w"] && changing.spelled == [["a"], ["a"]])
        // Items of a sequence that is left out are not counted either.
        #expect(changing.vocabulary.counts == [2])
        let error = logError { _ = try Corpus.read([log.path], options: CorpusOptions(minLength: 4)) }
        #expect(error?.kind == .badData && error?.file == log.path && error?.description.contains("no sequence has 4 events") == true)
        #expect(error?.remedy == "lower --min-length")
    }

    @Test func aUserOfUnknownItemsIsACase() throws {
        let log = try LogFile("user\titem\nu\tx\nv\ta\nw\tx\nw\ty\n")
        let corpus = try Corpus.read([log.path], vocabulary: Vocabulary(items: ["a"], counts: [1]), options: CorpusOptions(observe: 0.5))
        #expect(corpus.users == ["u", "v", "w"])
        #expect(corpus.spelled == [[], ["a"], []])
        #expect(corpus.observed == [0, 1, 0])
        #expect(corpus.outOfVocabulary == 1)
        #expect(corpus.training.users == ["v"])
    }

    @Test func severalLogsAreOne() throws {
        let a = try LogFile("user\titem\ttime\nu\ta\t10\nv\tb\t3\n"), b = try LogFile("time,user,item\n5,u,c\n", name: "b.csv")
        let c = try LogFile(#"{"user":"v","item":"d","time":"1970-01-01T00:00:01Z"}"#, name: "c.jsonl")
        let corpus = try Corpus.read([a.path, b.path, c.path], options: CorpusOptions(minCount: 1))
        #expect(corpus.users == ["u", "v"])
        #expect(corpus.spelled == [["c", "a"], ["d", "b"]])
    }

    @Test func aTimeColumnCanBeLeftAside() throws {
        let log = try LogFile("user\titem\ttime\nu\ta\t9\nu\tb\tnever\nu\tc\t3\n")
        let corpus = try Corpus.read([log.path], layout: LogLayout(time: .fileOrder), options: CorpusOptions(minCount: 1))
        #expect(corpus.spelled == [["a", "b", "c"]])
    }

    /// More events than a segment of a column holds, with users interleaved; times get fractions near the end.
    @Test func pagesAndWideningKeepTheOrder() throws {
        let rows = 600_000, users = 7
        var text = "user\ttime\titem\n"
        for row in 0..<rows { text += "\(row % users)\t\(rows - row)\(row > rows - 3 ? ".5" : "")\t\(row % 1000)\n" }
        let log = try LogFile(text)
        let corpus = try Corpus.read([log.path], options: CorpusOptions(minCount: 1))
        #expect(corpus.count == users)
        for n in 0..<users {
            // Time runs against the file.
            let expected = stride(from: n, to: rows, by: users).reversed().map { "\($0 % 1000)" }
            #expect(corpus.sequence(n).map { corpus.vocabulary.items[Int($0)] } == expected)
        }
    }
}

@Suite struct CorpusOptionsTests {
    @Test(arguments: [(0.6, 5, 3), (0.6, 1, 1), (0.6, 2, 1), (1, 7, 7), (0.01, 10, 1), (0.6, 0, 0)])
    func observes(share: Double, length: Int, expected: Int) throws {
        #expect(try CorpusOptions(observe: share).observed(ofLength: length) == expected)
    }

    /// Against integers: shares that a `Double` cannot be are those that were typed, at every length that a sequence can have.
    @Test(arguments: [(0.6, 3, 5), (0.7, 7, 10), (0.58, 29, 50), (0.35, 7, 20), (0.29, 29, 100), (1, 1, 1)])
    func aShareIsTheOneThatWasTyped(share: Double, over: Int, under: Int) {
        var wrong: [Int] = [], naive = 0
        for length in 1...5_000_000 {
            let exact = max(1, length * over / under)
            if observedHead(share, of: length) != exact { wrong.append(length) }
            if max(1, Int(share * Double(length))) != exact { naive += 1 }
        }
        #expect(wrong.isEmpty, "such as \(wrong.prefix(3))")
        // What is always right without more care must not change; the others are what this is for.
        #expect((naive == 0) == (share == 0.6 || share == 1))
    }

    /// One place decides it, for logs that are read and for those that are drawn.
    @Test func drawnLogsAreCutAlike() throws {
        var settings = SyntheticSettings()
        settings.observe = 0.7
        let process = try SyntheticProcess(settings), options = try CorpusOptions(observe: 0.7)
        #expect(process.observed(of: 90) == 63 && options.observed(ofLength: 90) == 63)
    }

    @Test func refusesNonsense() {
        let nonsense: [() throws -> CorpusOptions] = [
            { try CorpusOptions(minCount: 0) }, { try CorpusOptions(observe: 0) }, { try CorpusOptions(observe: 1.01) }, { try CorpusOptions(observe: .nan) },
            { try CorpusOptions(vocabularySize: 0) }, { try CorpusOptions(vocabularySize: -3) }, { try CorpusOptions(minLength: -1) },
            { try CorpusOptions(sessionGap: 0) }, { try CorpusOptions(sessionGap: -1) }, { try CorpusOptions(sessionGap: .infinity) }, { try CorpusOptions(sessionGap: .nan) },
        ]
        for make in nonsense { #expect(logError { _ = try make() }?.kind == .usage) }
    }
}
