import Corpora
import Foundation
import Kernels
import TestSupport
import Testing
@testable import StochasticEM

/// A model that is damaged anywhere is refused; `Experiments/robustness/damage` does the same at many more places.
@Suite struct DamagedModelTests {
    private static func judge(_ path: String) -> DamageTrials.Verdict {
        do {
            _ = try LatentLSTMAllocation.load(path)
            return .found("it was loaded")
        } catch let error as ModelFolderError where [65, 66].contains(error.exitCode) && error.file.hasPrefix(path) && !error.remedy.isEmpty {
            return .refused
        } catch {
            return .found("\(error)")
        }
    }

    /// Two models of one log, by different seeds.
    private static func models() throws -> (folder: TemporaryFolder, paths: [String]) {
        let folder = try TemporaryFolder()
        let paths = try [1, 2].map { (seed: UInt64) in
            let (model, epochs, _) = try SavedModelTests.fitted { $0.seed = seed }
            let path = "\(folder.path)/\(seed)"
            try model.save(to: path, options: .standard, training: epochs)
            return path
        }
        return (folder, paths)
    }

    @Test func everyDamageIsRefused() throws {
        let (folder, paths) = try Self.models()
        let trials = try DamageTrials(of: paths[0], another: paths[1], at: "\(folder.path)/damaged", judge: Self.judge)
        let summary = try trials.run(1200, seed: 7)
        #expect(summary.refused == 1200)
        #expect(summary.findings.isEmpty, "\(summary.findings.prefix(3))")
        #expect(summary.trials.count == FolderDamage.Kind.allCases.count)
    }

    /// A checkpoint in the folder is guarded as the model is: whatever is damaged, who loads the one or goes on from the other is told.
    @Test func everyDamageBesideACheckpointIsRefused() throws {
        let (folder, paths) = try Self.models()
        let log = try SmallFit.log().corpus
        for (path, seed) in zip(paths, [1, 2] as [UInt64]) {
            try CheckpointFolder(model: path).keep(try StoppedFit.stop(log, SmallFit.settings { $0.seed = seed }, after: 20).checkpoint)
        }
        var resumed = 0
        let trials = try DamageTrials(of: paths[0], another: paths[1], at: "\(folder.path)/damaged") { path in
            let verdict = Self.judge(path)
            guard case .found("it was loaded") = verdict else { return verdict }
            resumed += 1
            do {
                _ = try CheckpointFolder(model: path).latest()
                return .found("model and checkpoint were loaded")
            } catch let error as ModelFolderError where error.exitCode == 65 && error.file.contains("/checkpoint") && !error.remedy.isEmpty {
                return .refused
            } catch {
                return .found("\(error)")
            }
        }
        let summary = try trials.run(600, seed: 9)
        #expect(summary.refused == 600 && summary.findings.isEmpty, "\(summary.findings.prefix(3))")
        // About half of the files are the checkpoint's.
        #expect((200...400).contains(resumed), "\(resumed)")
    }

    /// Behind the checksums: what has the right ones is refused or makes a model that can be used, and nothing crashes. That
    /// many pass is the twin of the test above: where no checksum guards a folder, damage is found out.
    @Test func damageWithRightChecksumsNeverCrashes() throws {
        let (folder, paths) = try Self.models()
        let log = try SmallFit.log().corpus
        func sealed(_ files: FolderDamage.Files) throws -> FolderDamage.Files {
            var files = files
            let sums = try ModelFolder.summedFiles.map { name in
                ModelFolder.sumLine(try BytesInMemory(name: name, bytes: files[name] ?? []).sha256(), name)
            }
            files[ModelFolder.sumsFile] = Array(sums.joined().utf8)
            return files
        }
        let trials = try DamageTrials(of: paths[0], another: paths[1], at: "\(folder.path)/damaged", amend: sealed) { path in
            let verdict = Self.judge(path)
            if case .found = verdict, let model = try? LatentLSTMAllocation.load(path).model {
                _ = Predictor(model, count: 2, shards: Shards(threads: 1)).predict(log.selecting([0, 1]))
            }
            return verdict
        }
        let summary = try trials.run(1200, seed: 8)
        #expect(summary.refused > 300 && summary.findings.count > 100)
        #expect(summary.findings.allSatisfy { $0.hasSuffix("it was loaded") }, "\(summary.findings.filter { !$0.hasSuffix("loaded") }.prefix(3))")
    }
}
