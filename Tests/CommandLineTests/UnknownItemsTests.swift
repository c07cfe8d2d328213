import Foundation
import Testing

/// Models that read items which they have never seen, as a user has them.
@Suite struct UnknownItemsTests {
    /// Users' items in order. Behind what is observed, of ten events the first six, some items come for the first time.
    private static let users: [[String]] = (0..<50).map { user in
        let colours = ["red", "blue", "green"], things = ["apple", "pear", "plum", "cherry"]
        return (0..<10).map { place in
            place == 7 && user % 2 == 0 ? "yellow \(things[user % 4])" : "\(colours[(user + place) % 3]) \(things[(user * place) % 4])"
        }
    }

    private static let log = "user\titem\n" + users.enumerated().flatMap { user, items in items.map { "u\(user)\t\($0)\n" } }.joined()

    private func fitted(_ options: [String]) throws -> Folder {
        let folder = try Folder()
        try folder.write("log.tsv", Data(Self.log.utf8))
        let fit = try Program.run(
            ["fit", "log.tsv", "-o", "m", "-q", "-K", "3", "-H", "8", "--embedding", "6", "--epochs", "2", "--min-count", "1", "--observe", "0.6"]
                + options, in: folder)
        #expect(fit.code == 0, "it said: \(fit.messages)")
        return folder
    }

    private static let ways = [
        ["--variant", "word"], ["--variant", "word", "--unknown-items", "input"], ["--variant", "char", "--character-hidden", "6"],
        ["--variant", "char", "--unknown-items", "skip", "--cell", "gru"],
    ]

    /// What came right behind an unknown item is scored by all, whether they read that or not, and no unknown item by any.
    @Test(arguments: ways) func whatComesBehindThemIsScored(way: [String]) throws {
        let folder = try fitted(way)
        let outcome = try Program.run(["evaluate", "m", "log.tsv", "--json"], in: folder)
        #expect(outcome.code == 0, "it said: \(outcome.messages)")
        let report = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
        #expect(report["tokens"] as? Int == 50 * 4 - 25 && report["out_of_vocabulary"] as? Int == 25)
        #expect(report["after_unknown_tokens"] as? Int == 25)
        let behind = try #require(report["after_unknown_perplexity"] as? Double)
        #expect(behind > 1 && behind < 30 && behind != report["perplexity"] as? Double)
        #expect(try Program.run(["evaluate", "m", "log.tsv"], in: folder).text.contains(" of the 25 that came right behind unknown items\n"))
        // Where all is known nothing is said of it.
        let known = "user\titem\n" + Self.users.enumerated().flatMap { user, items in items.filter { !$0.hasPrefix("yellow") }.map { "u\(user)\t\($0)\n" } }.joined()
        try folder.write("known.tsv", Data(known.utf8))
        let rest = try Program.run(["evaluate", "m", "known.tsv", "--json"], in: folder)
        #expect(rest.code == 0 && !rest.text.contains("after_unknown"))
    }

    /// A log that is read as it comes says what one says that is read as a whole; an unknown item makes a difference to who reads it, and to nobody else.
    @Test(arguments: ways) func predictionsHangOnThem(way: [String]) throws {
        let folder = try fitted(way), reads = way.contains("input") || way.contains("char") && !way.contains("skip")
        func predict(_ options: [String], _ items: [String]) throws -> String {
            let log = "user\titem\n" + ["v", "w"].flatMap { user in items.map { "\(user)\t\($0)\n" } }.joined()
            let outcome = try Program.run(["predict", "m", "-", "-k", "3"] + options, in: folder, input: Data(log.utf8))
            #expect(outcome.code == 0 && outcome.lines.count == 2, "it said: \(outcome.messages)")
            return outcome.text
        }
        let items = ["red apple", "yellow apple", "blue plum", "yellow plum"], without = ["red apple", "blue plum"]
        #expect(try predict([], items) == predict(["--gather"], items))
        #expect(try (predict([], items) != predict([], without)) == reads)
        // By its name, where names say something.
        let other = ["red apple", "yellow apple", "blue plum", "violet-coloured plumage"]
        #expect(try (predict([], items) != predict([], other)) == (reads && way.contains("char")))
        let trace = try Program.run(["trace", "m", "log.tsv", "--user", "u0"], in: folder)
        #expect(trace.code == 0 && trace.text.contains("9 events of known items"), "it said: \(trace.messages)")
    }

    /// What is drawn of a log, a page, a tree of items or documents, hangs on them for who reads them, and for nobody else; coherence
    /// does for nobody. A page tells of users what a trace does.
    @Test(arguments: ways) func drawingsHangOnThem(way: [String]) throws {
        let folder = try fitted(way), reads = way.contains("input") || way.contains("char") && !way.contains("skip")
        let items = ["red apple", "yellow apple", "blue plum", "yellow plum", "green pear", "violet plumage", "red cherry", "blue apple"]
        for (name, kept) in [("with", items), ("without", items.filter { !$0.hasPrefix("yellow") && !$0.hasPrefix("violet") })] {
            let rows = kept.map { "v\t\($0)\n" } + kept.reversed().map { "w\t\($0)\n" }
            try folder.write("\(name).tsv", Data(("user\titem\n" + rows.joined()).utf8))
        }
        func said(_ verb: [String], of log: String) throws -> Data {
            let outcome = try Program.run([verb[0], "m", "\(log).tsv"] + verb.dropFirst(), in: folder)
            #expect(outcome.code == 0, "it said: \(outcome.messages)")
            return outcome.output
        }
        for verb in [["report", "-o", "-"], ["hierarchy", "--format", "csv"], ["export", "--format", "ldavis"]] {
            #expect(try (said(verb, of: "with") != said(verb, of: "without")) == reads, "\(verb[0])")
        }
        #expect(try said(["topics", "--json"], of: "with") == said(["topics", "--json"], of: "without"))

        let documents = try #require(try JSONSerialization.jsonObject(with: said(["export", "--format", "ldavis"], of: "with")) as? [String: Any])
        #expect(documents["doc_lengths"] as? [Int] == [5, 5] && (documents["term_frequency"] as? [Int])?.reduce(0, +) == 10)
        let page = String(decoding: try said(["report", "-o", "-"], of: "with"), as: UTF8.self)
        let open = try #require(page.range(of: "<script type=\"application/json\" id=\"report\">"))
        let close = try #require(page.range(of: "</script>", range: open.upperBound..<page.endIndex))
        let report = try #require(try JSONSerialization.jsonObject(with: Data(page[open.upperBound..<close.lowerBound].utf8)) as? [String: Any])
        let traces = try #require((report["traces"] as? [String: Any])?["traces"] as? [[String: Any]])
        #expect(traces.count == 2)
        for (user, shown) in zip(["v", "w"], traces) {
            let told = try Program.run(["trace", "m", "with.tsv", "--user", user, "--json"], in: folder).lines.dropLast()
                .map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
                .compactMap { $0["probability"] as? Double }
            let drawn = try #require(shown["probabilities"] as? [Double])
            // Four digits stand in a page.
            #expect(told.count == 5 && drawn.count == 5 && zip(told, drawn).allSatisfy { abs($0 - $1) <= 1e-3 * $0 })
        }
    }

    /// Items below --min-count are read while a model learns, if so asked, and said to be; who leaves them out has as many events to learn from.
    @Test(arguments: [["--variant", "word"], ["--variant", "char"], ["--model", "word-lstm"], ["--model", "char-lstm"]])
    func rareItemsAreReadWhileLearning(kind: [String]) throws {
        let folder = try Folder()
        let rows = Self.users.enumerated().flatMap { user, items in
            items.enumerated().map { "u\(user)\t\($1)\n" + ($0 % 3 == 1 ? "u\(user)\trare \(user) \($0)\n" : "") }
        }
        try folder.write("log.tsv", Data(("user\titem\n" + rows.joined()).utf8))
        var said: [String] = [], scores: [[String: Any]] = []
        for policy in ["skip", "input"] {
            let fit = try Program.run(
                ["fit", "log.tsv", "-o", policy, "-H", "8", "--embedding", "6", "--epochs", "2", "--min-count", "3", "--observe", "0.6", "--unknown-items", policy]
                    + kind + (kind[0] == "--variant" ? ["-K", "3"] : []), in: folder)
            #expect(fit.code == 0, "it said: \(fit.messages)")
            said.append(fit.messages)
            let outcome = try Program.run(["evaluate", policy, "log.tsv", "--json"], in: folder)
            scores.append(try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any]))
        }
        let line = try #require(said[1].split(separator: "\n").first { $0.contains(" to learn from") })
        let words = line.split(separator: " ")
        #expect(line.contains(" of rarer items to read, ") && !said[0].contains("rarer"))
        #expect(said[0].contains("\(words[0]) events of 50 sequences to learn from, "))
        for key in ["tokens", "out_of_vocabulary", "after_unknown_tokens"] { #expect(scores[0][key] as? Int == scores[1][key] as? Int) }
        #expect(scores[0]["after_unknown_perplexity"] as? Double != scores[1]["after_unknown_perplexity"] as? Double)
    }
}
