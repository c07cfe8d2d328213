import Corpora
import Foundation
import Kernels
import Testing
@testable import StochasticEM

/// Numbers that are not finite end a fit, and are never kept.
@Suite struct DivergenceTests {
    /// A rate past all floats: the weights are not finite after the first step.
    @Test(arguments: FitSettings.Precision.allCases.filter(\.isAvailable))
    func aRateTooHighIsNamed(precision: FitSettings.Precision) throws {
        let log = try SmallFit.log().corpus, store = CheckpointInMemory()
        store.isDue = true
        let fit = try Fit(settings: SmallFit.settings { ($0.adam.rate, $0.precision) = (1e300, precision) }, shards: Shards(threads: 2))
        let error = try #require(#expect(throws: Divergence.self) { _ = try fit.run(log, keeping: store) { _ in } })
        #expect(error.epoch == 1 && error.block == 1 && error.restart == nil)
        #expect(error.description == "the weights \"recurrent\" is not finite after block 1 of epoch 1")
        #expect(error.remedy.contains("--learning-rate (it is 1e+300)"))
        #expect(store.last == nil)
        // Without checkpoints it shows a block later.
        let later = try #require(#expect(throws: Divergence.self) { _ = try fit.run(log) { _ in } })
        #expect(later.epoch == 1 && later.block == 2)
    }

    /// One number that is not finite, wherever it comes from, is found before it is kept; the checkpoint before it stands.
    @Test(arguments: ["fit/network/values", "fit/adam/mean", "fit/adam/square"])
    func oneNumberIsEnough(name: String) throws {
        let log = try SmallFit.log().corpus, settings = SmallFit.settings()
        var (checkpoint, _) = try StoppedFit.stop(log, settings, after: 5)
        let place = try #require(checkpoint.tensors.firstIndex { $0.name == name })
        var numbers = try #require(Float.taken(from: checkpoint.tensors[place].values))
        numbers[3] = .infinity
        checkpoint.tensors[place] = Tensor(name, shape: [numbers.count], numbers)
        for isDue in [false, true] {
            let store = CheckpointInMemory()
            store.isDue = isDue
            #expect(throws: Divergence.self) {
                _ = try Fit(settings: settings, shards: Shards(threads: 1)).run(log, from: checkpoint, keeping: store) { _ in }
            }
            #expect(store.kept == 0)
        }
    }

    /// A search goes on behind a candidate that came to nothing.
    @Test func aSearchGoesOn() throws {
        let log = try SmallFit.log().corpus
        let fit = try Fit(settings: SmallFit.settings { $0.adam.rate = 1e300 }, shards: Shards(threads: 1))
        #expect(try fit.bestPerplexity(log) { _ in } == nil)
    }
}
