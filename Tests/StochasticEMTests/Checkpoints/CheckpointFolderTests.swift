import Corpora
import Foundation
import Kernels
import Testing
@testable import StochasticEM

@Suite struct CheckpointFolderTests {
    private static func checkpoint(after count: Int = 20) throws -> FitCheckpoint {
        try StoppedFit.stop(try SmallFit.log().corpus, SmallFit.settings { ($0.topics, $0.epochs) = (3, 2) }, after: count).checkpoint
    }

    private static func same(_ left: FitCheckpoint, _ right: FitCheckpoint) throws -> Bool {
        try Safetensors.encode(left.tensors) == Safetensors.encode(right.tensors) && left.epochs == right.epochs
            && left.identity == right.identity
    }

    @Test func whatIsKeptIsFound() throws {
        let temporary = try TemporaryFolder()
        let folder = try CheckpointFolder(model: temporary.path + "/model")
        #expect(try folder.latest() == nil && !folder.hasCheckpoint)
        for count in [20, 30] {
            let checkpoint = try CheckpointFolderTests.checkpoint(after: count)
            try folder.keep(checkpoint)
            #expect(try CheckpointFolderTests.same(try #require(try folder.latest()), checkpoint))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path + "/model").sorted() == ["checkpoint", "fit.lock"])
        folder.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path + "/model") == ["checkpoint"])
    }

    /// The model takes the checkpoint's place in one step, and there is no way to tell that a fit had been stopped.
    @Test func aModelTakesItsPlace() throws {
        let temporary = try TemporaryFolder(), path = temporary.path + "/model"
        let folder = try CheckpointFolder(model: path)
        try folder.keep(try CheckpointFolderTests.checkpoint())
        try ModelFolder.write(someModel(), to: path, checkpoint: .dropped)
        // Another fit may begin now; the first one must not take its lock away.
        let second = try CheckpointFolder(model: path)
        folder.close()
        #expect(throws: ModelFolderError.self) { try CheckpointFolder.checkCanOpen(model: path) }
        second.close()
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: path)) == Set(ModelFolder.summedFiles + [ModelFolder.sumsFile]))
        #expect(try temporary.entries == ["model"])
    }

    @Test func oneFitAtATime() throws {
        let temporary = try TemporaryFolder(), path = temporary.path + "/model"
        do {
            let folder = try CheckpointFolder(model: path)
            let error = #expect(throws: ModelFolderError.self) { try CheckpointFolder.checkCanOpen(model: path) }
            #expect(error?.exitCode == 73 && error?.what == "another fit is writing to it")
            withExtendedLifetime(folder) {}
        }
        // What a killed fit leaves: the file, and no lock.
        #expect(try temporary.entries.isEmpty)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try Data().write(to: URL(fileURLWithPath: path + "/fit.lock"))
        try CheckpointFolder.checkCanOpen(model: path)
        #expect(try temporary.entries == ["model"], "a folder that was there stays")
    }

    @Test func anyDamageIsRefusedWithTheRemedy() throws {
        let temporary = try TemporaryFolder()
        let folder = try CheckpointFolder(model: temporary.path + "/model")
        try folder.keep(try CheckpointFolderTests.checkpoint())
        for name in ModelFolder.summedFiles + [ModelFolder.sumsFile] {
            let file = URL(fileURLWithPath: "\(folder.path)/\(name)"), whole = try Data(contentsOf: file)
            var flipped = whole
            flipped[whole.count / 2] ^= 4
            for damaged in [flipped, whole.dropLast(), Data()] {
                try damaged.write(to: file)
                let error = #expect(throws: ModelFolderError.self) { try folder.latest() }
                #expect(error?.exitCode == 65 && error?.remedy.contains("leave out --resume") == true)
            }
            try FileManager.default.removeItem(at: file)
            #expect(throws: ModelFolderError.self) { try folder.latest() }
            try whole.write(to: file)
        }
        #expect(try folder.latest() != nil)
        // The next one takes its place all the same.
        try Data().write(to: URL(fileURLWithPath: "\(folder.path)/model.safetensors"))
        try folder.keep(try CheckpointFolderTests.checkpoint())
        #expect(try folder.latest() != nil)
    }

    /// On file systems that cannot swap names a kill may come when the old checkpoint has stepped aside.
    @Test func oneThatSteppedAsideIsFound() throws {
        let temporary = try TemporaryFolder()
        let folder = try CheckpointFolder(model: temporary.path + "/model"), checkpoint = try CheckpointFolderTests.checkpoint()
        try folder.keep(checkpoint)
        try FileManager.default.moveItem(atPath: folder.path, toPath: temporary.path + "/model/.checkpoint.replaced-1")
        #expect(try CheckpointFolderTests.same(try #require(try folder.latest()), checkpoint))
    }

    @Test func itIsDueAfterAPause() throws {
        let temporary = try TemporaryFolder()
        for (minutes, isDue) in [(0.0, true), (1e-9, true), (1.0, false), (.infinity, false)] {
            let folder = try CheckpointFolder(model: temporary.path + "/model", minutes: minutes)
            #expect(folder.isDue == isDue, "\(minutes) minutes")
            folder.close()
        }
    }
}
