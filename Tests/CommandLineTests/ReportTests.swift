import Foundation
import Testing

/// `lla report`, `lla trace`, and the drawing of branches, run as a user does.
@Suite struct ReportTests {
    private func run(_ arguments: [String], in folder: Folder, input: String = "") throws -> Program.Outcome {
        try Program.run(arguments, in: folder, input: Data(input.utf8))
    }

    @Test func aReportIsOneFileAndTheSameTwice() throws {
        let folder = try FittedModel.shared.get().copy()
        let first = try run(["report", "toy.model", "toy.tsv", "-o", "report.html"], in: folder)
        #expect(first.code == 0 && first.text == "")
        #expect(first.messages.hasPrefix("The report is in report.html, "))
        let page = try Data(contentsOf: folder.path("report.html"))
        #expect(page.count < 3_000_000 && String(decoding: page, as: UTF8.self).hasPrefix("<!doctype html>"))
        let again = try run(["report", "toy.model", "toy.tsv", "-o", "-", "--threads", "1"], in: folder)
        #expect(again.code == 0 && again.output == page)
        // A page is replaced; nothing lies beside it.
        let without = try run(["report", "toy.model", "-o", "report.html"], in: folder)
        #expect(without.code == 0)
        #expect(try Data(contentsOf: folder.path("report.html")).count < page.count)
        #expect(try !folder.entries().contains { $0.contains("writing") })
    }

    @Test(arguments: [
        (["report", "toy.model", "-o", "nowhere/report.html"], Int32(73), "nowhere"),
        (["report", "toy.model", "-o", "toy.model"], 73, "is not a file"),
        (["report", "no.model", "-o", "r.html"], 66, "no.model"),
        (["report", "toy.model", "no.tsv", "-o", "r.html"], 66, "no.tsv"),
        (["report", "toy.model", "-", "-o", "r.html"], 65, "no item is one that the model knows"),
        (["report", "toy.model"], 64, "--output"),
        (["report", "toy.model", "-o", "r.html", "--scores", "no.json"], 66, "no.json: cannot be read"),
        (["report", "toy.model", "-o", "r.html", "--scores", "toy.tsv"], 65, "toy.tsv: it holds no scores of a model"),
        (["trace", "toy.model", "toy.tsv", "--user", "nobody"], 65, "there is no user \"nobody\""),
        (["trace", "toy.model", "toy.tsv"], 64, "--user"),
        (["hierarchy", "toy.model", "--branch", "7"], 64, "choose between 0 and 6"),
        (["hierarchy", "toy.model", "--branch", "-1", "--format", "svg"], 64, "choose between 0 and 6"),
        (["hierarchy", "toy.model", "--branch", "5", "--format", "json"], 64, "--format text or svg"),
        (["hierarchy", "toy.model", "--branch", "5", "--format", "html"], 64, "--format text or svg"),
        (["hierarchy", "toy.model", "no.tsv"], 66, "no.tsv"),
        (["hierarchy", "toy.model", "-"], 65, "no item is one that the model knows"),
    ])
    func whatCannotBeIsRefused(_ arguments: [String], code: Int32, says words: String) throws {
        let outcome = try run(arguments, in: FittedModel.shared.get().copy(), input: "user\titem\nu\tunheard of\n")
        #expect(outcome.code == code && outcome.isExit)
        #expect(outcome.messages.contains(words), "it said: \(outcome.messages)")
    }

    @Test func aTraceFitsOn80ColumnsAndHasNoColoursInAFile() throws {
        let folder = try FittedModel.shared.get().copy()
        let outcome = try run(["trace", "toy.model", "toy.tsv", "--user", "u7"], in: folder)
        #expect(outcome.code == 0 && outcome.messages == "")
        #expect(outcome.lines.allSatisfy { $0.count <= 80 } && !outcome.text.contains("\u{1B}"))
        let log = try String(contentsOf: folder.path("toy.tsv"), encoding: .utf8)
        let items = log.split(separator: "\n").filter { $0.hasPrefix("u7\t") }.map { $0.split(separator: "\t")[2] }
        // A line an event, with the event's item.
        let events = outcome.lines.dropFirst(2).prefix(items.count)
        #expect(zip(events, items).allSatisfy { $0.contains(" \($1) ") })
    }

    /// Scores go into the page under their files' names, the best first; without any it is the page that it was.
    @Test func scoresStandInAReport() throws {
        let folder = try FittedModel.shared.get().copy()
        let scores = try run(["evaluate", "toy.model", "toy.tsv", "--json"], in: folder).output
        try scores.write(to: folder.path("mine.json"))
        try Data(#"{"tokens": 3, "perplexity": null}"#.utf8).write(to: folder.path("a <b>.json"))
        let outcome = try run(["report", "toy.model", "-o", "-", "--scores", "a <b>.json", "mine.json"], in: folder)
        #expect(outcome.code == 0)
        let listed = try #require(outcome.text.range(of: #""scores":["#)).upperBound
        let mine = try #require(outcome.text.range(of: #""name":"mine""#)).lowerBound
        #expect(listed < mine && !outcome.text.contains("a <b>"), "what a file is called is text")
        #expect(try run(["report", "toy.model", "-o", "-"], in: folder).text.contains(#""scores":[]"#))
    }

    /// What a trace expects behind the last event is what predict says, to the digit: they read with the same particles.
    @Test func aTraceEndsInWhatPredictSays() throws {
        let folder = try FittedModel.shared.get().copy()
        let lines = try run(["trace", "toy.model", "toy.tsv", "--user", "u7", "--json"], in: folder).lines
            .map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
        #expect(lines.dropLast().enumerated().allSatisfy { $1["event"] as? Int == $0 + 1 && ($1["expected"] as? [Any])?.count == 3 })
        let next = try #require(lines.last?["next"] as? [[String: Any]])
        let predicted = try run(["predict", "toy.model", "toy.tsv", "-k", "3"], in: folder).lines
            .map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
            .first { $0["user"] as? String == "u7" }
        let topics = try #require(predicted?["topics"] as? [[String: Any]])
        #expect(next.compactMap { $0["topic"] as? Int } == topics.compactMap { $0["topic"] as? Int })
        for (a, b) in zip(next, topics) {
            let traced = try #require(a["probability"] as? Double), told = try #require(b["probability"] as? Double)
            #expect(abs(traced - told) < 1e-5)
        }
    }

    /// Events of unknown items have their places, and a line in the table; of a model that leaves them out they change nothing else.
    @Test func aTraceTellsWhereUnknownItemsWere() throws {
        let folder = try FittedModel.shared.get().copy(), items = ["never heard of", "i20", "i13", "nor of this", "nor this", "i20"]
        func trace(_ options: [String], _ items: [String]) throws -> Program.Outcome {
            let outcome = try run(["trace", "toy.model", "-", "--user", "v"] + options, in: folder, input: "user\titem\n" + items.map { "v\t\($0)\n" }.joined())
            #expect(outcome.code == 0, "it said: \(outcome.messages)")
            return outcome
        }
        func objects(_ outcome: Program.Outcome) throws -> [[String: Any]] {
            try outcome.lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
        }
        let events = try objects(trace(["--json"], items)), known = try objects(trace(["--json"], ["i20", "i13", "i20"]))
        #expect(events.compactMap { $0["event"] as? Int } == [1, 2, 3] && events.compactMap { $0["place"] as? Int } == [2, 3, 6])
        #expect(known.compactMap { $0["place"] as? Int } == [1, 2, 3] && events.count == 4 && events.allSatisfy { $0["session"] == nil })
        for (with, without) in zip(events, known) {
            #expect(with.filter { $0.key != "place" } as NSDictionary == without.filter { $0.key != "place" } as NSDictionary)
        }
        let table = try trace([], items).lines
        #expect(table[0] == "user v: 3 events of known items, 3 of unknown ones")
        #expect(table[2...7].map { $0.prefix(9) } == ["    1 nev", "    2 i20", "    3 i13", "    4 nor", "    5 nor", "    6 i20"])
        #expect(table[2...7].map { $0.hasSuffix("  unknown") } == [true, false, false, true, true, false])
        #expect(try trace([], ["i20"]).lines[0] == "user v: 1 events of known items")
    }

    /// Of a model that was fitted on sessions a user has several traces, each with its number.
    @Test func aTraceSaysWhichSessionItIsOf() throws {
        let folder = try Folder()
        let rows = (0..<240).map { "u\($0 / 12)\t\($0 % 12 * 10 + $0 % 12 / 5 * 1000)\ti\($0 % 7)\n" }
        try folder.write("log.tsv", Data(("user\ttime\titem\n" + rows.joined()).utf8))
        let fit = try run(["fit", "log.tsv", "-o", "out", "-q", "--session-gap", "100"] + FittedModel.small, in: folder)
        #expect(fit.code == 0, "it said: \(fit.messages)")
        let lines = try run(["trace", "out", "log.tsv", "--user", "u3", "--json"], in: folder).lines
            .map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
        #expect(lines.filter { $0["event"] != nil }.compactMap { $0["session"] as? Int } == [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3])
        #expect(lines.compactMap { $0["place"] as? Int } == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2])
        #expect(lines.filter { $0["next"] != nil }.compactMap { $0["session"] as? Int } == [1, 2, 3])
        let heads = try run(["trace", "out", "log.tsv", "--user", "u3"], in: folder).lines.filter { $0.hasPrefix("user ") }
        #expect(heads == ["user u3, session 1 of 3: 5 events of known items", "user u3, session 2 of 3: 5 events of known items", "user u3, session 3 of 3: 2 events of known items"])
    }

    @Test func aTraceTakesAnotherColumnForUsers() throws {
        let outcome = try run(
            ["trace", "toy.model", "-", "--user", "zoë", "--user-column", "who"], in: FittedModel.shared.get().copy(), input: "who\titem\nzoë\ti1\nzoë\ti2\n")
        #expect(outcome.code == 0 && outcome.text.hasPrefix("user zoë: "))
    }

    /// é as one character and as two: of two users the one that is asked for.
    @Test func aTraceTellsUsersByTheirBytes() throws {
        let folder = try FittedModel.shared.get().copy(), users = ["zo\u{EB}", "zoe\u{308}"]
        let log = "user\titem\n" + zip(users, ["i20", "i13"]).map { "\($0)\t\($1)\n" }.joined()
        for (user, item) in zip(users, ["i20", "i13"]) {
            let outcome = try run(["trace", "toy.model", "-", "--user", user], in: folder, input: log)
            #expect(outcome.code == 0 && outcome.lines.count { $0.hasPrefix("user ") } == 1 && outcome.text.contains("    1 \(item) "))
        }
    }

    @Test(arguments: [[], ["toy.tsv"]])
    func hierarchyMakesAPage(logs: [String]) throws {
        let folder = try FittedModel.shared.get().copy()
        let outcome = try run(["hierarchy", "toy.model", "--format", "html"] + logs, in: folder)
        #expect(outcome.code == 0 && outcome.messages == "")
        #expect(outcome.text.hasPrefix("<!doctype html>") && outcome.text.hasSuffix("</html>\n") && outcome.text.contains("<title>toy.model</title>"))
        #expect(outcome.text.contains("\"leaf\":\"\(logs.isEmpty ? "topic" : "item")\""))
    }

    @Test func hierarchyOfALogHasItsItems() throws {
        let folder = try FittedModel.shared.get().copy()
        let outcome = try run(["hierarchy", "toy.model", "toy.tsv", "--format", "csv"], in: folder)
        #expect(outcome.code == 0 && outcome.messages == "" && outcome.lines[0] == "node,parent,item,size,share,height,label")
        let vocabulary = try String(contentsOf: folder.path("toy.model/vocabulary.tsv"), encoding: .utf8).split(separator: "\n").dropFirst()
        let names = vocabulary.map { String($0.split(separator: "\t")[1]) }
        #expect(outcome.lines.count == 2 * names.count && outcome.lines[1...names.count].map { String($0.split(separator: ",").last ?? "") } == names)
        let once = try run(["hierarchy", "toy.model", "toy.tsv", "--format", "csv", "--threads", "1"], in: folder)
        #expect(once.text == outcome.text)
    }

    /// A tree holds the distances of all topics from each other: refused where there is no room for them, before any is made.
    @Test func aTreeOfTopicsPastAllMemoryIsRefused() throws {
        let folder = try Folder()
        try folder.write("log.tsv", Data(BadInput.good.utf8))
        let fit = try run(
            [
                "fit", "log.tsv", "-o", "out", "-q", "-K", "1000000", "-H", "1", "--embedding", "1", "--sampler", "mh", "--negatives", "1", "--start", "random",
                "--epochs", "1", "--validation", "0", "--lanes", "1", "--steps", "8", "--min-count", "1",
            ], in: folder)
        #expect(fit.code == 0, "it said: \(fit.messages)")
        for verb in [["hierarchy", "out"], ["report", "out", "-o", "page.html"]] {
            let outcome = try run(verb, in: folder)
            #expect(outcome.isExit && outcome.code == 64 && outcome.text == "")
            #expect(outcome.messages.contains("lla: a tree of 1000000 topics needs 8.00 TB of memory, and there are "), "it said: \(outcome.messages)")
            #expect(outcome.messages.contains("(fit with fewer --topics; --force goes on all the same)"), "it said: \(outcome.messages)")
        }
        #expect(try folder.entries() == ["log.tsv", "out"])
    }

    @Test func hierarchyDrawsAPicture() throws {
        let outcome = try run(["hierarchy", "toy.model", "--format", "svg"], in: FittedModel.shared.get().copy())
        #expect(outcome.code == 0 && outcome.text.hasPrefix("<svg ") && outcome.text.hasSuffix("</svg>\n"))
    }
}
