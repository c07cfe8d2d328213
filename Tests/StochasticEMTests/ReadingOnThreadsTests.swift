import Corpora
import Kernels
import Testing
@testable import StochasticEM

@Suite struct ReadingOnThreadsTests {
    /// Several who read from one model at the same time are told what each is told alone; the model may be prepared for them or not.
    @Test(arguments: [FitSettings.Variant.topic, .belief, .word, .char])
    func readersOnThreadsOfTheirOwnDoNotMeet(variant: FitSettings.Variant) async throws {
        let settings = SmallFit.settings {
            $0.variant = variant
            if variant.isExact { $0.particles = 1 }
            if variant.readsItems { $0.embedding = 8 }
        }
        let model = try SmallFit.run(SmallFit.log().corpus, settings).model
        let logs = (2..<6).map { PredictorTests.strangers(model, count: $0 * 3) }
        let alone = logs.map { reading(model, $0) }
        for model in [model, model.prepared(shards: Shards(threads: 1))] {
            let together = await withTaskGroup(of: (Int, [[Float]]).self) { group in
                for (place, log) in logs.enumerated() { group.addTask { (place, reading(model, log)) } }
                return await group.reduce(into: logs.map { _ in [[Float]]() }) { $0[$1.0] = $1.1 }
            }
            #expect(together == alone)
        }
    }
}
