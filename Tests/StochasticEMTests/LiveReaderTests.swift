import Corpora
import Kernels
import Testing
@testable import StochasticEM

@Suite struct LiveReaderTests {
    /// After each event the same is expected as by a reader of the whole log, whatever other sequences are read in between.
    @Test(arguments: [FitSettings.Variant.topic, .belief, .word, .char], [(FitSettings.Memory.none, FitSettings.Cell.lstm), (.both, .lstm), (.both, .gru), (.none, .elman)])
    func expectsWhatReadingExpects(variant: FitSettings.Variant, parts: (memory: FitSettings.Memory, cell: FitSettings.Cell)) throws {
        let settings = SmallFit.settings {
            ($0.variant, $0.memory, $0.cell) = (variant, parts.memory, parts.cell)
            if variant.isExact { $0.particles = 1 }
            if variant.readsItems { $0.embedding = 8 }
        }
        let model = try SmallFit.run(SmallFit.log().corpus, settings).model
        let log = PredictorTests.strangers(model, count: 12)
        let whole = reading(model, log)
        let reader = LiveReader(model)
        let sequences = log.users.map(reader.sequence)
        var furthest: Float = 0
        for step in 0...(0..<log.count).map(log.length).max()! {
            for (n, sequence) in sequences.enumerated() where step <= log.length(n) {
                if step > 0 { sequence.observe(Int(log.items[log.starts[n] + step - 1])) }
                #expect(sequence.count == step)
                #expect(abs(sequence.proportions.reduce(0, +) - 1) < 1e-5)
                let expected = whole[log.starts[n] + n + step]
                for (item, probability) in sequence.items(count: 60) {
                    furthest = max(furthest, abs(Float(probability) - expected[item]))
                }
            }
        }
        #expect(furthest < 1e-6)
    }

    @Test func listsTheLikeliestFirst() throws {
        let (model, _) = try PredictorTests.model()
        let sequence = LiveReader(model).sequence(of: "somebody")
        sequence.observe(3)
        let all = sequence.items(count: 60).map(\.probability)
        #expect(all.count == 60 && all == all.sorted(by: >) && abs(all.reduce(0, +) - 1) < 1e-4)
        #expect(sequence.items(count: 2).map(\.probability) == Array(all.prefix(2)))
    }
}
