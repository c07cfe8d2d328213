import Corpora
import Foundation
import Testing
@testable import StochasticEM

@Suite struct ModelReportTests {
    /// Every way to fit makes models that a report has nothing against.
    @Test(arguments: ReproducibilityTests.ways.indices)
    func fittedModelsAreWhole(way: Int) throws {
        let (model, epochs, _) = try SavedModelTests.fitted(ReproducibilityTests.ways[way].change)
        let folder = try TemporaryFolder(), path = folder.path + "/model"
        try model.save(to: path, options: .standard, training: epochs)
        let report = try ModelReport(checking: path)
        #expect(report.topics == model.settings.topics && report.items == model.vocabulary.count && report.epochs == epochs.count)
        #expect(report.events == model.counts.total)
        #expect(report.formatVersion == ModelFolder.formatVersion.description)
        #expect(!report.hasCheckpoint && report.otherFiles.isEmpty)
    }

    /// Folders that a load accepts, since no prediction depends on what is wrong with them.
    static let faults: [(name: String, file: String, spoil: @Sendable (inout ModelFiles) throws -> Void)] = [
        ("an epoch twice", ModelFolder.trainingFile, { $0.training.append($0.training[$0.training.count - 1]) }),
        ("an epoch away", ModelFolder.trainingFile, { $0.training.removeFirst() }),
        ("an epoch too many", ModelFolder.trainingFile, { files in
            let last = String(decoding: files.training[files.training.count - 1], as: UTF8.self)
            files.training.append(Data(last.replacing("\"epoch\":2", with: "\"epoch\":3").utf8))
        }),
        ("a perplexity below zero", ModelFolder.trainingFile, { files in
            let first = String(decoding: files.training[0], as: UTF8.self)
            files.training[0] = Data(first.replacing("\"train_perplexity\":", with: "\"train_perplexity\":-").utf8)
        }),
        ("an event too many", ModelFolder.tensorFile, { files in
            try SavedModelTests.spoilCounts(&files) { $0[3] += 1000 }
        }),
        ("an item seen too seldom", ModelFolder.tensorFile, { files in
            files.vocabulary = Vocabulary(items: files.vocabulary.items, counts: files.vocabulary.items.map { _ in 0 })
        }),
    ]

    @Test(arguments: faults.indices)
    func whatALoadDoesNotLookAtIsLookedAt(index: Int) throws {
        let (name, file, spoil) = Self.faults[index]
        let (model, epochs, _) = try SavedModelTests.fitted()
        let folder = try TemporaryFolder(), path = folder.path + "/model"
        try model.save(to: path, options: .standard, training: epochs)
        var files = try ModelFolder.read(path)
        try spoil(&files)
        try ModelFolder.write(files, to: path)
        _ = try LatentLSTMAllocation.load(path)
        let error = try #require(throws: ModelFolderError.self, "\(name)") { _ = try ModelReport(checking: path) }
        #expect(error.exitCode == 65)
        #expect(error.file == "\(path)/\(file)", "\(name): \(error)")
    }

    /// Every minor version of the major one is read, whatever settings it has that this program does not know; the next major
    /// one is refused, with the version named, by a load as by a report.
    @Test func minorVersionsAreReadAndLaterMajorOnesRefused() throws {
        let (model, epochs, _) = try SavedModelTests.fitted()
        let folder = try TemporaryFolder(), path = folder.path + "/model"
        try model.save(to: path, options: .standard, training: epochs)
        var files = try ModelFolder.read(path)
        try SavedModelTests.edit(&files, "\"format_version\" : \"1.1\"", "\"format_version\" : \"1.4\", \"unheard_of\" : {}")
        try ModelFolder.write(files, to: path)
        #expect(SmallFit.bits(try LatentLSTMAllocation.load(path).model) == SmallFit.bits(model))
        #expect(try ModelReport(checking: path).formatVersion == "1.4")

        let settings = "\(path)/\(ModelFolder.settingsFile)"
        try String(decoding: files.settings, as: UTF8.self).replacing("1.4", with: "2.0").write(toFile: settings, atomically: false, encoding: .utf8)
        for read in [{ _ = try LatentLSTMAllocation.load(path) }, { _ = try ModelReport(checking: path) }] as [() throws -> Void] {
            let error = try #require(throws: ModelFolderError.self) { try read() }
            #expect(error.exitCode == 65 && error.file == settings && error.what.contains("format version 2.0"))
        }
    }
}
