import Corpora
import Foundation
import Kernels
import Testing
import TopicSampling
@testable import StochasticEM

@Suite struct EarlyStoppingTests {
    @Test func theBestIsKept() throws {
        let model = try EnumeratedModel.random(seed: 1)
        let weights = model.network.parameters.values, counts = model.counts
        var best = BestEpoch()
        /// An epoch that leaves a mark of its own in network and counts.
        func offer(_ perplexity: Double, epoch: Int) {
            weights.base[0] = Float(epoch)
            counts.restore([Int32](repeating: Int32(epoch), count: counts.items * counts.topics))
            counts.setConcentration(Float(epoch) / 4)
            best.offer(perplexity, epoch: epoch, network: model.network.prepared(shards: Shards(threads: 1)), counts: counts)
        }
        // Nothing was kept: what is there stands.
        offer(.nan, epoch: 7)
        best.restore(network: model.network, counts: counts)
        #expect(best.epoch == 0 && weights.base[0] == 7 && counts.count(0, 0) == 7)
        // The first of equals, and never a NaN.
        for (index, perplexity) in [50, 40, 40, .nan, 41, .infinity].enumerated() { offer(perplexity, epoch: index + 1) }
        #expect(best.epoch == 2 && best.perplexity == 40)
        best.restore(network: model.network, counts: counts)
        #expect(weights.base[0] == 2 && counts.count(0, 0) == 2)
        #expect(counts.violation == nil && abs(counts.inverseTotals[0] * (2 * 5 + 2.5) - 1) < 1e-6)
        #expect(counts.concentration == 0.5)
    }

    /// A log too small for its network, at a rate too high: validation gets worse soon.
    static func overfit(_ change: (inout FitSettings) -> Void) throws -> (settings: FitSettings, log: Corpus) {
        let settings = SmallFit.settings {
            ($0.hidden, $0.epochs, $0.dropout, $0.validation, $0.patience) = (32, 40, 0, 0.3, 3)
            $0.adam.rate = 0.03
            $0.finalRate = 1
            change(&$0)
        }
        return (settings, try SmallFit.log().corpus)
    }

    /// The model that is handed over scores what the best epoch did, exactly; and that is not the last epoch.
    @Test func bestEpochIsRestored() throws {
        let (settings, log) = try EarlyStoppingTests.overfit { $0.warmUp = 0.1 }
        let (model, epochs) = try SmallFit.run(log, settings)
        let scores = epochs.compactMap(\.validationPerplexity)
        #expect(scores.count == epochs.count)
        let split = ValidationSplit(log.training, share: settings.validation, seed: settings.seed)
        let filter = ParticleFilter(
            network: model.network, counts: model.counts, particles: settings.validationParticles, seed: settings.seed)
        let scored = filter.logLikelihood(
            split.validation, first: [Int](repeating: 0, count: split.validation.count), shards: Shards(threads: 1))
        #expect(exp(-scored.sum / Double(scored.tokens)) == scores.min())
        #expect(try #require(scores.last) > 1.02 * (try #require(scores.min())), "the log was to be overfitted")
    }

    /// The fit ends the moment that `patience` joint epochs brought nothing better, and not before.
    @Test(arguments: [1, 3, 5])
    func patienceIsRespected(patience: Int) throws {
        let (settings, log) = try EarlyStoppingTests.overfit { ($0.patience, $0.warmUp) = (patience, 0.1) }
        let epochs = try SmallFit.run(log, settings).epochs
        let scores = epochs.compactMap(\.validationPerplexity)
        let warmUps = epochs.count { $0.phase == .warmUp }
        #expect(epochs.count < settings.epochs)
        var best = (epoch: 0, score: Double.infinity)
        for (index, score) in scores.enumerated() {
            #expect(index == 0 || index - max(best.epoch, warmUps) < patience, "epoch \(index + 1) was one too many")
            if score < best.score { best = (index + 1, score) }
        }
        #expect(scores.count - max(best.epoch, warmUps) == patience)
    }

    /// A warm-up that overfits must not take the joint epochs' chance from them.
    @Test func warmUpDoesNotUsePatienceUp() throws {
        let (settings, log) = try EarlyStoppingTests.overfit { ($0.patience, $0.warmUp, $0.epochs) = (4, 0.75, 40) }
        let epochs = try SmallFit.run(log, settings).epochs
        let warmUps = epochs.filter { $0.phase == .warmUp }.compactMap(\.validationPerplexity)
        let best = try #require(warmUps.indices.min { warmUps[$0] < warmUps[$1] })
        #expect(best + 1 + settings.patience < warmUps.count, "the warm-up was to overfit")
        #expect(epochs.count { $0.phase == .joint } >= settings.patience)
    }

    /// Where no joint epochs follow, patience is the warm-up's: the fit ends the moment that it is used up, and not before.
    @Test(arguments: [1, 3])
    func aWarmUpAloneHasPatience(patience: Int) throws {
        let (settings, log) = try EarlyStoppingTests.overfit { ($0.patience, $0.warmUp) = (patience, 1) }
        let epochs = try SmallFit.run(log, settings).epochs
        let scores = epochs.compactMap(\.validationPerplexity)
        #expect(epochs.count < settings.epochs && scores.count == epochs.count && epochs.allSatisfy { $0.phase == .warmUp })
        var best = (epoch: 0, score: Double.infinity)
        for (index, score) in scores.enumerated() {
            #expect(index - best.epoch < patience, "epoch \(index + 1) was one too many")
            if score < best.score { best = (index + 1, score) }
        }
        #expect(scores.count - best.epoch == patience)
    }

    /// Without validation all epochs run, and the last one stands.
    @Test func withoutValidationTheLastEpochStands() throws {
        let (settings, log) = try EarlyStoppingTests.overfit { ($0.validation, $0.epochs) = (0, 12) }
        let (model, epochs) = try SmallFit.run(log, settings)
        #expect(epochs.count == 12 && epochs.allSatisfy { $0.validationPerplexity == nil })
        #expect(model.counts.total == log.items.count)
        // Not that of an earlier epoch: one epoch less is another model (the rate does not fall here).
        let (shorter, _) = try SmallFit.run(log, { var s = settings; s.epochs = 11; s.warmUp = 0.3 * 12 / 11; return s }())
        #expect(SmallFit.bits(shorter) != SmallFit.bits(model))
    }
}
