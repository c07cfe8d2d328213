import Foundation
import Testing
import TestSupport

/// Every verb on a small log, from fit to hierarchy.
@Suite struct VerbTests {
    private func run(_ arguments: [String], input: String = "") throws -> Program.Outcome {
        try Program.run(arguments, in: FittedModel.shared.get().copy(), input: Data(input.utf8))
    }

    /// - Parameter lines: whether each line is an object, or the whole is one.
    private func objects(_ outcome: Program.Outcome, lines: Bool = true) throws -> [[String: Any]] {
        try (lines ? outcome.lines : [Substring(outcome.text)]).map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
    }

    @Test func fitSaysWhereTheModelIsAndWhatNext() throws {
        let fit = try FittedModel.shared.get().fit
        #expect(fit.text == "")
        #expect(!fit.movesCursor)
        #expect(fit.messages.split(separator: "\n").count { $0.hasPrefix("epoch ") } == 3)
        #expect(fit.messages.split(separator: "\n").last == "The model is in toy.model. See its topics: lla topics toy.model")
        let folder = try FittedModel.shared.get().copy()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("toy.model").path).sorted()
            == ["SHA256SUMS", "model.safetensors", "settings.json", "training.jsonl", "vocabulary.tsv"])
    }

    @Test func quietSaysNothing() throws {
        let outcome = try run(["fit", "toy.tsv", "-o", "other", "-q"] + FittedModel.small)
        #expect(outcome.code == 0)
        #expect(outcome.messages == "")
    }

    @Test func evaluateHasExactlyTheKeysOfTheContract() throws {
        let outcome = try run(["evaluate", "toy.model", "toy.tsv", "--observe", "0.6", "--particles", "5", "--json"])
        #expect(outcome.code == 0)
        #expect(outcome.messages == "")
        let report = try #require(try objects(outcome).first)
        #expect(Set(report.keys) == [
            "tokens", "out_of_vocabulary", "perplexity", "perplexity_standard_error", "particles", "parameters", "nonzero_counts", "recall@1", "recall@5", "recall@10",
            "recall@20", "mrr@1", "mrr@5", "mrr@10", "mrr@20",
            // The log has items that are not in what is observed: else these would not be there.
            "after_unknown_tokens", "after_unknown_perplexity",
        ])
        #expect(report["particles"] as? Int == 5)
        let log = try #require(report["tokens"] as? Int) + (try #require(report["out_of_vocabulary"] as? Int))
        #expect(log > 600)
        let perplexity = try #require(report["perplexity"] as? Double)
        #expect(perplexity > 1 && perplexity < 60)
        #expect(try #require(report["perplexity_standard_error"] as? Double) > 0)
        let recall = try ["recall@1", "recall@5", "recall@10", "recall@20"].map { try #require(report[$0] as? Double) }
        #expect(recall == recall.sorted() && recall[3] <= 1)
        #expect(report["mrr@1"] as? Double == recall[0])
    }

    /// The same without ranks: of a model of topics drawn, of one whose likelihood is exact, and of rivals with topics and without.
    @Test(arguments: [["--variant", "topic"], ["--variant", "belief"], ["--model", "lda"], ["--model", "hmm"], ["--model", "markov"]])
    func rankingIsLeftOut(kind: [String]) throws {
        let folder = try FittedModel.shared.get().copy(), size = kind[1] == "markov" ? [] : ["-K", "4"]
        let fit = try Program.run(["fit", "toy.tsv", "-o", "out", "-q", "--observe", "0.6"] + kind + size, in: folder)
        #expect(fit.code == 0, "it said: \(fit.messages)")
        let reports = try [[], ["--without-ranking"]].map { more in
            try #require(try objects(Program.run(["evaluate", "out", "toy.tsv", "--json"] + more, in: folder)).first)
        }
        #expect(Set(reports[1].keys) == Set(reports[0].keys.filter { !$0.hasPrefix("recall@") && !$0.hasPrefix("mrr@") }))
        for (name, value) in reports[1] where !(value is NSNull) {
            let (short, whole) = (try #require(value as? Double), try #require(reports[0][name] as? Double))
            #expect(abs(short - whole) <= 1e-5 * abs(whole), "\(name)")
        }
        let text = try Program.run(["evaluate", "out", "toy.tsv", "--without-ranking"], in: folder).text
        #expect(text.contains("perplexity  ") && !text.contains("recall") && !text.contains("among first"))
    }

    /// The share that the model was fitted on is what is left out if nothing is said.
    @Test func evaluateObservesWhatTheFitDid() throws {
        let said = try run(["evaluate", "toy.model", "toy.tsv", "--observe", "0.6"])
        let unsaid = try run(["evaluate", "toy.model", "toy.tsv"])
        let other = try run(["evaluate", "toy.model", "toy.tsv", "--observe", "0.9"])
        #expect(said.code == 0 && said.text == unsaid.text && said.text != other.text)
        #expect(said.lines.map { $0.prefix(10) } == ["tokens    ", "perplexity", "          ", "particles ", "parameters", "among firs", "recall    ", "mrr       "])
    }

    /// Of a model that was fitted on all there is nothing to score, and less to observe of the same log is no remedy: what it learned from would be scored.
    @Test func whatAModelLearnedFromIsNotScoredWithoutAWord() throws {
        let folder = try FittedModel.shared.get().copy()
        let fit = try Program.run(["fit", "toy.tsv", "-o", "all", "--model", "markov", "-q"], in: folder)
        #expect(fit.code == 0, "it said: \(fit.messages)")
        let nothing = try Program.run(["evaluate", "all", "toy.tsv"], in: folder)
        #expect(nothing.code == 65 && nothing.messages.contains("(fit with --observe 0.6, which leaves the rest to be scored, or name a log that the model was not fitted on"))
        let warned = try Program.run(["evaluate", "all", "toy.tsv", "--observe", "0.6", "--json"], in: folder)
        #expect(warned.code == 0 && warned.lines.count == 1)
        #expect(warned.messages.hasPrefix("lla: warning: the model was fitted with --observe 1.0: if this is the log that it was fitted on"), "it said: \(warned.messages)")
        for (observe, isWarned) in [("0.5", true), ("0.6", false), ("0.7", false)] {
            let outcome = try Program.run(["evaluate", "toy.model", "toy.tsv", "--observe", observe, "--without-ranking"], in: folder)
            #expect(outcome.code == 0 && outcome.messages.contains("lla: warning: the model was fitted with --observe 0.6: ") == isWarned, "\(observe)")
        }
    }

    @Test func predictHasOneLineAUserWithTheirOwnNames() throws {
        let outcome = try run(["predict", "toy.model", "toy.tsv", "-k", "3"])
        #expect(outcome.code == 0)
        #expect(outcome.messages == "")
        let users = try objects(outcome)
        #expect(users.compactMap { $0["user"] as? String } == (0..<120).map { "u\($0)" })
        for user in users {
            #expect(Set(user.keys) == ["user", "topics", "items"])
            let items = try #require(user["items"] as? [[String: Any]]), topics = try #require(user["topics"] as? [[String: Any]])
            #expect(items.count == 3 && topics.count == 3)
            #expect(items.allSatisfy { Set($0.keys) == ["item", "probability"] && ($0["item"] as? String)?.hasPrefix("i") == true })
            #expect(topics.allSatisfy { Set($0.keys) == ["topic", "probability", "items"] })
            let probabilities = items.compactMap { $0["probability"] as? Double }
            #expect(probabilities == probabilities.sorted(by: >) && probabilities.allSatisfy { $0 > 0 && $0 < 1 })
        }
    }

    /// A user without a known item is expected to do what a new one does, whatever is known about others.
    @Test func predictTakesUsersAndItemsThatItNeverSaw() throws {
        let outcome = try run(["predict", "toy.model", "-", "-k", "60"], input: "user\titem\nzoë\tnothing known\nu1\ti1\nnobody\tneither\n")
        #expect(outcome.code == 0)
        let users = try objects(outcome)
        #expect(users.compactMap { $0["user"] as? String } == ["zoë", "u1", "nobody"])
        func items(_ n: Int) throws -> NSArray { try #require(users[n]["items"] as? NSArray) }
        // Before the first event all particles agree, so that the prior has no luck in it.
        #expect(try items(0) == items(2))
        let sum = try items(0).compactMap { ($0 as? [String: Any])?["probability"] as? Double }.reduce(0, +)
        #expect(abs(sum - 1) < 1e-3)
    }

    @Test func predictDoesNotDependOnWhoElseIsInTheLogNorOnGathering() throws {
        let all = try run(["predict", "toy.model", "toy.tsv"])
        let gathered = try run(["predict", "toy.model", "toy.tsv", "--gather"])
        #expect(all.text == gathered.text)
        let folder = try FittedModel.shared.get().copy()
        let log = try String(contentsOf: folder.path("toy.tsv"), encoding: .utf8)
        let rows = log.split(separator: "\n").filter { $0.hasPrefix("user") || $0.hasPrefix("u7\t") }
        let alone = try run(["predict", "toy.model", "-"], input: rows.joined(separator: "\n"))
        // The same up to rounding, which may depend on how many rows a product has.
        let lonely = try #require(try objects(alone).first), among = try objects(all)[7]
        #expect(lonely["user"] as? String == "u7" && among["user"] as? String == "u7")
        for key in ["items", "topics"] {
            func probabilities(_ user: [String: Any]) throws -> [Double] {
                try #require(user[key] as? [[String: Any]]).compactMap { $0["probability"] as? Double }
            }
            let pairs = try zip(probabilities(lonely), probabilities(among)).map { abs($0 - $1) }
            #expect(pairs.count >= 4 && pairs.allSatisfy { $0 < 1e-5 })
            // Others are expected to do something else.
            #expect(try zip(probabilities(lonely), probabilities(objects(all)[8])).contains { abs($0 - $1) > 1e-3 })
        }
    }

    /// Names that Unicode holds equal and that differ in their bytes, é as one character and as two, are two items: all is as if one had a name
    /// of quite other letters.
    @Test func itemsAreToldByTheirBytes() throws {
        let folder = try Folder()
        func log(_ second: String) -> Data {
            var text = "user\titem\n"
            for user in 0..<40 {
                for turn in 0..<6 {
                    let pair = (user * turn + user) % 3 == 0 ? [second, "x"] : ["caf\u{E9}", "y"]
                    for item in pair { text += "u\(user)\t\(item)\n" }
                }
            }
            return Data(text.utf8)
        }
        let scores = try ["cafe\u{301}", "cafeX"].enumerated().map { number, second in
            try folder.write("\(number).tsv", log(second))
            let fit = try Program.run(["fit", "\(number).tsv", "-o", "m\(number)", "-q", "--model", "markov", "--min-count", "1", "--observe", "0.6"], in: folder)
            #expect(fit.code == 0, "it said: \(fit.messages)")
            let outcome = try Program.run(["evaluate", "m\(number)", "\(number).tsv", "--json"], in: folder)
            #expect(outcome.code == 0, "it said: \(outcome.messages)")
            return outcome.text
        }
        #expect(scores[0] == scores[1])
        let predicted = try Program.run(["predict", "m0", "0.tsv"], in: folder)
        let gathered = try Program.run(["predict", "m0", "0.tsv", "--gather"], in: folder)
        #expect(predicted.lines.count == 40 && predicted.text == gathered.text)
    }

    /// Such users are two as well: neither is the other come back.
    @Test func usersAreToldByTheirBytes() throws {
        let users = ["zo\u{EB}", "between", "zoe\u{308}"]
        let log = "user\titem\n" + users.enumerated().map { "\($1)\ti\($0)\n" }.joined()
        let outcome = try run(["predict", "toy.model", "-"], input: log)
        #expect(outcome.code == 0 && outcome.lines.count == 3, "it said: \(outcome.messages)")
    }

    @Test func topicsFitOn80Columns() throws {
        for arguments in [["topics", "toy.model"], ["topics", "toy.model", "toy.tsv", "-n", "20"]] {
            let outcome = try run(arguments)
            #expect(outcome.code == 0)
            #expect(outcome.lines.count > 4)
            #expect(outcome.lines.allSatisfy { $0.count <= 80 })
        }
    }

    @Test func topicsAsJSONHaveSharesThatSumToOne() throws {
        let outcome = try run(["topics", "toy.model", "toy.tsv", "-n", "4", "--json"])
        let topics = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [[String: Any]])
        #expect(topics.compactMap { $0["topic"] as? Int } == [0, 1, 2, 3])
        #expect(abs(topics.compactMap { $0["share"] as? Double }.reduce(0, +) - 1) < 1e-9)
        for topic in topics {
            #expect((topic["items"] as? [[String: Any]])?.count == 4)
            #expect((-1...1).contains(try #require(topic["coherence"] as? Double)))
        }
        let without = try run(["topics", "toy.model", "--json"])
        #expect(!without.text.contains("coherence"))
    }

    @Test(arguments: [
        ("text", "100.0 %", "\n"), ("json", "{", "}\n"), ("newick", "(", ";\n"), ("graphml", "<?xml", "</graphml>\n"), ("dot", "", "}\n"),
        ("csv", "node,parent,topic,size,share,height,label\n", "\n"),
    ])
    func hierarchyHasEveryFormat(_ format: String, starts: String, ends: String) throws {
        var seen: Set<String> = []
        for linkage in ["ward", "average"] {
            let outcome = try run(["hierarchy", "toy.model", "--format", format, "--linkage", linkage])
            #expect(outcome.code == 0)
            #expect(outcome.messages == "")
            #expect(outcome.text.hasPrefix(starts) && outcome.text.hasSuffix(ends))
            // All four topics are in it.
            #expect((0..<4).allSatisfy { outcome.text.contains(format == "csv" ? "\n\($0)," : "topic \($0)") })
            seen.insert(outcome.text)
        }
        if format == "csv" { #expect(seen.count == 2) }
    }

    /// The window says how far apart items may stand, and JSON is what is scored by hand in EvaluationTests.
    @Test func topicsTakesAWindow() throws {
        func coherence(_ options: [String]) throws -> [Double] {
            let outcome = try run(["topics", "toy.model", "toy.tsv", "--json"] + options)
            #expect(outcome.code == 0, "it said: \(outcome.messages)")
            return try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [[String: Any]]).compactMap { $0["coherence"] as? Double }
        }
        let usual = try coherence([])
        #expect(try usual.count == 4 && coherence(["--window", "10"]) == usual && coherence(["--window", "3"]) != usual)
        // No sequence of this log is longer than 20.
        #expect(try coherence(["--window", "20"]) == coherence(["--window", "sequence"]))
        #expect(try run(["topics", "toy.model", "toy.tsv"]).lines.last?.hasPrefix("mean NPMI, each topic counting alike: ") == true)
    }

    @Test func hierarchyIsScoredByThePathsInNames() throws {
        let folder = try Folder()
        let rows = (0..<240).map { n in "u\(n / 12)\t\(n)\t\(n / 12 % 2 == 0 ? "food" : "drink") > kind \(n % 3) > \(n % 6)\n" }
        try folder.write("log.tsv", Data(("user\ttime\titem\n" + rows.joined()).utf8))
        let fit = try Program.run(["fit", "log.tsv", "-o", "out", "-q"] + FittedModel.small, in: folder)
        #expect(fit.code == 0, "it said: \(fit.messages)")
        let outcome = try Program.run(["hierarchy", "out", "--score", "--separator", " > ", "--format", "json"], in: folder)
        #expect(outcome.code == 0 && outcome.messages == "")
        let scores = try #require(try objects(outcome, lines: false).first)
        #expect(Set(scores.keys) == ["items", "items_without_topic", "topics", "levels"])
        #expect(scores["items"] as? Int == 12)
        let levels = try #require(scores["levels"] as? [[String: Any]])
        #expect(levels.compactMap { $0["labels"] as? Int } == [2, 6] && levels.compactMap { $0["level"] as? Int } == [1, 2])
        for level in levels {
            #expect(Set(level.keys).isSubset(of: [
                "level", "labels", "purity", "purity_by_events", "purity_of_one_node", "topic_purity", "information", "branch_information",
            ]))
            #expect((0...1).contains(try #require(level["purity"] as? Double)))
        }
        // A tree of items has no topics to score.
        let ofItems = try Program.run(["hierarchy", "out", "log.tsv", "--score", "--separator", " > ", "--format", "json"], in: folder)
        let itemScores = try #require(try objects(ofItems, lines: false).first)
        #expect(ofItems.code == 0 && Set(itemScores.keys) == ["items", "items_without_topic", "levels"])
        let itemLevels = try #require(itemScores["levels"] as? [[String: Any]])
        #expect(Set(itemLevels[0].keys) == ["level", "labels", "purity", "purity_by_events", "purity_of_one_node", "branch_information"])
        // Users buy either food or drink, so that the two are never met together.
        #expect(itemLevels[0]["purity"] as? Double == 1)
        let text = try Program.run(["hierarchy", "out", "--score", "--separator", " > "], in: folder)
        #expect(text.lines.count == 5 && text.lines.allSatisfy { $0.count <= 80 } && text.lines[0].hasPrefix("12 items of "))
    }

    @Test func inspectSaysWhatIsInALogAndWhatAFitWouldCost() throws {
        let outcome = try run(["inspect", "toy.tsv"])
        #expect(outcome.code == 0)
        #expect(outcome.text.contains("users       120\n"))
        #expect(outcome.text.contains("of memory with 100 topics"))
        #expect(outcome.text.contains("\nnext items  ") && outcome.text.contains("\na start     from "))
        let json = try run(["inspect", "toy.tsv", "--json", "--topics", "7", "--embedding", "none"])
        let report = try #require(try JSONSerialization.jsonObject(with: json.output) as? [String: Any])
        #expect(Set(report.keys) == ["log", "warnings", "start", "fit_memory", "fit_memory_total"])
        #expect((report["log"] as? [String: Any])?["users"] as? Int == 120)
        let smaller = try #require(report["fit_memory_total"] as? Int)
        let larger = try run(["inspect", "toy.tsv", "--json", "--topics", "700"])
        let other = try #require(try JSONSerialization.jsonObject(with: larger.output) as? [String: Any])
        #expect(try #require(other["fit_memory_total"] as? Int) > smaller)
    }

    /// The parts that are named add up to the whole, of a fit whose start takes most and of one whose checkpoint does.
    @Test(arguments: [["--topics", "7", "--embedding", "none"], ["--topics", "20000", "--hidden", "4"]])
    func inspectNamesAllPartsOfTheCost(size: [String]) throws {
        let text = try run(["inspect", "toy.tsv", "--min-count", "1"] + size).text
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("a fit ") })
        let units = ["bytes": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9]
        func bytes(_ words: some StringProtocol) throws -> Double {
            let found = try #require(String(words).firstMatch(of: /([0-9.]+) (bytes|kB|MB|GB)/)), number = try #require(Double(found.1))
            return number * (units[String(found.2)] ?? 0)
        }
        let halves = line.split(separator: ": "), parts = try halves[1].split(separator: ", ").map { try bytes($0) }
        let whole = try bytes(halves[0])
        #expect(parts.count == 6 && abs(parts.reduce(0, +) / whole - 1) < 0.01, "it said: \(line)")
    }

    /// What inspect says of the start is what a fit of the same part of the log does, and what the model says of itself.
    @Test func inspectForetellsTheStart() throws {
        let outcome = try run(["inspect", "toy.tsv", "--json", "--observe", "0.6", "--min-count", "1"])
        let report = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
        let start = try #require(report["start"] as? String)
        #expect(try FittedModel.shared.get().fit.messages.contains("\n\(start) start\n"))
        let folder = try FittedModel.shared.get().copy()
        let settings = try Data(contentsOf: folder.path("toy.model/settings.json"))
        let fit = try #require(try JSONSerialization.jsonObject(with: settings) as? [String: Any])["fit"] as? [String: Any]
        #expect(fit?["start"] as? String == start)
    }

    @Test func synthesizeWritesTheSameLogToFileAndPipe() throws {
        let folder = try Folder()
        let options = ["synthesize", "--sequences", "20", "--lengths", "5-9", "--dynamics", "markov"]
        let piped = try Program.run(options, in: folder)
        let filed = try Program.run(options + ["-o", "log.tsv", "--truth", "truth.json"], in: folder)
        #expect(filed.code == 0 && filed.text == "")
        #expect(try Data(contentsOf: folder.path("log.tsv")) == piped.output)
        let truth = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.path("truth.json"))) as? [String: Any]
        #expect((truth?["topics"] as? [Any])?.count == 20)
        let other = try Program.run(options + ["--seed", "2"], in: folder)
        #expect(other.output != piped.output)
    }

    /// The same events make the same model, however they are written down.
    @Test func formatsMakeNoDifference() throws {
        let folder = try FittedModel.shared.get().copy()
        let rows = try String(contentsOf: folder.path("toy.tsv"), encoding: .utf8).split(separator: "\n").dropFirst()
            .map { $0.split(separator: "\t") }
        try folder.write("log.csv", Data(("\u{FEFF}what,when,who\r\n" + rows.map { "\"\($0[2])\",\($0[1]),\($0[0])\r\n" }.joined()).utf8))
        try folder.write("log.json", Data(rows.map { "{\"when\": \($0[1]), \"what\": \"\($0[2])\", \"who\": \"\($0[0])\"}\n" }.joined().utf8))
        let names = ["--user", "who", "--time", "when", "--item", "what"]
        let logs = [["toy.tsv"], ["log.csv"] + names, ["log.json", "--log-format", "jsonl"] + names, ["-", "--log-format", "tsv"]]
        let models = try logs.map { log in
            let input = log == logs[3] ? try Data(contentsOf: folder.path("toy.tsv")) : Data()
            let outcome = try Program.run(["fit", "-o", "out", "-q"] + log + FittedModel.small, in: folder, input: input)
            #expect(outcome.code == 0, "it said: \(outcome.messages)")
            return try Data(contentsOf: folder.path("out/model.safetensors")) + Data(contentsOf: folder.path("out/vocabulary.tsv"))
        }
        #expect(models.allSatisfy { $0 == models[0] })
    }

    @Test func textIsALogOfWords() throws {
        let folder = try Folder()
        try folder.write("story.txt", Data(String(repeating: "The cat sat; the dog ran.\nA dog sat, a cat ran!\n", count: 10).utf8))
        let fit = try Program.run(["fit", "story.txt", "--text", "-o", "out", "-q"] + FittedModel.small, in: folder)
        #expect(fit.code == 0, "it said: \(fit.messages)")
        let predicted = try objects(Program.run(["predict", "out", "story.txt", "--text", "-k", "9"], in: folder))
        #expect(predicted.count == 20)
        let words = try #require(predicted[0]["items"] as? [[String: Any]]).compactMap { $0["item"] as? String }
        #expect(Set(words) == ["the", "cat", "sat", "dog", "ran", "a"])
    }

    /// How a fit read its text is how the model reads one: the list itself is in the model, so that the file may go.
    @Test func aModelRemembersHowItsTextWasRead() throws {
        let folder = try Folder()
        let story = (0..<12).map { n in "The cat sat; \(n % 3 == 0 ? "the end" : "the dog ran and the bird flew off to the old tree; once more the cat sat")!\n" }.joined()
        try folder.write("story.txt", Data(story.utf8))
        try folder.write("words.txt", Data("The\nand\n".utf8))
        let cuts = ["--stop-words", "words.txt", "--min-length", "6", "--vocabulary-size", "7"]
        let fit = try Program.run(["fit", "story.txt", "--text", "-o", "out", "--observe", "0.75"] + FittedModel.small + cuts, in: folder)
        #expect(fit.code == 0, "it said: \(fit.messages)")
        #expect(fit.messages.contains(" of 8 sequences to learn from, 7 items"))
        try FileManager.default.removeItem(at: folder.path("words.txt"))
        // Ten of fourteen words are observed, all equally often, and the first seven of them are kept: of "once more cat sat" half is known.
        let report = try #require(try objects(Program.run(["evaluate", "out", "story.txt", "--text", "--json"], in: folder)).first)
        #expect(report["tokens"] as? Int == 16 && report["out_of_vocabulary"] as? Int == 16)
        // Predictions are for all documents, however short.
        let predicted = try objects(Program.run(["predict", "out", "story.txt", "--text", "-k", "9"], in: folder))
        #expect(predicted.compactMap { $0["user"] as? String } == (1...12).map(String.init))
        let words = try #require(predicted[0]["items"] as? [[String: Any]]).compactMap { $0["item"] as? String }
        #expect(Set(words) == ["cat", "sat", "dog", "ran", "bird", "flew", "off"])

        let inspection = try Program.run(["inspect", "story.txt", "--text", "--stop-words", "english", "--min-length", "6", "--vocabulary-size", "4", "--min-count", "1"], in: folder)
        #expect(inspection.text.contains("of all words were stop words") && inspection.text.contains("\nsequences   8; 4 of fewer than 6 events were left out\n"))
        #expect(inspection.text.contains("\nvocabulary  4 items seen at least 1 times; "))
    }
}
