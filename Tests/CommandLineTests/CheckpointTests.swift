import Foundation
import TestSupport
import Testing

/// Fits that are stopped, killed, and resumed, as a user does it.
@Suite struct CheckpointTests {
    /// Long enough to be stopped in the midst of it.
    private static let long = ["fit", "toy.tsv", "-o", "out", "--patience", "1000"] + FittedModel.small.map { ["3": "60"][$0] ?? $0 }

    /// Runs until something was said, then stops it.
    private func stop(_ arguments: [String], in folder: Folder, at words: String, by number: Int32) throws -> Program.Outcome {
        let streams = try Program.Streams()
        let process = try Program.start(arguments, in: folder, streams: streams)
        while process.isRunning, try !streams.said().contains(words) { usleep(1_000) }
        kill(process.processIdentifier, number)
        process.waitUntilExit()
        return try streams.outcome(of: process)
    }

    /// Checksums of all but the epochs, and these without their speed.
    private func result(_ folder: Folder) throws -> (sums: [Substring], epochs: [NSDictionary]) {
        let sums = try String(contentsOf: folder.path("out/SHA256SUMS"), encoding: .utf8).split(separator: "\n")
        let epochs = try String(contentsOf: folder.path("out/training.jsonl"), encoding: .utf8).split(separator: "\n").map {
            var epoch = try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            #expect(epoch.removeValue(forKey: "tokens_per_second") != nil)
            return epoch as NSDictionary
        }
        return (sums.filter { !$0.contains("training.jsonl") }, epochs)
    }

    private static let whole = Result {
        let folder = try FittedModel.shared.get().copy()
        let outcome = try Program.run(long, in: folder)
        #expect(outcome.code == 0, "it said: \(outcome.messages)")
        return folder
    }

    /// It says how to go on, and goes on with another number of threads to the same end.
    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGKILL, 9)] as [(Int32, Int32)])
    func whatWasStoppedGoesOn(_ number: Int32, code: Int32) throws {
        let folder = try FittedModel.shared.get().copy()
        let stopped = try stop(Self.long, in: folder, at: "epoch 5 ", by: number)
        #expect(stopped.code == code && stopped.isExit == (number != SIGKILL))
        if number != SIGKILL {
            let last = "\nlla: stopped; go on with: lla \(Self.long.joined(separator: " ")) --resume\n"
            #expect(stopped.messages.hasSuffix(last), "it said: \(stopped.messages)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("out").path) == ["checkpoint"])
        }
        // What is there is no model yet.
        let early = try Program.run(["topics", "out"], in: folder)
        #expect(early.code == 66 && early.messages.contains("there is no model in it"))

        let resumed = try Program.run(Self.long + ["--resume", "--threads", "2"], in: folder)
        #expect(resumed.code == 0, "it said: \(resumed.messages)")
        #expect(resumed.messages.contains("\ngoing on behind "))
        #expect(!resumed.messages.contains("\nepoch 4 ") && resumed.messages.contains("\nepoch 60 "))
        let (here, there) = try (result(folder), result(Self.whole.get()))
        #expect(here.sums == there.sums && here.sums.count == 3)
        #expect(here.epochs == there.epochs && here.epochs.count == 60)
        #expect(try folder.entries() == ["toy.tsv", "toy.model", "out"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("out").path).count == 5)
    }

    @Test func anotherFitDoesNotGoOn() throws {
        let folder = try FittedModel.shared.get().copy()
        _ = try stop(Self.long, in: folder, at: "epoch 3 ", by: SIGINT)
        let before = try Data(contentsOf: folder.path("out/checkpoint/model.safetensors"))
        let differences = [
            (["--topics", "5"], "topics is 4 there and 5 here"), (["--dropout", "0.3"], "dropout is 0.2 there and 0.3 here"),
            (["--observe", "0.5"], "the log is another: "), (["--min-count", "40"], "the log is another: "),
        ]
        for (options, difference) in differences {
            let outcome = try Program.run(Self.long + options + ["--resume"], in: folder)
            #expect(outcome.code == 73)
            #expect(outcome.messages.contains("out/checkpoint: is of another fit: \(difference)"), "it said: \(outcome.messages)")
            #expect(outcome.messages.contains("leave out --resume to begin anew"))
        }
        #expect(try Data(contentsOf: folder.path("out/checkpoint/model.safetensors")) == before)

        try folder.write("out/checkpoint/model.safetensors", before.dropLast(8))
        let damaged = try Program.run(Self.long + ["--resume"], in: folder)
        #expect(damaged.code == 65)
        #expect(damaged.messages.contains("checkpoint/model.safetensors: it does not have the checksum"), "it said: \(damaged.messages)")
        #expect(damaged.messages.contains("leave out --resume to begin anew"))

        // Anew, it is in nobody's way; and said to be there, for it is replaced.
        let anew = try Program.run(["fit", "toy.tsv", "-o", "out"] + FittedModel.small, in: folder)
        #expect(anew.code == 0 && anew.messages.contains("lla: warning: the checkpoint in "))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("out").path).count == 5)
    }

    /// A rival keeps no checkpoint, and cannot go on from one: a fit that has not come to its end is not lost to it.
    @Test func aRivalDoesNotTakeItsPlace() throws {
        let folder = try FittedModel.shared.get().copy()
        _ = try stop(Self.long, in: folder, at: "epoch 3 ", by: SIGINT)
        let before = try Data(contentsOf: folder.path("out/checkpoint/model.safetensors"))
        let rival = try Program.run(["fit", "toy.tsv", "-o", "out", "--model", "markov"], in: folder)
        #expect(rival.code == 73)
        #expect(rival.messages.contains("out/checkpoint: is the checkpoint of another fit"), "it said: \(rival.messages)")
        #expect(rival.messages.contains("go on from it with --resume"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("out").path) == ["checkpoint"])
        #expect(try Data(contentsOf: folder.path("out/checkpoint/model.safetensors")) == before)
        #expect(try Program.run(Self.long + ["--resume"], in: folder).code == 0)
        // That fit has left none: the rival takes the place of its model.
        #expect(try Program.run(["fit", "toy.tsv", "-o", "out", "--model", "markov"], in: folder).code == 0)
    }

    /// Nothing to go on from is no error, so that one command line serves always; a model that is done does not matter.
    @Test func withoutACheckpointItBeginsAnew() throws {
        let folder = try FittedModel.shared.get().copy()
        let options = ["fit", "toy.tsv", "-o", "toy.model", "--observe", "0.6", "--resume"] + FittedModel.small
        let before = try Data(contentsOf: folder.path("toy.model/model.safetensors"))
        let outcome = try Program.run(options, in: folder)
        #expect(outcome.code == 0 && outcome.messages.contains("there is no checkpoint in toy.model: the fit begins anew"))
        #expect(try Data(contentsOf: folder.path("toy.model/model.safetensors")) == before)
    }

    @Test func twoFitsDoNotShareAFolder() throws {
        let folder = try FittedModel.shared.get().copy()
        let streams = try Program.Streams()
        let first = try Program.start(Self.long, in: folder, streams: streams)
        while first.isRunning, try !streams.said().contains("epoch 1 ") { usleep(1_000) }
        let second = try Program.run(Self.long + ["--resume"], in: folder)
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
        #expect(second.code == 73)
        #expect(second.messages.contains("out: another fit is writing to it (wait for it, or name another folder)"), "it said: \(second.messages)")
        // The lock went with its process.
        #expect(try Program.run(Self.long + ["--resume"], in: folder).code == 0)
    }

    @Test func numbersThatAreNotFiniteEndIt() throws {
        let folder = try FittedModel.shared.get().copy()
        let before = try folder.entries()
        let outcome = try Program.run(["fit", "toy.tsv", "-o", "out", "--learning-rate", "1e300"] + FittedModel.small, in: folder)
        #expect(outcome.code == 69)
        #expect(outcome.messages.contains(" is not finite after block "), "it said: \(outcome.messages)")
        #expect(outcome.messages.contains(" of epoch 1 (lower --learning-rate (it is 1e+300) or --clip-norm (it is 1.0)"))
        #expect(try folder.entries() == before)
    }

    /// The short form of what `Experiments/robustness` does with a hundred kills.
    @Test(.enabled(if: ExternalProgram.python != nil, "there is no Python on this machine"))
    func killedFitsGoOn() throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Experiments/robustness/kill.py")
        let (status, output) = try #require(ExternalProgram.python).run([script.path, "--kills", "6", "--program", Program.path])
        #expect(status == 0, "it said: \(String(decoding: output, as: UTF8.self))")
        #expect(String(decoding: output, as: UTF8.self).contains("| kills | 6 |"))
    }
}
