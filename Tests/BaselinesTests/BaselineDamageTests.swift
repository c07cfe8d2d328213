import Corpora
import Foundation
import Kernels
import TestSupport
import Testing
@testable import Baselines
@testable import StochasticEM

/// A baseline's folder that is damaged anywhere is refused, as LLA's is.
@Suite struct BaselineDamageTests {
    private static func judge(_ path: String) -> DamageTrials.Verdict {
        do {
            _ = try StoredModel.load(path)
            return .found("it was loaded")
        } catch let error as ModelFolderError where [65, 66].contains(error.exitCode) && error.file.hasPrefix(path) && !error.remedy.isEmpty {
            return .refused
        } catch {
            return .found("\(error)")
        }
    }

    /// Two models of one log; by other seeds, or of other logs where there is none.
    private static func models(_ name: String) throws -> (folder: BaselineFolder, paths: [String]) {
        let folder = try BaselineFolder()
        func save<Model: Baseline>(_ type: Model.Type, _ seed: UInt32) throws -> String {
            let path = "\(folder.path)/\(seed)"
            let model = try SmallBaseline.fitted(type, to: SmallBaseline.log(seed: seed), seed: UInt64(seed))
            try model.save(to: path, options: .standard, training: [BaselineEpoch(epoch: 1, tokensPerSecond: Double(seed))])
            return path
        }
        let type = try SmallBaseline.type(name)
        return (folder, try [1, 2].map { try save(type, $0) })
    }

    @Test(arguments: SmallBaseline.names)
    func everyDamageIsRefused(name: String) throws {
        let (folder, paths) = try Self.models(name)
        let trials = try DamageTrials(of: paths[0], another: paths[1], at: "\(folder.path)/damaged", judge: Self.judge)
        let summary = try trials.run(240, seed: 7)
        #expect(summary.refused == 240)
        #expect(summary.findings.isEmpty, "\(summary.findings.prefix(3))")
        #expect(summary.trials.count == FolderDamage.Kind.allCases.count)
    }

    /// Behind the checksums: what has the right ones is refused or makes a model that can be used, and nothing crashes.
    @Test(arguments: SmallBaseline.names)
    func damageWithRightChecksumsNeverCrashes(name: String) throws {
        let (folder, paths) = try Self.models(name)
        let log = try SmallBaseline.log()
        let trials = try DamageTrials(of: paths[0], another: paths[1], at: "\(folder.path)/damaged", amend: Self.sealed) { path in
            let verdict = Self.judge(path)
            if case .found = verdict, let model = try? StoredModel.load(path).model {
                _ = Predictor(model, count: 2, shards: Shards(threads: 1)).predict(log.selecting([0, 1]).numbered(below: model.vocabulary.count))
            }
            return verdict
        }
        let summary = try trials.run(240, seed: 8)
        #expect(summary.refused > 60 && summary.findings.count > 10)
        #expect(summary.findings.allSatisfy { $0.hasSuffix("it was loaded") }, "\(summary.findings.filter { !$0.hasSuffix("loaded") }.prefix(3))")
    }

    private static func sealed(_ files: FolderDamage.Files) throws -> FolderDamage.Files {
        var files = files
        let sums = try ModelFolder.summedFiles.map { name in
            ModelFolder.sumLine(try BytesInMemory(name: name, bytes: files[name] ?? []).sha256(), name)
        }
        files[ModelFolder.sumsFile] = Array(sums.joined().utf8)
        return files
    }

    /// Settings that ask for far more than there is are refused by the tensors that are there, before anything of that size is made.
    @Test(arguments: SmallBaseline.names, [("topics", 4, 16_000), ("hidden", 6, 16_000)])
    func sizesAreCheckedBeforeTheyAreMade(name: String, change: (key: String, from: Int, to: Int)) throws {
        let (folder, paths) = try Self.models(name)
        var files = try ModelFolder.read(paths[0])
        let text = String(decoding: files.settings, as: UTF8.self)
        let changed = text.replacing("\"\(change.key)\" : \(change.from)", with: "\"\(change.key)\" : \(change.to)")
        guard changed != text else { return }
        files.settings = Data(changed.utf8)
        try ModelFolder.write(files, to: folder.path + "/large")
        let error = try #require(throws: ModelFolderError.self) { _ = try StoredModel.load(folder.path + "/large") }
        #expect(error.exitCode == 65 && error.file.hasSuffix(ModelFolder.tensorFile))
    }

    /// Tensors that do not fit: each of them missing, of another shape, with a number that is none.
    @Test(arguments: SmallBaseline.names)
    func everyTensorIsLookedAt(name: String) throws {
        let (folder, paths) = try Self.models(name)
        let whole = try ModelFolder.read(paths[0])
        func check(_ tensors: [Tensor], _ what: String) throws {
            var files = whole
            files.tensors = tensors
            try ModelFolder.write(files, to: folder.path + "/spoilt")
            let error = try #require(throws: ModelFolderError.self, "\(what)") { _ = try StoredModel.load(folder.path + "/spoilt") }
            #expect(error.exitCode == 65 && error.file == folder.path + "/spoilt/" + ModelFolder.tensorFile, "\(what): \(error)")
        }
        for (place, tensor) in whole.tensors.enumerated() where tensor.shape.reduce(1, *) > 0 {
            var tensors = whole.tensors
            tensors.remove(at: place)
            try check(tensors, "without \(tensor.name)")
            func spoilt<Number: TensorElement>(_ numbers: [Number], _ wrong: Number) -> [Tensor] {
                var numbers = numbers, tensors = whole.tensors
                numbers[numbers.count / 2] = wrong
                tensors[place] = Tensor(tensor.name, shape: tensor.shape, numbers)
                return tensors
            }
            switch tensor.values {
            case .float32(let numbers):
                for wrong in [Float.nan, .infinity] { try check(spoilt(numbers, wrong), "\(tensor.name) with \(wrong)") }
                tensors = whole.tensors
                tensors[place] = Tensor(tensor.name, shape: [1] + tensor.shape, numbers)
                try check(tensors, "\(tensor.name) of another shape")
            case .int32(let numbers): try check(spoilt(numbers, -1), "\(tensor.name) with -1")
            case .uint32(let numbers): try check(spoilt(numbers, .max), "\(tensor.name) with a number past all items")
            default: Issue.record("\(tensor.name) is of another type")
            }
        }
    }

    @Test func aKindThatNobodyKnowsIsRefused() throws {
        let (folder, paths) = try Self.models("markov")
        var files = try ModelFolder.read(paths[0])
        files.settings = Data(String(decoding: files.settings, as: UTF8.self).replacing("\"markov\"", with: "\"oracle\"").utf8)
        try ModelFolder.write(files, to: folder.path + "/other")
        for load in [{ _ = try StoredModel.load($0) }, { _ = try StoredModelReport(checking: $0) }, { _ = try LatentLSTMAllocation.load($0) }] as [(String) throws -> Void] {
            let error = try #require(throws: ModelFolderError.self) { try load(folder.path + "/other") }
            #expect(error.exitCode == 65 && error.what.contains("\"oracle\"") && !error.remedy.isEmpty)
        }
    }

    /// A folder of one kind under the name of another.
    @Test func oneKindIsNotAnother() throws {
        let (folder, paths) = try Self.models("lda")
        let whole = try ModelFolder.read(paths[0])
        for name in SmallBaseline.names where name != "lda" {
            var files = whole
            files.settings = Data(String(decoding: files.settings, as: UTF8.self).replacing("\"lda\"", with: "\"\(name)\"").utf8)
            try ModelFolder.write(files, to: folder.path + "/other")
            // What LDA keeps is what ddLDA does: their settings differ.
            let error = try #require(throws: ModelFolderError.self, "\(name)") { _ = try StoredModel.load(folder.path + "/other") }
            #expect(error.exitCode == 65, "\(name)")
        }
    }
}

extension Corpus {
    /// The same events, for a vocabulary that may have lost some of its items.
    fileprivate func numbered(below items: Int) -> Corpus {
        let names = Vocabulary(items: (0..<items).map { "\($0)" }, counts: [Int](repeating: 1, count: items))
        return Corpus(vocabulary: names, users: users, items: self.items.map { $0 % UInt32(max(1, items)) }, starts: starts)
    }
}
