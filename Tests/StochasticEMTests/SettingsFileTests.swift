import Foundation
import Testing
@testable import StochasticEM

@Suite struct SettingsFileTests {
    /// Every field has another value than by default.
    static let unusual: FitSettings = {
        var settings = FitSettings()
        (settings.variant, settings.memory, settings.beliefTopics, settings.topics, settings.hidden, settings.embedding) = (.topic, .none, 3, 7, 9, nil)
        settings.cell = .elman
        (settings.beta, settings.epochs, settings.warmUp, settings.seed, settings.particles) = (0.1 + 0.2, 5, 0.25, .max, 2)
        (settings.betaUpdate, settings.restarts, settings.precision) = (.minka, 2, .bf16)
        (settings.survivors, settings.proposals, settings.start, settings.schedule) = (.beam, 3, .lda, .full)
        (settings.lanes, settings.steps, settings.shards, settings.dropout, settings.inputDropout) = (6, 11, 2, 0.35, 0)
        (settings.adam.rate, settings.adam.beta1, settings.adam.beta2, settings.adam.epsilon, settings.adam.clipNorm) = (1e-3 / 3, 0.8, 0.99, 1e-7, 2)
        (settings.finalRate, settings.validation, settings.patience, settings.validationParticles) = (0.5, 0.2, 2, 5)
        return settings
    }()

    /// What does not go with many copies.
    private static let others: [FitSettings] = {
        var beliefs = FitSettings(), proposals = FitSettings(), chars = FitSettings()
        beliefs.variant = .belief
        (proposals.sampler, proposals.memory, proposals.negatives) = (.mh, .none, 64)
        (chars.variant, chars.unknownItems, chars.characterEmbedding, chars.characterHidden) = (.char, .skip, 7, 9)
        return [beliefs, proposals, chars]
    }()

    private func read(_ text: String) throws -> FitSettings {
        let folder = try TuningFolder()
        try folder.write("settings", Data(text.utf8))
        return try SettingsFile.read(folder.path("settings"))
    }

    @Test func settingsComeBack() throws {
        let folder = try TuningFolder()
        for settings in [FitSettings(), Self.unusual] + Self.others {
            try SettingsFile.write(settings, to: folder.path("best.json"))
            #expect(try SettingsFile.read(folder.path("best.json")) == settings)
            #expect(try folder.entries() == ["best.json"])
        }
    }

    /// The twin of the above: each field that is unusual would be missed.
    @Test func eachFieldIsInTheFile() throws {
        let mine = Mirror(reflecting: Self.unusual).children
        let unusual = ([Self.unusual] + Self.others).map { Mirror(reflecting: $0).children.map { "\($0.value)" } }
        for (place, usual) in Mirror(reflecting: FitSettings()).children.enumerated() {
            #expect(unusual.contains { $0[place] != "\(usual.value)" }, "\(usual.label ?? "") is as by default: give it another value above")
        }
        let folder = try TuningFolder()
        try SettingsFile.write(Self.unusual, to: folder.path("best.json"))
        let object = try #require(try JSONSerialization.jsonObject(with: folder.bytes("best.json")) as? [String: Any])
        #expect(Set(object.keys) == Set(mine.compactMap(\.label)))
        #expect(object["embedding"] is NSNull)
    }

    @Test func aFileNeedNotNameAll() throws {
        var expected = FitSettings()
        #expect(try read("{}") == expected)
        (expected.topics, expected.adam.rate, expected.inputDropout, expected.embedding) = (40, 0.01, 0, nil)
        #expect(try read("{\"topics\": 40.0, \"adam\": {\"rate\": 1e-2}, \"embedding\": null, \"inputDropout\": 0}") == expected)
    }

    @Test(arguments: [
        ("", "no JSON object"), ("[]", "no JSON object"), ("{\"topics\": 4", "no JSON object"), ("7", "no JSON object"),
        ("{\"topcis\": 4}", "there is no setting \"topcis\""), ("{\"adam\": {\"rte\": 1}}", "there is no setting \"rte\""),
        ("{\"a\\u001bb\": 1}", "there is no setting \"a\\u{1B}b\""),
        ("{\"topics\": \"many\"}", "\"topics\" has a value that does not fit"), ("{\"topics\": 4.5}", "\"topics\" has"),
        ("{\"topics\": null}", "\"topics\" has"), ("{\"adam\": 3}", "\"adam\" has"), ("{\"variant\": \"wrod\"}", "\"variant\" has"),
        ("{\"beta\": {\"a\": 1}}", "\"beta\" has"), ("{\"topics\": 1e99}", "\"topics\" has"), ("{\"seed\": -1}", "\"seed\" has"),
        ("{\"topics\": 0}", "topics 0 cannot be"), ("{\"beta\": -1}", "beta -1.0 cannot be"), ("{\"adam\": {\"rate\": 0}}", "learning-rate 0.0 cannot be"),
        ("{\"variant\": \"word\", \"particles\": 4}", "particles 4 cannot be"),
    ])
    func whatIsWrongIsSaid(_ text: String, says: String) throws {
        let error = try #require(throws: ModelFolderError.self) { try read(text) }
        #expect(error.exitCode == 65)
        #expect(error.what.contains(says), "it said: \(error.what)")
        #expect(error.remedy.contains("choose") || error.remedy.contains("give"))
    }

    @Test func placesThatCannotBeWrittenAreRefused() throws {
        let folder = try TuningFolder()
        func refused(_ path: String) throws -> Int32 { try #require(throws: ModelFolderError.self) { try SettingsFile.checkCanWrite(to: path) }.exitCode }
        try SettingsFile.checkCanWrite(to: folder.path("best.json"))
        #expect(try folder.entries().isEmpty)
        #expect(try refused("") == 73)
        #expect(try refused(folder.url.path) == 73)
        #expect(try refused(folder.path("nowhere/best.json")) == 73)
        try folder.write("log.tsv", Data("user\titem\n".utf8))
        #expect(try refused(folder.path("log.tsv")) == 73)
        // An earlier result makes room.
        try SettingsFile.write(FitSettings(), to: folder.path("best.json"))
        try SettingsFile.checkCanWrite(to: folder.path("best.json"))
        #expect(throws: ModelFolderError.self) { try SettingsFile.read(folder.path("nowhere")) }
    }
}
