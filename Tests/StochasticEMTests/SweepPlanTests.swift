import Corpora
import Kernels
import Testing
@testable import StochasticEM

@Suite struct SweepPlanTests {
    static func plan(_ change: (inout FitSettings) -> Void) throws -> (plan: SweepPlan, settings: FitSettings, loop: BlockLoop) {
        let settings = SmallFit.settings(change)
        let model = try EnumeratedModel.random(seed: 1)
        // The draws refer to the loop's topics, so it has to live as long as the plan.
        let loop = BlockLoopTests.loop(model)
        return (try SweepPlan(settings, loop: loop), settings, loop)
    }

    /// Adam's rate falls in one line over all epochs, whatever their phase, to the share that is asked for.
    @Test func ratesAreOneLine() throws {
        let (plan, settings, loop) = try SweepPlanTests.plan { ($0.epochs, $0.warmUp, $0.finalRate) = (10, 0.3, 0.1) }
        for epoch in 1...settings.epochs {
            for sweep in plan.sweeps(of: epoch) {
                #expect(abs(sweep.rate.first - (1 - 0.09 * Double(epoch - 1))) < 1e-12)
                #expect(abs(sweep.rate.last - (1 - 0.09 * Double(epoch))) < 1e-12)
            }
        }
        withExtendedLifetime(loop) {}
    }

    @Test(arguments: [(10, 0.3, 3), (1, 0.3, 0), (1, 1, 1), (5, 0, 0), (5, 1, 5), (3, 0.5, 2)])
    func warmUpIsAShareOfTheEpochs(epochs: Int, share: Double, warmUps: Int) throws {
        let (plan, _, loop) = try SweepPlanTests.plan { ($0.epochs, $0.warmUp) = (epochs, share) }
        #expect((1...epochs).count { plan.phase(of: $0) == .warmUp } == warmUps)
        #expect((1...epochs).map { plan.phase(of: $0) == .warmUp } == (0..<epochs).map { $0 < warmUps })
        withExtendedLifetime(loop) {}
    }

    /// Fused: one sweep draws and learns. Full: one draws, then one learns what was drawn. Warm-up draws nothing.
    @Test func schedulesAreTheSameLoop() throws {
        func kinds(_ schedule: FitSettings.Schedule, epoch: Int) throws -> [String] {
            let (plan, _, loop) = try SweepPlanTests.plan { ($0.epochs, $0.warmUp, $0.schedule) = (2, 0.5, schedule) }
            defer { withExtendedLifetime(loop) {} }
            return plan.sweeps(of: epoch).map { "\(type(of: $0.draw)) \($0.learns ? "learns" : "looks") \($0.countsMove)" }
        }
        #expect(try kinds(.fused, epoch: 1) == ["FixedTopics learns never"])
        #expect(try kinds(.full, epoch: 1) == ["FixedTopics learns never"])
        #expect(try kinds(.fused, epoch: 2) == ["DenseTopicDraw learns afterEachBlock"])
        #expect(try kinds(.full, epoch: 2) == ["DenseTopicDraw looks afterTheSweep", "FixedTopics learns never"])
    }
}
