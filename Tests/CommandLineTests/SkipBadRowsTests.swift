import Foundation
import Testing

/// `--skip-bad-rows` in every verb that reads logs.
@Suite struct SkipBadRowsTests {
    /// A folder with the small log, its model, and the same log with three bad rows in it.
    private func folder() throws -> Folder {
        let folder = try FittedModel.shared.get().copy()
        var lines = String(decoding: try Data(contentsOf: folder.path("toy.tsv")), as: UTF8.self).split(separator: "\n").map(String.init)
        let columns = try #require(lines.first).split(separator: "\t").count
        lines.insert("alone", at: 40)
        lines.insert("\u{0}", at: 80)
        lines.insert(String(repeating: "\t", count: columns - 1), at: 120)
        try folder.write("dirty.tsv", Data((lines.joined(separator: "\n") + "\n").utf8))
        return folder
    }

    static let verbs: [(name: String, arguments: @Sendable (_ log: String) -> [String])] = [
        ("fit", { ["fit", $0, "-o", "\($0).model", "--observe", "0.6"] + FittedModel.small }),
        ("evaluate", { ["evaluate", "toy.model", $0, "--json"] }),
        ("predict", { ["predict", "toy.model", $0] }),
        ("predict, gathered", { ["predict", "toy.model", $0, "--gather"] }),
        ("topics", { ["topics", "toy.model", $0] }),
        ("tune", { ["tune", $0, "-o", "\($0).json"] + TuneTests.small.dropFirst(4) + ["-q"] }),
    ]

    @Test(arguments: verbs.indices)
    func whatIsSaidIsWhatTheCleanLogSays(index: Int) throws {
        let (name, arguments) = Self.verbs[index]
        let folder = try folder()
        let clean = try Program.run(arguments("toy.tsv"), in: folder)
        #expect(clean.code == 0, "\(name) said: \(clean.messages)")
        let dirty = try Program.run(arguments("dirty.tsv") + ["--skip-bad-rows", "3"], in: folder)
        #expect(dirty.code == 0, "\(name) said: \(dirty.messages)")
        #expect(dirty.text.replacing("dirty.tsv", with: "toy.tsv") == clean.text)
        #expect(dirty.messages.contains("lla: warning: 3 bad rows were left out: "))
        #expect(dirty.messages.contains("dirty.tsv:41: 1 field where"))
        #expect(!clean.messages.contains("left out"))
        if name == "fit" {
            #expect(try Data(contentsOf: folder.path("dirty.tsv.model/SHA256SUMS")).prefix(64) == Data(contentsOf: folder.path("toy.tsv.model/SHA256SUMS")).prefix(64))
        }

        let tooMany = try Program.run(arguments("dirty.tsv") + ["--skip-bad-rows", "2"], in: folder)
        #expect(tooMany.code == 65)
        #expect(tooMany.messages.contains("it is one bad row more than --skip-bad-rows 2 lets pass"))
        #expect(tooMany.messages.contains("lla: warning: 2 bad rows were left out: "))
        #expect(try Program.run(arguments("dirty.tsv"), in: folder).code == 65)
    }

    @Test func inspectCountsThem() throws {
        let folder = try folder()
        let outcome = try Program.run(["inspect", "dirty.tsv", "--json", "--skip-bad-rows", "9"], in: folder)
        #expect(outcome.code == 0)
        let report = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
        let badRows = try #require((report["log"] as? [String: Any])?["bad_rows"] as? [String: Any])
        #expect(badRows["total"] as? Int == 3)
        #expect((badRows["first"] as? [String])?.count == 3)
        #expect(badRows["kinds"] as? [String: Int] == ["fields": 1, "nul": 1, "missing": 1])
    }

    /// JSON lists all of them, and people see the first few.
    @Test func allAreListedInJSON() throws {
        let folder = try folder(), rows = (0..<9).map { "b\($0)\n" }.joined()
        try folder.write("many.tsv", Data(("user\titem\nu\ta\n" + rows).utf8))
        let outcome = try Program.run(["inspect", "many.tsv", "--json", "--skip-bad-rows", "9", "--min-count", "1"], in: folder)
        let report = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
        let badRows = try #require((report["log"] as? [String: Any])?["bad_rows"] as? [String: Any])
        #expect(badRows["first"] as? [String] == (3..<12).map { "many.tsv:\($0): 1 field where the header has 2" })
        #expect(outcome.messages.hasSuffix("\n  and 4 more\n") && outcome.messages.split(separator: "\n").count == 7)
    }

    @Test func aNumberBelowZeroIsWrongUsage() throws {
        let outcome = try Program.run(["inspect", "toy.tsv", "--skip-bad-rows", "-1"], in: folder())
        #expect(outcome.code == 64)
        #expect(outcome.messages.contains("--skip-bad-rows"))
    }
}
