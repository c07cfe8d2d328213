import Baselines
import Foundation
import TestSupport
import Testing

/// Rivals of LLA as a user fits, scores and checks them.
@Suite struct RivalTests {
    /// Options that make a fit of each take no time; every rival is named.
    static let small: [String: [String]] = [
        "popularity": [], "markov": [], "lda": ["-K", "4", "--sweeps", "5"], "ddlda": ["-K", "4", "--sweeps", "5"],
        "hmm": ["-K", "4", "--epochs", "3"], "word-lstm": ["-H", "8", "--embedding", "8", "--epochs", "3"],
        "char-lstm": ["-H", "8", "--embedding", "8", "--character-hidden", "6", "--epochs", "3"],
        "autoencoder": ["-H", "8", "--epochs", "3"], "independent": ["-K", "4", "-H", "8", "--epochs", "3"],
    ]
    static let names = small.keys.sorted()
    private static let withTopics = ["lda", "ddlda", "hmm", "independent"]

    private func fit(_ name: String, _ options: [String] = []) throws -> (folder: Folder, outcome: Program.Outcome) {
        let folder = try FittedModel.shared.get().copy(), options = try #require(Self.small[name]) + options
        return (folder, try Program.run(["fit", "toy.tsv", "-o", "out", "--model", name, "--observe", "0.6", "--min-count", "1"] + options, in: folder))
    }

    private func object(_ outcome: Program.Outcome) throws -> [String: Any] {
        let line = try #require(outcome.lines.first)
        return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test func allAreTried() { #expect(Set(Self.names) == Set(BaselineRegister.all.map { $0.name } + [IndependentLearner.name])) }

    @Test(arguments: names)
    func isFittedScoredPredictedWithAndVerified(name: String) throws {
        let (folder, fitted) = try fit(name)
        #expect(fitted.code == 0, "it said: \(fitted.messages)")
        #expect(fitted.text == "" && !fitted.movesCursor)
        #expect(try folder.entries() == ["toy.tsv", "toy.model", "out"])
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path("out").path))
            == ["SHA256SUMS", "model.safetensors", "settings.json", "training.jsonl", "vocabulary.tsv"])
        let lines = fitted.messages.split(separator: "\n")
        #expect(lines.last?.hasPrefix("The model is in out. ") == true)
        let records = try String(contentsOf: folder.path("out/training.jsonl"), encoding: .utf8).split(separator: "\n")
        #expect(records.count == lines.count { $0.hasPrefix("epoch ") })

        let scored = try Program.run(["evaluate", "out", "toy.tsv", "--json"], in: folder)
        #expect(scored.code == 0 && scored.messages == "", "it said: \(scored.messages)")
        let report = try object(scored)
        #expect(Set(report.keys) == [
            "tokens", "out_of_vocabulary", "perplexity", "perplexity_standard_error", "particles", "parameters", "nonzero_counts", "recall@1",
            "recall@5", "recall@10", "recall@20", "mrr@1", "mrr@5", "mrr@10", "mrr@20", "after_unknown_tokens", "after_unknown_perplexity",
        ])
        let perplexity = try #require(report["perplexity"] as? Double)
        #expect(perplexity > 1 && perplexity < 70)
        #expect(try #require(report["parameters"] as? Int) >= 20)
        #expect((report["particles"] is NSNull) == (name != "independent"))
        #expect(try Program.run(["evaluate", "out", "toy.tsv"], in: folder).text.contains("\nparameters  "))

        let predicted = try Program.run(["predict", "out", "toy.tsv", "-k", "3"], in: folder)
        #expect(predicted.code == 0 && predicted.lines.count == 120)
        #expect(Set(try object(predicted).keys) == (Self.withTopics.contains(name) ? ["user", "topics", "items"] : ["user", "items"]))

        let verified = try Program.run(["verify", "out"], in: folder)
        #expect(verified.code == 0 && verified.text.hasPrefix("out: whole; "))
        #expect(verified.text.contains(name == "independent" ? "LLA, topic variant" : "model       \(name), "))
        let json = try object(try Program.run(["verify", "out", "--json"], in: folder))
        #expect(json["whole"] as? Bool == true && json["model"] as? String == "out")
        #expect(json["kind"] as? String == (name == "independent" ? nil : name))
    }

    /// The same log, options and seed make the same files, with any number of threads.
    @Test(arguments: names)
    func oneSeedOneModel(name: String) throws {
        let sums = try [["--threads", "1"], ["--threads", "8"]].map { threads in
            let (folder, outcome) = try fit(name, threads)
            #expect(outcome.code == 0)
            return try ["model.safetensors", "settings.json", "vocabulary.tsv"].map { try Data(contentsOf: folder.path("out/\($0)")) }
        }
        #expect(sums[0] == sums[1])
    }

    @Test(arguments: names)
    func topicsAreListedWhereThereAreAny(name: String) throws {
        let folder = try fit(name).folder
        let listed = try Program.run(["topics", "out", "toy.tsv", "-n", "3", "--json"], in: folder)
        guard Self.withTopics.contains(name) else {
            #expect(listed.code == 65 && listed.text == "")
            #expect(listed.messages.contains("lla: out: the model has no topics ("))
            return
        }
        #expect(listed.code == 0)
        let topics = try #require(try JSONSerialization.jsonObject(with: listed.output) as? [[String: Any]])
        #expect(topics.count == 4 && topics.allSatisfy { ($0["items"] as? [Any])?.count == 3 })
        #expect(abs(topics.compactMap { $0["share"] as? Double }.reduce(0, +) - 1) < 1e-5)
    }

    /// Whole models, but not of the kind that these verbs read.
    @Test(arguments: [
        ["hierarchy", "out"], ["report", "out", "-o", "page.html"], ["trace", "out", "toy.tsv", "--user", "u1"],
        ["fit", "toy.tsv", "-o", "other", "--warm-start", "out"],
    ])
    func verbsOfLLARefuseThem(arguments: [String]) throws {
        let folder = try fit("lda").folder, before = try folder.entries()
        let outcome = try Program.run(arguments, in: folder)
        #expect(outcome.code == 65 && outcome.text == "")
        #expect(outcome.messages.contains("lla: out: the model is \"lda\", and this takes LLA (name a model"), "it said: \(outcome.messages)")
        #expect(try folder.entries() == before)
    }

    @Test func theIndependentLearnerIsLLAThatNeverMovesItsTopics() throws {
        let (folder, fitted) = try fit("independent")
        #expect(fitted.messages.split(separator: "\n").count { $0.contains(" warm-up ") } == 3)
        let settings = try String(contentsOf: folder.path("out/settings.json"), encoding: .utf8)
        #expect(settings.contains("\"model\" : \"lla\"") && settings.contains("\"start\" : \"lda\"") && settings.contains("\"warmUp\" : 1"))
        #expect(try Program.run(["hierarchy", "out"], in: folder).code == 0)
    }

    /// Every option of a fit that says something of a model: a model that has no use for it refuses it, whichever it is.
    @Test func whatHasNoUseIsRefused() throws {
        let folder = try FittedModel.shared.get().copy(), before = try folder.entries()
        let help = try Program.run(["fit", "--help"], in: folder).text
        let common: Set = [
            "output", "model", "user", "time", "item", "log-format", "skip-bad-rows", "text", "observe", "min-count", "vocabulary-size", "min-length",
            "stop-words", "session-gap", "drop-repeats",
            "threads", "force", "quiet", "version", "help",
        ]
        let named = help.split(separator: "\n").compactMap { line -> (name: String, hasValue: Bool)? in
            guard line.hasPrefix("  -"), let option = line.split(separator: " ").first(where: { $0.hasPrefix("--") }) else { return nil }
            return (String(option.dropFirst(2)), line.contains("\(option) <"))
        }
        let special = named.filter { !common.contains($0.name) }
        #expect(special.count >= 39 && common.isSubset(of: named.map(\.name)))
        let words = [
            "variant": "word", "memory": "none", "sampler": "dense", "start": "lda", "schedule": "full", "beta-update": "minka", "precision": "single", "cell": "gru",
            "unknown-items": "input",
            "settings": "best.json", "warm-start": "toy.model",
        ]
        for (name, hasValue) in special {
            let value = hasValue ? [words[name] ?? "1"] : []
            let outcome = try Program.run(["fit", "toy.tsv", "-o", "out", "--model", "popularity", "--\(name)"] + value, in: folder)
            #expect(outcome.code == 64, "\(name): \(outcome.messages)")
            #expect(outcome.messages.contains("lla: --\(name) is not for --model popularity (leave it out"), "\(name): \(outcome.messages)")
        }
        #expect(try folder.entries() == before)
    }

    @Test(arguments: [
        (["--model", "oracle"], "there is no such model", "choose lla, independent, popularity"),
        (["--alpha", "0.1"], "--alpha is not for --model lla", "leave it out"),
        (["--model", "lla", "--sweeps", "3"], "--sweeps is not for --model lla", "leave it out"),
        (["--model", "lda", "--hidden", "3"], "--hidden is not for --model lda", "--topics, --alpha"),
        (["--model", "lda", "--alpha", "0"], "--alpha 0.0 cannot be", "choose a positive number"),
        (["--model", "lda", "--sweeps", "-1"], "--sweeps -1 cannot be", "choose between 1 and"),
        (["--model", "ddlda", "--decay", "1.5"], "--decay 1.5 cannot be", "choose a share"),
        (["--model", "hmm", "--start", "word"], "--start word cannot be", "choose clusters"),
        (["--model", "hmm", "--topics", "100000"], "--topics 100000 cannot be", "choose between 1 and"),
        (["--model", "word-lstm", "--embedding", "none"], "--embedding none cannot be", "choose a width"),
        (["--model", "word-lstm", "--negatives", "0"], "--negatives 0 cannot be", "choose between 1 and"),
        (["--model", "word-lstm", "--character-hidden", "3"], "--character-hidden is not for --model word-lstm", "leave it out"),
        (["--model", "char-lstm", "--character-hidden", "0"], "--character-hidden 0 cannot be", "choose between 1 and 4,096"),
        (["--model", "markov", "--unknown-items", "input"], "--unknown-items is not for --model markov", "leave it out"),
        (["--model", "independent", "--start", "random"], "--start is not for --model independent", "topics stay as LDA made them"),
        (["--model", "independent", "--warm-start", "toy.model"], "--warm-start is not for --model independent", "leave it out"),
        (["--model", "markov", "--resume"], "--resume is not for --model markov", "leave it out"),
    ])
    func isRefusedWithARemedy(options: [String], message: String, remedy: String) throws {
        let folder = try FittedModel.shared.get().copy(), before = try folder.entries()
        let outcome = try Program.run(["fit", "toy.tsv", "-o", "out"] + options, in: folder)
        #expect(outcome.code == 64 && outcome.text == "")
        #expect(outcome.messages.contains(message) && outcome.messages.contains(remedy), "it said: \(outcome.messages)")
        #expect(try folder.entries() == before)
    }

    @Test func particlesAreForLLA() throws {
        let folder = try fit("markov").folder
        for verb in ["evaluate", "predict"] {
            let outcome = try Program.run([verb, "out", "toy.tsv", "--particles", "4"], in: folder)
            #expect(outcome.code == 64 && outcome.messages.contains("--particles 4 is for LLA"))
        }
    }

    /// Models of which each step's likelihood is exact have none to average over, whatever reads them.
    @Test func particlesAreForTheTopicVariant() throws {
        let folder = try FittedModel.shared.get().copy()
        let fit = try Program.run(["fit", "toy.tsv", "-o", "out", "-q", "--variant", "belief", "-K", "3", "-H", "4", "--epochs", "1", "--observe", "0.6"], in: folder)
        #expect(fit.code == 0, "it said: \(fit.messages)")
        let verbs = [
            ["evaluate", "out", "toy.tsv"], ["predict", "out", "toy.tsv"], ["trace", "out", "toy.tsv", "--user", "u1"], ["hierarchy", "out", "toy.tsv"],
            ["report", "out", "toy.tsv", "-o", "-"], ["export", "out", "toy.tsv", "--format", "ldavis"],
        ]
        for verb in verbs {
            let outcome = try Program.run(verb + ["--particles", "64"], in: folder)
            #expect(outcome.code == 64 && outcome.text == "", "\(verb)")
            #expect(outcome.messages.contains("lla: out: --particles 64 is for the topic variant"), "it said: \(outcome.messages)")
            #expect(try Program.run(verb, in: folder).code == 0, "\(verb)")
        }
    }

    /// What a fit says to do next can be done: typed as it stands, by a shell, whatever the folder is called.
    @Test(arguments: [["--observe", "0.6"], []]) func theNextStepWorks(options: [String]) throws {
        for kind in [["--model", "markov"], FittedModel.small] {
            let folder = try FittedModel.shared.get().copy()
            let fit = try Program.run(["fit", "toy.tsv", "-o", "it's mine"] + kind + options, in: folder)
            #expect(fit.code == 0, "it said: \(fit.messages)")
            let said = try #require(fit.messages.split(separator: "\n").last)
            let head = try #require(said.range(of: ": lla ")), next = String(said[head.upperBound...])
            #expect(next.contains(#"'it'\''s mine'"#), "it said: \(said)")
            let shell = try #require(ExternalProgram(["sh"]))
            let (status, results) = try shell.run(["-c", "'\(Program.path)' \(next)"], in: folder.url.path)
            #expect(status == 0 && !results.isEmpty, "it said: \(said)")
        }
    }

    /// It reads the log as the fit did: by its columns, with leave to skip as many rows, or as text.
    @Test(arguments: [["--observe", "0.6"], []]) func theNextStepReadsTheLogAsTheFitDid(options: [String]) throws {
        let shell = try #require(ExternalProgram(["sh"]))
        let rows = (0..<120).map { "u\($0 / 12),\($0),\($0 % 5 == 0 ? "a cat" : "a dog \($0 % 3)")\n" }
        let logs: [(String, String, [String])] = [
            ("col", "who is it,when,$what\n" + rows.joined() + "a row that is short\n",
                ["--user", "who is it", "--time", "when", "--item", "$what", "--log-format", "csv", "--skip-bad-rows", "1"]),
            ("essay", String(repeating: "The cat sat; the dog ran. A dog sat, a cat ran!\n", count: 10), ["--text"]),
        ]
        for (log, contents, reading) in logs {
            let folder = try Folder()
            try folder.write(log, Data(contents.utf8))
            let fit = try Program.run(["fit", log, "-o", "out", "--model", "markov"] + reading + options, in: folder)
            #expect(fit.code == 0, "it said: \(fit.messages)")
            let said = try #require(fit.messages.split(separator: "\n").first { $0.hasPrefix("The model is in ") })
            let head = try #require(said.range(of: ": lla "))
            let (status, results) = try shell.run(["-c", "'\(Program.path)' \(said[head.upperBound...])"], in: folder.url.path)
            #expect(status == 0 && !results.isEmpty, "it said: \(said)")
        }
    }

    /// A model takes the place of one that is there, whatever the kinds.
    @Test func oneModelTakesThePlaceOfAnother() throws {
        let folder = try FittedModel.shared.get().copy()
        let outcome = try Program.run(["fit", "toy.tsv", "-o", "toy.model", "--model", "markov", "-q"], in: folder)
        #expect(outcome.code == 0 && outcome.messages == "")
        #expect(try Program.run(["verify", "toy.model"], in: folder).text.contains("model       markov, "))
    }
}
