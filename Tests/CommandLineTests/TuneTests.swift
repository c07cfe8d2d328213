import Foundation
import TestSupport
import Testing

/// `lla tune` from the command line, and what `lla fit` makes of its file.
@Suite struct TuneTests {
    /// A search that takes no time: 6 candidates for 2 epochs, 3 for 4.
    static let small = [
        "tune", "toy.tsv", "-o", "best.json", "--min-count", "1", "--epochs", "4", "--min-epochs", "2", "--candidates", "6", "--reduction", "2",
        "--topics-between", "3-8", "--hidden-between", "8-24",
    ]

    private func folder() throws -> Folder { try FittedModel.shared.get().copy() }

    private func object(_ data: Data) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func theTableIsTheResultAndProgressIsALineATrial() throws {
        let folder = try folder()
        let outcome = try Program.run(Self.small, in: folder)
        #expect(outcome.code == 0, "it said: \(outcome.messages)")
        #expect(!outcome.movesCursor)
        let words = outcome.lines.map { $0.split(separator: " ").map(String.init) }
        #expect(words[0] == ["rank", "perplexity", "epochs", "variant", "memory", "K", "H", "β", "drop", "input", "rate", "tokens"])
        #expect(words.dropFirst().map { $0[0] } == (1...6).map(String.init))
        let perplexities = words.dropFirst().compactMap { Double($0[1]) }
        #expect(perplexities.count == 6 && perplexities == perplexities.sorted())
        #expect(outcome.lines.allSatisfy { $0.count <= 80 })
        let trials = outcome.messages.split(separator: "\n").filter { $0.hasPrefix("trial ") }
        #expect(trials.enumerated().allSatisfy { $1.hasPrefix("trial \($0 + 1)/9  ") } && trials.count == 9)
        #expect(trials.allSatisfy { $0.contains("validation perplexity ") && $0.contains("learning-rate ") })
        #expect(outcome.messages.contains("6 for 2 epochs, 3 for 4 epochs; compared on "))
        #expect(outcome.messages.contains("Fit with them: lla fit toy.tsv -o MODEL --settings best.json --min-count 1\n"))
        #expect(try folder.entries().subtracting(["toy.tsv", "toy.model"]) == ["best.json", "best.json.trials.jsonl"])
    }

    /// A fit with the file is the trial that won, whatever the threads; its score is the one in the table.
    @Test func fitTakesTheFile() throws {
        let folder = try folder()
        let tuned = try Program.run(Self.small + ["--json", "-q"], in: folder)
        #expect(tuned.code == 0 && tuned.messages == "")
        let rows = try #require(try JSONSerialization.jsonObject(with: tuned.output) as? [[String: Any]])
        #expect(rows.compactMap { $0["rank"] as? Int } == Array(1...6))
        #expect(rows.allSatisfy { Set($0.keys) == ["rank", "candidate", "round", "epochs", "perplexity", "settings"] })
        let chosen = try #require(rows[0]["settings"] as? [String: Any])
        #expect(Set(chosen.keys) == [
            "variant", "memory", "topics", "hidden", "beta", "dropout", "input_dropout", "learning_rate", "tokens_per_step",
        ])
        let fit = try Program.run(["fit", "toy.tsv", "-o", "out", "-q", "--min-count", "1", "--settings", "best.json"], in: folder)
        #expect(fit.code == 0, "it said: \(fit.messages)")
        var model = try #require(try object(Data(contentsOf: folder.path("out/settings.json")))["fit"] as? [String: Any])
        // A model says which start the log was given, what warm-up went with it, and how many copies its variant had.
        #expect(["clusters", "lda"].contains(model["start"] as? String) && model["warmUp"] is Double)
        #expect(model["particles"] as? Int == (model["variant"] as? String == "topic" ? 4 : 1))
        (model["start"], model["warmUp"], model["particles"]) = ("auto", nil, nil)
        var best = try object(Data(contentsOf: folder.path("best.json")))
        best = best.filter { !($0.value is NSNull) }
        #expect(model as NSDictionary == best as NSDictionary)
        #expect(model["topics"] as? Int == chosen["topics"] as? Int && model["beta"] as? Double == chosen["beta"] as? Double)
        let epochs = try Data(contentsOf: folder.path("out/training.jsonl")).split(separator: UInt8(ascii: "\n")).map { try object(Data($0)) }
        #expect(epochs.compactMap { $0["validation_perplexity"] as? Double }.min() == rows[0]["perplexity"] as? Double)
    }

    /// Options go before the file, and the file before the defaults.
    @Test func optionsOverrideTheFile() throws {
        let folder = try folder()
        try folder.write("best.json", Data("{\"variant\": \"topic\", \"memory\": \"none\", \"topics\": 5, \"hidden\": 9, \"epochs\": 2, \"particles\": 3, \"adam\": {\"rate\": 0.01}}".utf8))
        func fit(_ options: [String]) throws -> [String: Any] {
            let outcome = try Program.run(["fit", "toy.tsv", "-o", "out", "-q", "--settings", "best.json"] + options, in: folder)
            #expect(outcome.code == 0, "it said: \(outcome.messages)")
            return try #require(try object(Data(contentsOf: folder.path("out/settings.json")))["fit"] as? [String: Any])
        }
        let plain = try fit([])
        #expect(plain["topics"] as? Int == 5 && plain["hidden"] as? Int == 9 && plain["epochs"] as? Int == 2 && plain["particles"] as? Int == 3)
        #expect((plain["adam"] as? [String: Any])?["rate"] as? Double == 0.01)
        #expect(plain["beta"] as? Double == 0.001 && plain["dropout"] as? Double == 0.2)
        let over = try fit(["-K", "6", "--learning-rate", "0.02", "--embedding", "none"])
        #expect(over["topics"] as? Int == 6 && over["hidden"] as? Int == 9 && over["particles"] as? Int == 3)
        #expect((over["adam"] as? [String: Any])?["rate"] as? Double == 0.02)
        #expect(over["embedding"] == nil && over["inputDropout"] as? Double == 0)
        // The copies of the file are for a variant that takes them.
        #expect(try fit(["--variant", "belief"])["particles"] as? Int == 1)
        #expect(try fit(["--variant", "topic"])["particles"] as? Int == 3)
    }

    @Test func resultsDoNotDependOnThreads() throws {
        let results = try [1, 8].map { threads in
            let folder = try folder()
            let outcome = try Program.run(Self.small + ["--threads", "\(threads)"], in: folder)
            return try (outcome.text, Data(contentsOf: folder.path("best.json")), Data(contentsOf: folder.path("best.json.trials.jsonl")))
        }
        #expect(results[0] == results[1])
        let other = try Program.run(Self.small + ["--seed", "2"], in: folder())
        #expect(other.code == 0 && other.text != results[0].0)
    }

    @Test func whatIsGivenIsNotSearched() throws {
        let outcome = try Program.run(
            Self.small + ["--variant", "belief", "--memory", "both", "--learning-rate", "0.004", "--lanes", "8", "--dropout", "0.2"], in: folder())
        #expect(outcome.code == 0, "it said: \(outcome.messages)")
        #expect(outcome.lines[0].split(separator: " ") == ["rank", "perplexity", "epochs", "K", "H", "β", "input"])
    }

    /// Stopped between two trials or within one, it says how to go on, and goes on to the same end.
    @Test(arguments: [SIGINT, SIGKILL])
    func whatWasStoppedGoesOn(_ number: Int32) throws {
        let slow = Self.small.map { ["4": "160", "2": "40"][$0] ?? $0 } + ["--reduction", "2", "--patience", "1000"]
        let whole = try folder(), cut = try folder()
        let expected = try Program.run(slow, in: whole)
        #expect(expected.code == 0, "it said: \(expected.messages)")
        do {
            let streams = try Program.Streams()
            let process = try Program.start(slow, in: cut, streams: streams)
            while process.isRunning, try !streams.said().contains("trial 2/") { usleep(1_000) }
            kill(process.processIdentifier, number)
            process.waitUntilExit()
            let outcome = try streams.outcome(of: process)
            #expect(outcome.isExit == (number == SIGINT))
            if number == SIGINT {
                #expect(outcome.code == 130)
                let last = "lla: stopped; what is done is kept in best.json.trials.jsonl; go on with: lla \(slow.joined(separator: " "))\n"
                #expect(outcome.messages.hasSuffix(last), "it said: \(outcome.messages)")
            }
        }
        #expect(try !cut.entries().contains("best.json"))
        let done = try Data(contentsOf: cut.path("best.json.trials.jsonl")).count { $0 == UInt8(ascii: "\n") } - 1
        #expect(done >= 2 && done < 9)
        let outcome = try Program.run(slow + ["--threads", "1"], in: cut)
        #expect(outcome.messages.contains("\(done) trials are done already"), "it said: \(outcome.messages)")
        #expect(outcome.messages.contains("trial \(done + 1)/9") && !outcome.messages.contains("trial \(done)/9"))
        #expect(outcome.text == expected.text)
        for name in ["best.json", "best.json.trials.jsonl"] {
            #expect(try Data(contentsOf: cut.path(name)) == Data(contentsOf: whole.path(name)))
        }
    }

    /// What it says to do next reads the log as it did: typed as it stands, but for the model's name, by a shell.
    @Test func theNextStepWorks() throws {
        let folder = try folder()
        let rows = try String(contentsOf: folder.path("toy.tsv"), encoding: .utf8).split(separator: "\n").dropFirst()
        try folder.write("it's mine", Data(("who\twhen\twhat came\n" + rows.joined(separator: "\n") + "\n").utf8))
        let options = ["--user", "who", "--time", "when", "--item", "what came", "--log-format", "tsv", "--observe", "0.6", "--min-length", "2"]
        let tuned = try Program.run(Self.small.map { $0 == "toy.tsv" ? "it's mine" : $0 } + options, in: folder)
        #expect(tuned.code == 0, "it said: \(tuned.messages)")
        let said = try #require(tuned.messages.split(separator: "\n").last), head = try #require(said.range(of: ": lla "))
        let shell = try #require(ExternalProgram(["sh"])), next = said[head.upperBound...].replacing("MODEL", with: "out")
        let (status, _) = try shell.run(["-c", "'\(Program.path)' \(next) -q"], in: folder.url.path)
        #expect(status == 0, "it said: \(said)")
        let settings = try object(Data(contentsOf: folder.path("out/settings.json")))
        #expect(settings["observe"] as? Double == 0.6 && settings["min_count"] as? Int == 1 && settings["min_length"] as? Int == 2)
    }

    @Test func anotherSearchDoesNotGoOn() throws {
        let folder = try folder()
        #expect(try Program.run(Self.small, in: folder).code == 0)
        let before = try Data(contentsOf: folder.path("best.json.trials.jsonl"))
        for options in [["--seed", "2"], ["--beta", "0.1"], ["--observe", "0.5"], ["--candidates", "7"]] {
            let outcome = try Program.run(Self.small + options, in: folder)
            #expect(outcome.code == 73)
            #expect(outcome.messages.contains("best.json.trials.jsonl: holds the trials of another search, which differs in "))
            #expect(outcome.messages.contains("(give the log and the options of that search, remove the file, or name another output)"))
        }
        #expect(try Data(contentsOf: folder.path("best.json.trials.jsonl")) == before)
    }

    /// Settings with which every fit leaves the range of numbers: there is no best, and no file of it.
    @Test func aSearchThatNothingComesOfSaysSo() throws {
        let folder = try folder()
        let outcome = try Program.run(Self.small + ["--learning-rate", "1e300"], in: folder)
        #expect(outcome.isExit && outcome.code == 69 && outcome.text == "")
        #expect(outcome.messages.contains("no candidate came to a perplexity") && outcome.messages.contains("lower --learning-rate"), "it said: \(outcome.messages)")
        #expect(try !folder.entries().contains("best.json"))
    }

    @Test func helpSaysDefaultsAndBounds() throws {
        let text = try Program.run(["tune", "--help"], in: Folder()).text
        let entries = text.components(separatedBy: "\n  -")
        for option in ["-candidates", "-reduction", "-min-epochs", "-topics-between", "-hidden-between"] {
            #expect(entries.contains { $0.hasPrefix(option) && $0.contains("(default: ") }, "\(option)")
        }
        #expect(text.components(separatedBy: "\n").allSatisfy { $0.count <= 80 })
    }
}
