import Foundation
import Testing

/// Whatever is typed or fed: a message, a remedy and the documented exit code; no crash, no results, nothing written.
@Suite struct BadInputTests {
    @Test(arguments: BadInput.all)
    func isRefusedWithARemedy(_ bad: BadInput) throws {
        let folder = try bad.damage == nil ? Folder() : FittedModel.shared.get().copy()
        for (name, contents) in bad.files {
            try FileManager.default.createDirectory(at: folder.path(name).deletingLastPathComponent(), withIntermediateDirectories: true)
            try folder.write(name, contents)
        }
        try bad.damage?(folder)
        let before = try folder.entries()
        let outcome = try Program.run(bad.arguments, in: folder, input: bad.input)
        #expect(outcome.isExit)
        #expect(outcome.code == bad.code)
        #expect(outcome.messages.contains(bad.message), "it said: \(outcome.messages)")
        #expect(outcome.messages.contains(bad.remedy), "it said: \(outcome.messages)")
        #expect(outcome.messages.contains("lla: "))
        #expect(!outcome.movesCursor)
        // Rows that were read before the bad one may have been predicted.
        if bad.arguments.first != "predict" { #expect(outcome.text == "") }
        #expect(try folder.entries() == before)
    }

    @Test func thereAreFiftyKindsAndNamesTellThemApart() {
        #expect(BadInput.all.count >= 50)
        #expect(Set(BadInput.all.map(\.name)).count == BadInput.all.count)
    }

    /// The table's own twin: what is good is not refused, so that the rows fail where nothing is refused.
    @Test func goodInputIsNotRefused() throws {
        let folder = try Folder()
        try folder.write("log.tsv", Data(BadInput.good.utf8))
        let outcome = try Program.run(["fit", "log.tsv", "-o", "out"] + FittedModel.small, in: folder)
        #expect(outcome.code == 0, "it said: \(outcome.messages)")
        #expect(try folder.entries() == ["log.tsv", "out"])
    }
}
