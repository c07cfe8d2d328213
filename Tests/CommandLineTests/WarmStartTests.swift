import Foundation
import Testing

/// Fits that go on from a model, as a user does it.
@Suite struct WarmStartTests {
    /// Users that come back, and one who likes what nobody had before.
    private static let news = "user\ttime\titem\n" + (0..<60).map { "u\($0 % 12)\t\($0)\t\($0 % 3 == 0 ? "new" : "i\($0 % 20)")\n" }.joined()

    private func updated(_ options: String...) throws -> (folder: Folder, outcome: Program.Outcome) {
        let folder = try FittedModel.shared.get().copy()
        try folder.write("news.tsv", Data(Self.news.utf8))
        return (folder, try Program.run(["fit", "news.tsv", "-o", "out", "--warm-start", "toy.model"] + options, in: folder))
    }

    private func vocabulary(_ folder: Folder, _ model: String) throws -> [[Substring]] {
        try String(contentsOf: folder.path("\(model)/vocabulary.tsv"), encoding: .utf8).split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
    }

    @Test func itemsKeepTheirNumbersAndNewOnesFollow() throws {
        let (folder, outcome) = try updated()
        #expect(outcome.code == 0, "it said: \(outcome.messages)")
        let (old, new) = (try vocabulary(folder, "toy.model"), try vocabulary(folder, "out"))
        #expect(outcome.messages.contains(" items, \(new.count - old.count) of them new\n") && outcome.messages.contains("\nwarm start\n"))
        // The most frequent of those that nobody had before.
        #expect(new.count > old.count && new[old.count][1] == "new")
        #expect(zip(old, new).allSatisfy { $0[..<2] == $1[..<2] })
        // How logs are read is the model's to say, as are its settings.
        let settings = try String(contentsOf: folder.path("out/settings.json"), encoding: .utf8)
        #expect(settings.contains("\"observe\" : 0.6") && settings.contains("\"topics\" : 4") && settings.contains("\"warm_start\" : \""))
        #expect(try Program.run(["verify", "out", "toy.model"], in: folder).code == 0)
        let said = try Program.run(["predict", "out", "-", "-k", "100"], in: folder, input: Data("user\titem\nu1\tnew\nu2\ti3\n".utf8))
        #expect(said.lines.count == 2 && said.lines.allSatisfy { $0.contains("{\"item\":\"new\",") })
    }

    @Test func oneSeedOneModel() throws {
        let models = try [[], ["--threads", "1"], ["--threads", "8"], ["--resume"]].map { options in
            let folder = try FittedModel.shared.get().copy()
            try folder.write("news.tsv", Data(Self.news.utf8))
            let outcome = try Program.run(["fit", "news.tsv", "-o", "out", "--warm-start", "toy.model"] + options, in: folder)
            #expect(outcome.code == 0, "it said: \(outcome.messages)")
            return try Data(contentsOf: folder.path("out/model.safetensors"))
        }
        #expect(models.allSatisfy { $0 == models[0] })
    }

    @Test(arguments: [
        (["--topics", "9"], "--topics 9 cannot be (the model that the fit starts from has 4"), (["-H", "9"], "--hidden 9 cannot be"),
        (["--variant", "belief"], "--variant belief cannot be"), (["--memory", "none"], "--memory none cannot be"),
        (["--embedding", "none"], "--embedding none cannot be"), (["--start", "lda"], "--start has no say where --warm-start"),
        (["--sampler", "mh"], "--sampler mh cannot be (the model that the fit starts from has --memory both"),
        (["--settings", "best.json"], "--settings and --warm-start each bring settings"),
        (["-o", "./toy.model/"], "--warm-start cannot be the model that is written"),
    ])
    func whatCannotChangeIsRefused(_ options: [String], message: String) throws {
        let folder = try FittedModel.shared.get().copy(), before = try folder.entries()
        let place = options.contains("-o") ? [] : ["-o", "out"]
        let outcome = try Program.run(["fit", "toy.tsv", "--warm-start", "toy.model"] + place + options, in: folder)
        #expect(outcome.code == 64)
        #expect(outcome.messages.contains(message), "it said: \(outcome.messages)")
        #expect(try folder.entries() == before)
    }

    /// A model that has no use for an option: it is the option that is refused, by its own name.
    @Test(arguments: [
        (["--particles", "4"], "--particles 4 cannot be (the belief variant's"), (["--beam", "4"], "--beam 4 cannot be (the belief variant's"),
        (["--conditional"], "--conditional cannot be (the belief variant's"), (["--sampler", "mh"], "--sampler mh cannot be"),
    ])
    func whatTheModelHasNoUseForIsRefused(_ options: [String], message: String) throws {
        let folder = try FittedModel.shared.get().copy()
        let fit = try Program.run(["fit", "toy.tsv", "-o", "belief", "-q", "--variant", "belief", "-K", "3", "-H", "4", "--epochs", "1"], in: folder)
        #expect(fit.code == 0, "it said: \(fit.messages)")
        let outcome = try Program.run(["fit", "toy.tsv", "-o", "out", "--warm-start", "belief"] + options, in: folder)
        #expect(outcome.code == 64 && outcome.messages.contains(message), "it said: \(outcome.messages)")
        #expect(!outcome.messages.contains("--variant topic cannot be"))
        #expect(try !folder.entries().contains("out"))
    }

    @Test func noModelNoStart() throws {
        let folder = try FittedModel.shared.get().copy()
        let outcome = try Program.run(["fit", "toy.tsv", "-o", "out", "--warm-start", "nowhere"], in: folder)
        #expect(outcome.code == 66 && outcome.messages.contains("nowhere"))
    }
}
