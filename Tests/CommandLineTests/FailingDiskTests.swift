import Foundation
import Testing

/// Disks that are full or may not be written to, and folders that go: a documented exit code, one line that says what and where, and
/// what was there before is there still.
@Suite(.serialized, .enabled(if: SmallDisk.canBeMounted, SmallDisk.why)) struct FailingDiskTests {
    private static let large = ["-K", "40", "-H", "64", "--epochs", "3", "--min-count", "1", "-q"]

    private func expect(_ outcome: Program.Outcome, code: Int32, says words: String, line: SourceLocation = #_sourceLocation) {
        #expect(outcome.isExit && outcome.code == code, "it said: \(outcome.messages)", sourceLocation: line)
        #expect(outcome.messages.hasPrefix("lla: ") && outcome.messages.contains(words), "it said: \(outcome.messages)", sourceLocation: line)
    }

    /// What cannot be kept ends the fit, and leaves the model that was there, and no pieces.
    @Test func aModelThatDoesNotFitLeavesTheOldOne() throws {
        let folder = try FittedModel.shared.get().copy(), disk = try SmallDisk(bytes: 1 << 18)
        let model = disk.path("model")
        let first = try Program.run(["fit", "toy.tsv", "-o", model, "-q"] + FittedModel.small, in: folder)
        #expect(first.code == 0, "it said: \(first.messages)")
        let before = try disk.contents()
        let second = try Program.run(["fit", "toy.tsv", "-o", model] + Self.large, in: folder)
        expect(second, code: 74, says: "model.safetensors: cannot be written (No space left on device) (check the room on the disk")
        #expect(try disk.contents() == before)
        #expect(try Program.run(["verify", model], in: folder).code == 0)
    }

    /// A checkpoint that was written is there to go on from, once there is room.
    @Test func theLastCheckpointStands() throws {
        let folder = try FittedModel.shared.get().copy(), disk = try SmallDisk(bytes: 1 << 21)
        let fit = ["fit", "toy.tsv", "-o", disk.path("model"), "--checkpoint-minutes", "0"] + ["-K", "20", "-H", "32", "--epochs", "40", "--min-count", "1"]
        let streams = try Program.Streams()
        let process = try Program.start(fit, in: folder, streams: streams)
        while process.isRunning, try !streams.said().contains("epoch 3 ") { usleep(1_000) }
        // Whoever takes the room may come between two checkpoints or into one.
        try? disk.fill()
        process.waitUntilExit()
        let full = try streams.outcome(of: process)
        #expect(full.isExit && full.code == 74, "it said: \(full.messages)")
        #expect(full.messages.contains("the last checkpoint is in \(disk.path("model/checkpoint")); go on with: lla \(fit.joined(separator: " ")) --resume\n"))
        try FileManager.default.removeItem(atPath: disk.path("filling"))
        let resumed = try Program.run(fit + ["--resume"], in: folder)
        #expect(resumed.code == 0 && resumed.messages.contains("\ngoing on behind "), "it said: \(resumed.messages)")
        let whole = try Program.run(fit.map { $0 == disk.path("model") ? "whole" : $0 }, in: folder)
        #expect(whole.code == 0)
        #expect(try Data(contentsOf: folder.path("whole/model.safetensors")) == FileManager.default.contents(atPath: disk.path("model/model.safetensors")))
    }

    @Test func aFullDiskIsToldFromAPlaceThatIsNone() throws {
        let folder = try FittedModel.shared.get().copy(), disk = try SmallDisk(bytes: 1 << 17)
        try disk.fill()
        expect(try Program.run(["fit", "toy.tsv", "-o", disk.path("model"), "-q"] + FittedModel.small, in: folder), code: 74, says: "No space left on device")
        expect(try Program.run(["synthesize", "-o", disk.path("log.tsv")], in: folder), code: 74, says: "log.tsv: cannot write: No space left on device")
        expect(
            try Program.run(["tune", "toy.tsv", "-o", disk.path("best.json"), "--epochs", "2", "--candidates", "2", "--min-count", "1", "-q"], in: folder),
            code: 74, says: "best.json.trials.jsonl")
        // Pieces would take room, and pass for something whole.
        #expect(try disk.entries().subtracting(["filling", "best.json.trials.jsonl"]).isEmpty)
    }

    /// What the shell opens is written to as well.
    @Test(arguments: [["predict", "toy.model", "toy.tsv"], ["topics", "toy.model"], ["evaluate", "toy.model", "toy.tsv"], ["hierarchy", "toy.model"], ["synthesize"], ["--help"]])
    func resultsThatDoNotFitAreAnError(_ words: [String]) throws {
        let folder = try FittedModel.shared.get().copy(), disk = try SmallDisk(bytes: 4096)
        try Data().write(to: URL(fileURLWithPath: disk.path("results")))
        try disk.fill()
        let output = try #require(FileHandle(forWritingAtPath: disk.path("results")))
        let outcome = try Program.run(words, in: folder, output: output)
        #expect(outcome.isExit && outcome.code == 74, "it said: \(outcome.messages)")
        if words != ["--help"] { expect(outcome, code: 74, says: "standard output: cannot write: No space left on device") }
    }

    @Test func nothingIsWrittenWhereNothingMayBe() throws {
        let folder = try FittedModel.shared.get().copy(), disk = try SmallDisk(bytes: 1 << 20)
        try FileManager.default.copyItem(atPath: folder.path("toy.model").path, toPath: disk.path("model"))
        try disk.makeReadOnly()
        let before = try disk.contents()
        for name in ["model", "other"] {
            expect(try Program.run(["fit", "toy.tsv", "-o", disk.path(name)] + FittedModel.small, in: folder), code: 73, says: "\(name): cannot be made in")
        }
        expect(try Program.run(["synthesize", "-o", disk.path("log.tsv")], in: folder), code: 73, says: "log.tsv: cannot write: Read-only file system")
        expect(try Program.run(["tune", "toy.tsv", "-o", disk.path("best.json"), "-q"], in: folder), code: 73, says: "nothing can be written to")
        #expect(try disk.contents() == before)
        // To read there is all that it takes.
        let read = try Program.run(["predict", disk.path("model"), "toy.tsv"], in: folder)
        #expect(read.code == 0 && read.lines.count == 120 && read.messages == "")
    }
}

/// Inputs and folders that go while they are needed.
@Suite struct LostFilesTests {
    /// The kernel's memory opens like a file, and cannot be read from its start.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/mem"))) func aLogThatCannotBeReadIsNoInput() throws {
        let folder = try FittedModel.shared.get().copy(), before = try folder.entries()
        for words in [["inspect", "/proc/self/mem"], ["fit", "/proc/self/mem", "-o", "out"], ["predict", "toy.model", "/proc/self/mem"]] {
            let outcome = try Program.run(words, in: folder)
            #expect(outcome.isExit && outcome.code == 66)
            #expect(outcome.messages == "lla: /proc/self/mem: cannot read: Input/output error (check the disk or the pipe)\n")
        }
        #expect(try folder.entries() == before)
    }

    /// A folder that somebody removes ends the fit at the next checkpoint.
    @Test func aFolderThatGoesIsSaid() throws {
        let folder = try FittedModel.shared.get().copy()
        let streams = try Program.Streams()
        let fit = ["fit", "toy.tsv", "-o", "out", "--patience", "1000"] + FittedModel.small.map { ["3": "100000"][$0] ?? $0 }
        let process = try Program.start(fit, in: folder, streams: streams)
        while process.isRunning, try !streams.said().contains("epoch 2 ") { usleep(1_000) }
        // A checkpoint that comes in between is one more file to remove.
        while FileManager.default.fileExists(atPath: folder.path("out").path) { try? FileManager.default.removeItem(at: folder.path("out")) }
        process.waitUntilExit()
        let outcome = try streams.outcome(of: process)
        #expect(outcome.isExit && [73, 74].contains(outcome.code))
        #expect(outcome.messages.contains("\nlla: ") && outcome.messages.contains("/out"), "it said: \(outcome.messages)")
        let left = try folder.entries().subtracting(["toy.tsv", "toy.model", "out"])
        #expect(left.isEmpty)
    }

    /// Whoever writes the log may die: what came is no whole row.
    @Test func aPipeThatBreaksOffIsBadData() throws {
        let folder = try FittedModel.shared.get().copy()
        let outcome = try Program.run(["fit", "-", "-o", "out"], in: folder, input: Data("user\ttime\titem\nu\t1\ti\nu\t2".utf8))
        #expect(outcome.code == 65 && outcome.messages.contains("standard input:3: 2 fields where the header has 3"))
    }

    /// Verbs whose results are long and verbs whose results are one line.
    @Test(arguments: [["predict", "toy.model", "toy.tsv"], ["topics", "toy.model"], ["evaluate", "toy.model", "toy.tsv", "--json"], ["hierarchy", "toy.model"],
                      ["inspect", "toy.tsv"], ["verify", "toy.model"], ["synthesize"], ["--help"], ["fit", "--help"]])
    func aReaderWhoLeavesIsNoError(_ words: [String]) throws {
        let folder = try FittedModel.shared.get().copy(), pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let outcome = try Program.run(words, in: folder, output: pipe.fileHandleForWriting)
        #expect(outcome.isExit && outcome.code == 0 && outcome.messages == "")
    }
}
