import Corpora
import Foundation
import Kernels
import StochasticEM
import Testing
@testable import Baselines

/// What every baseline owes, checked on all that the register lists.
@Suite struct RegisterTests {
    @Test func namesTellThemApart() {
        #expect(Set(SmallBaseline.names).count == SmallBaseline.names.count)
        #expect(!SmallBaseline.names.contains(ModelDescription.lla) && !SmallBaseline.names.contains(IndependentLearner.name))
        #expect(BaselineRegister.all.allSatisfy { !$0.summary.isEmpty })
    }

    @Test(arguments: SmallBaseline.names, [0, 2, 99])
    func lawsHold(name: String, from: Int) throws {
        func check<Model: Baseline>(_ type: Model.Type) throws {
            let log = try SmallBaseline.log(), model = try SmallBaseline.fitted(type)
            #expect(StepwiseLaws.violations(of: model, on: log, first: [Int](repeating: from, count: log.count)) == [])
            // Empty sequences, and some of one event.
            let odd = Corpus(
                vocabulary: log.vocabulary, users: ["a", "b", "c", "d"], items: [3, 0, 1, 1], starts: [0, 0, 1, 1, 4])
            #expect(StepwiseLaws.violations(of: model, on: odd, first: [0, from, 0, 1]) == [])
            let empty = Corpus(vocabulary: log.vocabulary, users: [], items: [], starts: [0])
            #expect(StepwiseLaws.violations(of: model, on: empty, first: []) == [])
        }
        try check(SmallBaseline.type(name))
    }

    /// What is loaded is what was saved, and says the same of a log.
    @Test(arguments: SmallBaseline.names)
    func folderKeepsEveryBit(name: String) throws {
        func check<Model: Baseline>(_ type: Model.Type) throws {
            let folder = try BaselineFolder(), path = folder.path + "/model", log = try SmallBaseline.log()
            var epochs: [BaselineEpoch] = []
            let model = try SmallBaseline.fitted(type) { if case .epoch(let record) = $0 { epochs.append(record) } }
            let options = try CorpusOptions(minCount: 3, observe: 0.6, sessionGap: 1800, dropRepeats: true)
            try model.save(to: path, options: options, training: epochs)
            let stored = try StoredModel.load(path), loaded = try #require(stored.model as? Model)
            #expect(SmallBaseline.bits(loaded) == SmallBaseline.bits(model))
            #expect(loaded.settings == model.settings && loaded.vocabulary == model.vocabulary)
            #expect(loaded.parameterCount == model.parameterCount && model.parameterCount.total > 0)
            #expect(SmallBaseline.reading(loaded, log) == SmallBaseline.reading(model, log))
            #expect(stored.corpus.minCount == 3 && stored.corpus.observe == 0.6 && stored.corpus.sessionGap == 1800 && stored.corpus.dropRepeats)
            let predictions = Predictor(loaded, count: 3, shards: Shards(threads: 1)).predict(log)
            #expect(predictions == Predictor(model, count: 3, shards: Shards(threads: 2)).predict(log))
            #expect(predictions.count == log.count && predictions.allSatisfy { $0.items.count == 3 && ($0.topics == nil) == !(model is any TopicModel) })
            guard case .baseline(let report) = try StoredModelReport(checking: path) else { throw SmallBaseline.NotThere(name: name) }
            #expect(report.kind == name && report.items == log.vocabulary.count && report.epochs == epochs.count)
            #expect(report.parameters == model.parameterCount.total)
            // LLA's own loader says what it is.
            let error = try #require(throws: ModelFolderError.self) { _ = try LatentLSTMAllocation.load(path) }
            #expect(error.exitCode == 65 && error.what.contains("\"\(name)\""))
        }
        try check(SmallBaseline.type(name))
    }

    @Test(arguments: SmallBaseline.names)
    func threadsDoNotMatter(name: String) throws {
        func check<Model: Baseline>(_ type: Model.Type) throws {
            let log = try SmallBaseline.log()
            let models = try [1, 2, 8].map { try SmallBaseline.fitted(type, threads: $0) }
            let tensors = models.map { SmallBaseline.bits($0) }
            #expect(tensors[0] == tensors[1] && tensors[1] == tensors[2])
            let readings = [1, 8].map { SmallBaseline.reading(models[0], log, threads: $0) }
            #expect(readings[0] == readings[1])
            // The checker's twin: another seed is seen, where there is one.
            if Model.Settings.options.contains(where: { $0.name == "seed" }) {
                #expect(SmallBaseline.bits(try SmallBaseline.fitted(type, seed: 4)) != tensors[0])
            }
        }
        try check(SmallBaseline.type(name))
    }

    /// The part of a log that is not observed changes nothing.
    @Test(arguments: SmallBaseline.names)
    func whatIsNotObservedIsNotSeen(name: String) throws {
        func check<Model: Baseline>(_ type: Model.Type) throws {
            let log = try SmallBaseline.log()
            #expect(SmallBaseline.bits(try SmallBaseline.fitted(type, to: log)) == SmallBaseline.bits(try SmallBaseline.fitted(type, to: log.training)))
        }
        try check(SmallBaseline.type(name))
    }

    /// Every option that is declared has a place where its value goes, and none else is taken.
    @Test(arguments: SmallBaseline.names)
    func optionsAreTakenOrRefused(name: String) throws {
        func check<Model: Baseline>(_ type: Model.Type) throws {
            for option in Model.Settings.options {
                let values: [any Sendable] = [
                    7, 0.25, UInt64(9), FitSettings.Start.lda, FitSettings.Precision.bf16, UnknownItems.input, UnknownItems.skip,
                ]
                let taken = values.contains { value in
                    var settings = Model.Settings()
                    return option.takes(value, in: &settings) && settings != Model.Settings()
                }
                #expect(taken, "\(option.name)")
            }
            #expect(throws: UnusedOption.self) { _ = try Model.Settings([GivenOption("particles", 3)], model: Model.name) }
            for (option, value) in [("topics", 0), ("epochs", 0), ("sweeps", 0), ("hidden", 0)] {
                guard Model.Settings.options.contains(where: { $0.name == option }) else { continue }
                #expect(throws: InvalidSetting.self, "\(option)") { _ = try Model.Settings([GivenOption(option, value)], model: Model.name) }
            }
        }
        try check(SmallBaseline.type(name))
    }

    /// An empty log is an error where there is something to learn, and never a crash.
    @Test(arguments: SmallBaseline.names)
    func nothingToLearnFrom(name: String) throws {
        func check<Model: Baseline>(_ type: Model.Type) throws {
            let vocabulary = Vocabulary(items: ["a", "b"], counts: [5, 5])
            let empty = Corpus(vocabulary: vocabulary, users: ["u"], items: [], starts: [0, 0])
            do {
                let model = try SmallBaseline.fitted(type, to: empty)
                #expect(StepwiseLaws.violations(of: model, on: empty, first: [0]) == [])
            } catch is EmptyCorpus {}
            // Two sequences: none can be kept aside.
            let tiny = Corpus(vocabulary: vocabulary, users: ["u", "v"], items: [0, 1, 1, 0, 0], starts: [0, 2, 5])
            let model = try SmallBaseline.fitted(type, to: tiny)
            #expect(StepwiseLaws.violations(of: model, on: tiny, first: [0, 0]) == [])
        }
        try check(SmallBaseline.type(name))
    }
}
