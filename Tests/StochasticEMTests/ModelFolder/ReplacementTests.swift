import Foundation
import Synchronization
import Testing
@testable import StochasticEM

@Suite struct ReplacementTests {
    let files = FileManager.default

    @Test func `A model takes the place of another, and nothing else is left`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/model"
        try ModelFolder.write(someModel(scale: 1), to: path)
        let second = try someModel(names: ["tea"], scale: 2)
        try ModelFolder.write(second, to: path + "/")
        #expect(try same(ModelFolder.read(path), second))
        #expect(try folder.entries == ["model"])
    }

    @Test func `An empty folder is filled, and a relative path is taken`() throws {
        let folder = try TemporaryFolder()
        try files.createDirectory(atPath: "\(folder.path)/model", withIntermediateDirectories: false)
        try ModelFolder.write(someModel(), to: "\(folder.path)/./model")
        #expect(try refusal(of: "\(folder.path)/model") == nil)
    }

    @Test func `A link to a model stays a link`() throws {
        let folder = try TemporaryFolder()
        try ModelFolder.write(someModel(scale: 1), to: "\(folder.path)/model")
        try files.createSymbolicLink(atPath: "\(folder.path)/link", withDestinationPath: "model")
        let second = try someModel(scale: 2)
        try ModelFolder.write(second, to: "\(folder.path)/link")
        #expect(try same(ModelFolder.read("\(folder.path)/model"), second))
        #expect(try files.destinationOfSymbolicLink(atPath: "\(folder.path)/link") == "model")
    }

    @Test func `A link to a file stays a link, and one that leads nowhere is refused`() throws {
        let folder = try TemporaryFolder(), file = "\(folder.path)/file", link = "\(folder.path)/link", dangling = "\(folder.path)/dangling"
        try ReplaceableFile.write(Data("old".utf8), to: file)
        try files.createSymbolicLink(atPath: link, withDestinationPath: "file")
        #expect(try ReplaceableFile.checkCanWrite(to: link))
        try ReplaceableFile.write(Data("new".utf8), to: link)
        #expect(files.contents(atPath: file) == Data("new".utf8))
        #expect(try files.destinationOfSymbolicLink(atPath: link) == "file")
        try files.createSymbolicLink(atPath: dangling, withDestinationPath: "nowhere")
        let error = #expect(throws: ModelFolderError.self) { _ = try ReplaceableFile.checkCanWrite(to: dangling) }
        #expect(error?.exitCode == 73)
        #expect(try folder.entries == ["dangling", "file", "link"])
    }

    @Test func `Folders that are not models are left alone`() throws {
        let folder = try TemporaryFolder()
        func expectRefused(_ path: String) throws {
            // Not of the system's folders, which change while this runs.
            let isOurs = path.hasPrefix(folder.path)
            let before = isOurs ? try? files.subpathsOfDirectory(atPath: path) : nil
            for attempt in [{ try ModelFolder.checkCanWrite(to: path) }, { try ModelFolder.write(someModel(), to: path) }] {
                let error = #expect(throws: ModelFolderError.self) { try attempt() }
                #expect(error?.exitCode == 73)
            }
            #expect(!isOurs || before == (try? files.subpathsOfDirectory(atPath: path)))
        }
        func make(_ name: String, _ entries: [String]) throws -> String {
            let path = "\(folder.path)/\(name)"
            try files.createDirectory(atPath: path, withIntermediateDirectories: false)
            for entry in entries { try "{}".write(toFile: "\(path)/\(entry)", atomically: false, encoding: .utf8) }
            return path
        }
        try expectRefused(make("photos", ["cat.jpg"]))
        try expectRefused(make(".vscode", ["settings.json"]))
        try expectRefused(make("weights", ["model.safetensors"]))
        try expectRefused(make("hidden", [".git"]))
        let annotated = "\(folder.path)/annotated"
        try ModelFolder.write(someModel(), to: annotated)
        try "mine".write(toFile: "\(annotated)/notes.txt", atomically: false, encoding: .utf8)
        try expectRefused(annotated)
        #expect(try refusal(of: annotated) == nil)
        try "text".write(toFile: "\(folder.path)/file", atomically: false, encoding: .utf8)
        try files.createSymbolicLink(atPath: "\(folder.path)/dangling", withDestinationPath: "nowhere")
        for path in ["/", "/tmp", "/proc", "/dev/null", "", ".", "..", "\(folder.path)/file", "\(folder.path)/file/model",
                     "\(folder.path)/absent/model", "\(folder.path)/dangling", "/proc/model", "\(folder.path)/\(String(repeating: "x", count: 300))"] {
            try expectRefused(path)
        }
        #expect(try folder.entries == [".vscode", "annotated", "dangling", "file", "hidden", "photos", "weights"])
    }

    @Test func `A check leaves nothing behind`() throws {
        let folder = try TemporaryFolder()
        try ModelFolder.checkCanWrite(to: "\(folder.path)/model")
        #expect(try folder.entries.isEmpty)
    }

    @Test func `A damaged model may be replaced`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/model"
        try ModelFolder.write(someModel(), to: path)
        try files.removeItem(atPath: "\(path)/settings.json")
        try ModelFolder.write(someModel(), to: path)
        #expect(try refusal(of: path) == nil)
    }

    @Test func `A checkpoint is carried over, or dropped`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/model", checkpoint = "\(folder.path)/model/checkpoint"
        // A fit that has not ended yet has nothing but its checkpoint.
        try files.createDirectory(atPath: path, withIntermediateDirectories: false)
        try ModelFolder.write(someModel(scale: 3), to: checkpoint)
        try files.createDirectory(atPath: "\(path)/.checkpoint.writing-dead", withIntermediateDirectories: false)
        try ModelFolder.write(someModel(scale: 1), to: path)
        #expect(try same(ModelFolder.read(checkpoint), someModel(scale: 3)))
        #expect(try files.contentsOfDirectory(atPath: path).count == 6)
        try ModelFolder.write(someModel(scale: 2), to: path, checkpoint: .carriedOver)
        #expect(try same(ModelFolder.read(checkpoint), someModel(scale: 3)))
        try ModelFolder.write(someModel(scale: 2), to: path, checkpoint: .dropped)
        #expect(try refusal(of: checkpoint)?.exitCode == 66)
        #expect(try refusal(of: path) == nil)
    }

    @Test func `What killed processes left is cleared away, work under way is not`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/model"
        for name in [".model.writing-1", ".model.replaced-2", ".models.writing-3"] {
            try files.createDirectory(atPath: "\(folder.path)/\(name)", withIntermediateDirectories: false)
        }
        let underWay = try StagingFolder(for: ReplaceableFolder(path))
        try ModelFolder.fill(underWay, with: someModel(scale: 2))
        try ModelFolder.write(someModel(scale: 1), to: path)
        let other = String(underWay.path.split(separator: "/").last!)
        #expect(try folder.entries == [".models.writing-3", other, "model"].sorted())
        #expect(try same(ModelFolder.read(path), someModel(scale: 1)))
        try underWay.publish(as: ReplaceableFolder(path))
        #expect(try same(ModelFolder.read(path), someModel(scale: 2)))
        #expect(try folder.entries == [".models.writing-3", "model"])
    }

    @Test func `Without an exchange of names the old model steps aside`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/model"
        try ModelFolder.write(someModel(scale: 1), to: path)
        let target = try ReplaceableFolder(path)
        let staging = try StagingFolder(for: target)
        try ModelFolder.fill(staging, with: someModel(scale: 2))
        try staging.publishInTwoSteps(as: target)
        #expect(try same(ModelFolder.read(path), someModel(scale: 2)))
        #expect(try folder.entries == ["model"])
    }

    @Test func `A write that fails leaves the old model`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/model"
        try ModelFolder.write(someModel(scale: 1), to: path)
        var second = try someModel(scale: 2)
        // The tensors are written before this is found.
        second.tensors.append(second.tensors[0])
        #expect(throws: ModelFolderError.self) { try ModelFolder.write(second, to: path) }
        #expect(try same(ModelFolder.read(path), someModel(scale: 1)))
        #expect(try folder.entries == ["model"])
    }

    /// Whether the system and its temporary file system can swap two names.
    static func canExchange() throws -> Bool {
        let folder = try TemporaryFolder()
        for name in ["a", "b"] {
            try FileManager.default.createDirectory(atPath: "\(folder.path)/\(name)", withIntermediateDirectories: false)
        }
        return exchange("\(folder.path)/a", "\(folder.path)/b") == 0
    }

    /// A service that loads a model while the nightly fit replaces it.
    @Test(.enabled("the file system cannot swap two names") { try ReplacementTests.canExchange() })
    func `A model that is read while it is replaced is the old one or the new one`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/model"
        let first = try someModel(scale: 1), second = try someModel(scale: 2)
        try ModelFolder.write(first, to: path)
        let isDone = Atomic(false)
        DispatchQueue.concurrentPerform(iterations: 2) { worker in
            do {
                if worker == 0 {
                    for round in 1...60 { try ModelFolder.write(round.isMultiple(of: 2) ? first : second, to: path) }
                    isDone.store(true, ordering: .releasing)
                } else {
                    repeat {
                        let read = try ModelFolder.read(path)
                        if try !same(read, first) && !same(read, second) { Issue.record("a mixture was read") }
                    } while !isDone.load(ordering: .acquiring)
                }
            } catch {
                isDone.store(true, ordering: .releasing)
                Issue.record("\(error)")
            }
        }
    }
}
