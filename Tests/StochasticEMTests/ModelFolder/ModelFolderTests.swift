import Corpora
import Foundation
import TestSupport
import Testing
@testable import StochasticEM

@Suite struct ModelFolderTests {
    @Test func `What is written is read`() throws {
        let folder = try TemporaryFolder()
        let model = try someModel(names: nastyNames)
        let path = "\(folder.path)/model"
        try ModelFolder.write(model, to: path)
        let read = try ModelFolder.read(path)
        #expect(try same(read, model))
        #expect(try read.settings(as: SomeSettings.self, model: path) == SomeSettings())
        #expect(try read.numbers("weights", shape: [2, 3], as: Float.self, model: path) == [0.1, -2.5, 3e-30, 7, -0.0, 1])
        for (number, name) in nastyNames.enumerated() where name != "é" && name != "e\u{301}" {
            #expect(read.vocabulary.number(of: name) == UInt32(number))
        }
        #expect(try folder.entries == ["model"])
    }

    @Test func `A tensor of another name, type or shape is refused`() throws {
        let model = try someModel()
        #expect(throws: ModelFolderError.self) { try model.numbers("absent", shape: [1], as: Float.self, model: "m") }
        #expect(throws: ModelFolderError.self) { try model.numbers("weights", shape: [3, 2], as: Float.self, model: "m") }
        #expect(throws: ModelFolderError.self) { try model.numbers("weights", shape: [2, 3], as: Double.self, model: "m") }
    }

    @Test func `An empty model is a model`() throws {
        let folder = try TemporaryFolder()
        let model = try ModelFiles(
            tensors: [], vocabulary: Vocabulary(items: [], counts: []), settings: SomeSettings(), training: [SomeEpoch]())
        try ModelFolder.write(model, to: "\(folder.path)/model")
        #expect(try same(ModelFolder.read("\(folder.path)/model"), model))
    }

    @Test func `The same model makes the same bytes`() throws {
        let folder = try TemporaryFolder()
        var model = try someModel()
        try ModelFolder.write(model, to: "\(folder.path)/a")
        model.tensors.reverse()
        try ModelFolder.write(model, to: "\(folder.path)/b")
        for file in ModelFolder.summedFiles + [ModelFolder.sumsFile] {
            #expect(FileManager.default.contentsEqual(atPath: "\(folder.path)/a/\(file)", andPath: "\(folder.path)/b/\(file)"))
        }
    }

    @Test(.enabled(if: ExternalProgram(["sha256sum"]) != nil, "there is no sha256sum on this machine"))
    func `sha256sum agrees with the checksums`() throws {
        let folder = try TemporaryFolder()
        try ModelFolder.write(someModel(), to: "\(folder.path)/model")
        let program = try #require(ExternalProgram(["sha256sum"]))
        let (status, output) = try program.run(["--strict", "-c", "SHA256SUMS"], in: "\(folder.path)/model")
        #expect(status == 0)
        #expect(String(decoding: output, as: UTF8.self) == ModelFolder.summedFiles.map { "\($0): OK\n" }.joined())
    }

    @Test(.enabled(
        if: ExternalProgram.pythonHas("safetensors", "numpy"),
        "python3 (or the one that LLA_PYTHON names) lacks the packages safetensors and numpy"))
    func `Python reads the same numbers and names`() throws {
        struct Printed: Decodable {
            let tensors: [String: SafetensorsTests.Printed]
            let items: [String]
        }
        let folder = try TemporaryFolder()
        let model = try someModel(names: nastyNames)
        try ModelFolder.write(model, to: "\(folder.path)/model")
        let (status, output) = try #require(ExternalProgram.python).run([Golden.script("read_model.py"), "\(folder.path)/model"])
        #expect(status == 0)
        let printed = try JSONDecoder().decode(Printed.self, from: output)
        #expect(printed.tensors == Dictionary(uniqueKeysWithValues: model.tensors.map { ($0.name, SafetensorsTests.Printed($0)) }))
        #expect(printed.items.map { Array($0.utf8) } == nastyNames.map { Array($0.utf8) })
    }

    @Test func `Every changed byte is noticed`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/model"
        try ModelFolder.write(someModel(), to: path)
        for name in ModelFolder.summedFiles + [ModelFolder.sumsFile] {
            let file = "\(path)/\(name)"
            let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: file)))
            let handle = try #require(FileHandle(forUpdatingAtPath: file))
            for position in bytes.indices {
                for bit in 0..<8 {
                    try handle.seek(toOffset: UInt64(position))
                    try handle.write(contentsOf: [bytes[position] ^ 1 << bit])
                    let error = try refusal(of: path)
                    if error == nil || error?.exitCode != 65 {
                        Issue.record("bit \(bit) of byte \(position) of \(name): \(error.map(String.init(describing:)) ?? "accepted")")
                    }
                }
                try handle.seek(toOffset: UInt64(position))
                try handle.write(contentsOf: [bytes[position]])
            }
            try handle.close()
        }
        #expect(try refusal(of: path) == nil)
    }

    @Test(arguments: ModelFolder.summedFiles + [ModelFolder.sumsFile])
    func `A file that is cut, longer, away, a folder or another's is noticed`(name: String) throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/model", file = "\(folder.path)/model/\(name)"
        try ModelFolder.write(someModel(), to: path)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        for count in 0..<bytes.count {
            try bytes.prefix(count).write(to: URL(fileURLWithPath: file))
            if try refusal(of: path)?.exitCode != 65 { Issue.record("the first \(count) bytes of \(name) pass") }
        }
        try (bytes + [10]).write(to: URL(fileURLWithPath: file))
        #expect(try refusal(of: path)?.exitCode == 65)
        for other in ModelFolder.summedFiles + [ModelFolder.sumsFile] where other != name {
            try FileManager.default.removeItem(atPath: file)
            try FileManager.default.copyItem(atPath: "\(path)/\(other)", toPath: file)
            #expect(try refusal(of: path)?.exitCode == 65)
        }
        try FileManager.default.removeItem(atPath: file)
        let error = try #require(try refusal(of: path))
        #expect(error.exitCode == 65)
        #expect(error.file.hasSuffix(name))
        try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: false)
        #expect(try refusal(of: path) != nil)
    }

    @Test func `A later major version is refused by name, a later minor one is read`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/model"
        let settings = "\(path)/settings.json"
        try ModelFolder.write(someModel(), to: path)
        let text = try String(contentsOfFile: settings, encoding: .utf8)
        let later = text.replacing("\"\(ModelFolder.formatVersion)\"", with: "\"2.7\"")
        #expect(later != text)
        try later.write(toFile: settings, atomically: false, encoding: .utf8)
        // Its other files may be anything.
        try FileManager.default.removeItem(atPath: "\(path)/vocabulary.tsv")
        let error = try #require(try refusal(of: path))
        #expect(error.exitCode == 65)
        #expect(error.description.contains("2.7"))

        var model = try someModel()
        model.settings = Data(#"{"format_version":"1.9","unheard_of":[1]}"#.utf8)
        try ModelFolder.write(model, to: "\(folder.path)/minor")
        #expect(try same(ModelFolder.read("\(folder.path)/minor"), model))
    }

    @Test(arguments: ["{}", "[]", "", #"{"format_version":1}"#, #"{"format_version":"1"}"#, #"{"format_version":"01.0"}"#,
                      #"{"format_version":"2.0"}"#, #"{"format_version":"-1.0"}"#])
    func `Settings without this format's version are not written`(settings: String) throws {
        let folder = try TemporaryFolder()
        var model = try someModel()
        model.settings = Data(settings.utf8)
        #expect(throws: ModelFolderError.self) { try ModelFolder.write(model, to: "\(folder.path)/model") }
        #expect(try folder.entries.isEmpty)
    }

    @Test func `Two items of one name are not written`() throws {
        let folder = try TemporaryFolder()
        let model = try someModel(names: ["milk", "bread", "milk"])
        #expect(throws: ModelFolderError.self) { try ModelFolder.write(model, to: "\(folder.path)/model") }
        #expect(try folder.entries.isEmpty)
    }

    @Test func `What is not there, or is no model, is refused as such`() throws {
        let folder = try TemporaryFolder()
        #expect(try refusal(of: "\(folder.path)/absent")?.exitCode == 66)
        #expect(try refusal(of: folder.path)?.exitCode == 66)
        let file = "\(folder.path)/file"
        try "text".write(toFile: file, atomically: false, encoding: .utf8)
        #expect(try refusal(of: file)?.exitCode == 66)
        #expect(try refusal(of: "")?.exitCode == 66)
    }
}
