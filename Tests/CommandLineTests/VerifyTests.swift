import Foundation
import Testing

/// What `lla verify` says of whole and of damaged models.
@Suite struct VerifyTests {
    private func objects(_ outcome: Program.Outcome) throws -> [[String: Any]] {
        try outcome.lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
    }

    @Test func aWholeModelIsDescribedInAFewLines() throws {
        let outcome = try Program.run(["verify", "toy.model"], in: FittedModel.shared.get().copy())
        #expect(outcome.code == 0)
        #expect(outcome.messages == "")
        #expect(outcome.text.hasPrefix("toy.model: whole; 4 topics, "))
        #expect(outcome.lines.first?.hasSuffix(" items, 3 epochs") == true)
        #expect((3...6).contains(outcome.lines.count))
        #expect(outcome.text.contains("topic variant, 8 hidden units") && outcome.text.contains("format 1."))
    }

    @Test func jsonSaysTheSame() throws {
        let outcome = try Program.run(["verify", "toy.model", "--json"], in: FittedModel.shared.get().copy())
        #expect(outcome.code == 0)
        let report = try #require(try objects(outcome).first)
        #expect(Set(report.keys) == [
            "whole", "model", "format_version", "variant", "topics", "hidden", "items", "seed", "parameters", "events", "epochs",
            "validation_perplexity", "bytes", "has_checkpoint", "other_files",
        ])
        #expect(report["whole"] as? Bool == true && report["topics"] as? Int == 4 && report["epochs"] as? Int == 3)
    }

    /// The command's twin: a model that is not whole. All are looked at, and the first refusal decides.
    @Test func ofSeveralAllAreLookedAt() throws {
        let folder = try FittedModel.shared.get().copy()
        try FileManager.default.copyItem(at: folder.path("toy.model"), to: folder.path("cut.model"))
        try Data(contentsOf: folder.path("cut.model/vocabulary.tsv")).dropLast().write(to: folder.path("cut.model/vocabulary.tsv"))
        let outcome = try Program.run(["verify", "cut.model", "absent", "toy.model"], in: folder)
        #expect(outcome.code == 65)
        #expect(outcome.text.hasPrefix("toy.model: whole; "))
        #expect(outcome.messages.contains("lla: cut.model/vocabulary.tsv: it does not have the checksum"))
        #expect(outcome.messages.contains("restore it from a copy"))
        #expect(outcome.messages.contains("\nlla: absent: "))
        #expect(try Program.run(["verify", "absent", "cut.model"], in: folder).code == 66)

        let json = try Program.run(["verify", "cut.model", "toy.model", "--json"], in: folder)
        #expect(json.code == 65)
        let reports = try objects(json)
        #expect(reports.map { $0["whole"] as? Bool } == [false, true])
        #expect(reports[0]["file"] as? String == "cut.model/vocabulary.tsv")
        #expect((reports[0]["remedy"] as? String)?.isEmpty == false)
    }

    @Test func aCheckpointIsReadAndStrangersAreNamed() throws {
        let folder = try FittedModel.shared.get().copy()
        try FileManager.default.copyItem(at: folder.path("toy.model"), to: folder.path("inner"))
        try FileManager.default.moveItem(at: folder.path("inner"), to: folder.path("toy.model/checkpoint"))
        try folder.write("toy.model/notes.txt", Data("mine".utf8))
        let whole = try Program.run(["verify", "toy.model"], in: folder)
        #expect(whole.code == 0)
        #expect(whole.text.contains("checkpoint  there is one") && whole.text.contains("besides     notes.txt"))
        try folder.write("toy.model/checkpoint/settings.json", Data("{}".utf8))
        let damaged = try Program.run(["verify", "toy.model"], in: folder)
        #expect(damaged.code == 65)
        #expect(damaged.messages.contains("toy.model/checkpoint/settings.json: "))
    }
}
