import Corpora
import Foundation
import Testing
@testable import StochasticEM

@Suite struct TrialsFileTests {
    /// Runs a search with trials and result in a folder.
    private func run(
        _ folder: TuningFolder, seed: UInt64 = 1, epochs: Int = 12, corpus: Corpus? = nil, score: (FitSettings) throws -> Double? = FakeSearch.score
    ) throws {
        let search = try FakeSearch.search(seed: seed, epochs: epochs)
        let trials = try TrialsFile(folder.path("trials"), header: SearchHeader(search, corpus: corpus ?? SmallFit.log().corpus))
        let best = try #require(try search.run(trials, score: score).best)
        try SettingsFile.write(best.settings, to: folder.path("best"))
    }

    private func whole() throws -> TuningFolder {
        let folder = try TuningFolder()
        try run(folder)
        return folder
    }

    @Test func afterACutAtEachTrialTheEndIsTheSame() throws {
        let whole = try whole()
        #expect(try whole.bytes("trials").count { $0 == UInt8(ascii: "\n") } == 15)
        for cut in 0...13 {
            let folder = try TuningFolder()
            #expect(throws: FakeSearch.Cut.self) { try run(folder, score: FakeSearch.score(for: cut)) }
            #expect(try folder.entries() == ["trials"])
            var fits = 0
            try run(folder) { settings in
                fits += 1
                return FakeSearch.score(settings)
            }
            #expect(fits == 14 - cut, "what is done is not done again")
            #expect(try folder.bytes("best") == whole.bytes("best"))
            #expect(try folder.bytes("trials") == whole.bytes("trials"))
        }
    }

    /// The twin: where scores change on the way, so does the end.
    @Test func theComparisonSeesAnotherEnd() throws {
        let whole = try whole(), folder = try TuningFolder()
        #expect(throws: FakeSearch.Cut.self) { try run(folder, score: FakeSearch.score(for: 5)) }
        try run(folder) { FakeSearch.score($0).map { -$0 } }
        #expect(try folder.bytes("best") != whole.bytes("best"))
        #expect(try folder.bytes("trials") != whole.bytes("trials"))
    }

    /// A program that is killed while it writes leaves any number of bytes.
    @Test func aLineCutOffIsWrittenAnew() throws {
        let whole = try whole(), all = try whole.bytes("trials")
        let header = try #require(all.firstIndex(of: UInt8(ascii: "\n")))
        let lengths = [0, 1, header - 1, header, header + 1, header + 2, all.count - 2, all.count - 1] + stride(from: 100, to: all.count, by: 211)
        for length in lengths {
            let folder = try TuningFolder()
            try folder.write("trials", all.prefix(length))
            try run(folder)
            #expect(try folder.bytes("trials") == all, "cut at \(length)")
            #expect(try folder.bytes("best") == whole.bytes("best"))
        }
    }

    private func refusal(_ folder: TuningFolder, _ work: () throws -> Void) throws -> ModelFolderError {
        let before = try folder.bytes("trials")
        let error = try #require(throws: ModelFolderError.self, performing: work)
        #expect(try folder.bytes("trials") == before, "what is there is left alone")
        return error
    }

    @Test func anotherSearchIsRefused() throws {
        let folder = try whole()
        let seed = try refusal(folder) { try run(folder, seed: 2) }
        #expect(seed.exitCode == 73 && seed.what.hasSuffix("which differs in seed") && seed.remedy.contains("remove the file"))
        let epochs = try refusal(folder) { try run(folder, epochs: 24) }
        #expect(epochs.exitCode == 73 && epochs.what.hasSuffix("which differs in rounds, epochs"))
        let log = try refusal(folder) { try run(folder, corpus: SmallFit.log(seed: 2).corpus) }
        #expect(log.exitCode == 73 && log.what.contains("sha256"))
    }

    @Test func whatIsNoFileOfTrialsIsLeftAlone() throws {
        for contents in ["a diary", "a diary\n", "{}\n", "{\"format_version\":\"1.1\"", "\n", "{\"format_version\":\"x\"}\n"] {
            let folder = try TuningFolder()
            try folder.write("trials", Data(contents.utf8))
            #expect(try refusal(folder) { try run(folder) }.exitCode == 73, "\(contents)")
        }
        let folder = try TuningFolder()
        try FileManager.default.createDirectory(atPath: folder.path("trials"), withIntermediateDirectories: false)
        #expect(try #require(throws: ModelFolderError.self) { try run(folder) }.exitCode == 73)
    }

    @Test func aLaterFormatIsRefused() throws {
        let folder = try whole()
        let text = String(decoding: try folder.bytes("trials"), as: UTF8.self)
        try folder.write("trials", Data(text.replacing("\"format_version\":\"1.0\"", with: "\"format_version\":\"2.0\"").utf8))
        let error = try refusal(folder) { try run(folder) }
        #expect(error.exitCode == 65 && error.what.contains("2.0") && error.remedy.contains("newer"))
    }

    @Test func damageIsSaidWithItsLine() throws {
        let whole = try whole()
        let lines = try whole.bytes("trials").split(separator: UInt8(ascii: "\n")).map { Data($0) }
        func refused(_ spoil: (inout [Data]) -> Void) throws -> (code: Int32, file: String) {
            let folder = try TuningFolder()
            var damaged = lines
            spoil(&damaged)
            try folder.write("trials", Data(damaged.flatMap { $0 + [UInt8(ascii: "\n")] }))
            let error = try refusal(folder) { try run(folder) }
            #expect(error.remedy.contains("before this line"))
            return (error.exitCode, String(error.file.suffix(9)))
        }
        #expect(try refused { $0[4] = Data("{}".utf8) } == (65, "/trials:5"))
        #expect(try refused { $0[4] = Data() } == (65, "/trials:5"))
        #expect(try refused { $0[4].removeLast() } == (65, "/trials:5"))
        #expect(try refused { $0.swapAt(2, 3) } == (65, "/trials:3"))
        #expect(try refused { $0.remove(at: 1) } == (65, "/trials:2"))
    }

    @Test func twoSearchesDoNotShareAFile() throws {
        let folder = try TuningFolder(), search = try FakeSearch.search()
        let header = SearchHeader(search, corpus: try SmallFit.log().corpus)
        let first = try TrialsFile(folder.path("trials"), header: header)
        let error = try #require(throws: ModelFolderError.self) { try TrialsFile(folder.path("trials"), header: header) }
        #expect(error.exitCode == 73 && error.what.contains("another search"))
        #expect(first.trials.isEmpty)
    }
}
