import Corpora
import Foundation
import Kernels
import Testing
import TopicSampling
@testable import StochasticEM

@Suite struct FitTests {
    /// Each event of the training part is counted once, under its own item.
    @Test(arguments: ReproducibilityTests.ways.indices)
    func countsAreThoseOfTheTrainingPart(way: Int) throws {
        let whole = try SmallFit.log().corpus
        // A third of each sequence is kept from the fit.
        let log = Corpus(
            vocabulary: whole.vocabulary, users: whole.users, items: whole.items, starts: whole.starts,
            observed: (0..<whole.count).map { whole.length($0) * 2 / 3 })
        let settings = SmallFit.settings(ReproducibilityTests.ways[way].change)
        let model = try SmallFit.run(log, settings).model
        let training = ValidationSplit(log.training, share: settings.validation, seed: settings.seed).training
        #expect(training.items.count < log.training.items.count || settings.validation == 0)
        #expect(model.counts.violation == nil)
        for item in 0..<model.vocabulary.count {
            let counted = (0..<settings.topics).reduce(0) { $0 + model.counts.count(item, $1) }
            #expect(counted == training.items.count { Int($0) == item })
        }
        #expect(model.network.parameters.values.array.allSatisfy { $0.isFinite })
        #expect(abs(model.shares.reduce(0, +) - 1) < 1e-9)
    }

    /// Phases in order, warm-up first and for its share of the epochs; progress never goes back and ends at the epoch's whole.
    @Test(arguments: [FitSettings.Schedule.fused, .full])
    func tellsWhatItDoes(schedule: FitSettings.Schedule) throws {
        let log = try SmallFit.log().corpus
        var settings = SmallFit.settings { $0.epochs = 6 }
        settings.schedule = schedule
        var words: [String] = [], last: FitEvent.Progress?
        _ = try Fit(settings: settings, shards: Shards(threads: 1)).run(log) { event in
            switch event {
            case .preparing(let what): words.append(what)
            case .progress(let progress):
                if let before = last, before.epoch == progress.epoch { #expect(progress.tokens >= before.tokens) }
                #expect(progress.tokens <= progress.tokensOfEpoch && progress.trainPerplexity!.isFinite)
                last = progress
            case .epoch(let record):
                #expect(last?.epoch == record.epoch && last?.tokens == last?.tokensOfEpoch)
                #expect((record.moved > 0) == (record.phase == .joint))
                #expect(record.acceptRate == nil)
                words.append(record.phase.rawValue)
            case .collapse(let collapse): Issue.record("no collapse was to be seen: \(collapse)")
            case .resuming: Issue.record("it began at the beginning")
            }
        }
        #expect(words == ["clusters start", "warm-up", "warm-up", "joint", "joint", "joint", "joint"])
    }

    /// Topics that no event has, most of 400 here, are not expected before the network has learned anything.
    @Test func samplesOfTopicsStartFromTheirShares() throws {
        let log = try SmallFit.log().corpus
        let settings = SmallFit.settings {
            ($0.topics, $0.sampler, $0.particles, $0.negatives, $0.epochs, $0.adam.rate) = (400, .mh, 1, 3, 1, 1e-7)
        }
        let model = try SmallFit.run(log, settings).model
        let slot = try #require(model.network.parameters.slots.first { $0.name == "output_bias" })
        let biases = model.network.parameters.value(slot).row(0)
        let events = (0..<400).reduce(0) { $0 + Int(model.counts.totals[$1]) }
        #expect(abs((0..<400).reduce(0) { $0 + exp(biases[$1]) } - 1) < 1e-3)
        let least = (0..<400).reduce(0) { min($0, biases[$1]) }
        #expect(abs(exp(least) * Float(events + 400) - 1) < 1e-3)
    }

    @Test func acceptRateIsAShare() throws {
        let settings = SmallFit.settings { ($0.sampler, $0.particles) = (.mh, 1) }
        let records = try SmallFit.run(try SmallFit.log().corpus, settings).epochs
        for record in records {
            #expect(record.phase == .warmUp ? record.acceptRate == nil : (0.05...1).contains(record.acceptRate ?? -1))
        }
    }

    @Test func whatTheObserverThrowsEndsTheFit() throws {
        struct Enough: Error {}
        let fit = try Fit(settings: SmallFit.settings(), shards: Shards(threads: 2)), log = try SmallFit.log().corpus
        var epochs = 0
        #expect(throws: Enough.self) {
            _ = try fit.run(log) { event in
                if case .epoch = event { epochs += 1 }
                if epochs == 2 { throw Enough() }
            }
        }
        #expect(epochs == 2)
    }
}
