import Kernels
import Testing
import TestSupport
@testable import Recurrence

@Suite struct AdamOptimizerTests {
    /// Parameters of slots with these values, gradients zero.
    private func parameters(_ slots: [[Float]]) -> Parameters {
        var layout = Parameters.Layout()
        for (i, values) in slots.enumerated() { _ = layout.add("slot \(i)", 1, values.count) }
        let parameters = Parameters(layout)
        set(slots, in: parameters.values, of: parameters)
        return parameters
    }

    private func set(_ slots: [[Float]], in run: FloatBuffer, of parameters: Parameters) {
        for (slot, values) in zip(parameters.slots, slots) {
            (run.base + slot.offset).update(from: values, count: values.count)
        }
    }

    private func read(_ run: FloatBuffer, of parameters: Parameters) -> [[Float]] {
        parameters.slots.map { Array(UnsafeBufferPointer(start: run.base + $0.offset, count: $0.count)) }
    }

    /// The largest difference from PyTorch's values after any step, as a share of the rate: of how far one step goes.
    private func misfit(_ golden: OptimizerGolden.Adam, _ change: (inout AdamOptimizer.Settings) -> Void = { _ in }) -> Double {
        var settings = AdamOptimizer.Settings()
        (settings.rate, settings.epsilon) = (golden.rate, golden.epsilon)
        (settings.beta1, settings.beta2) = (golden.beta1, golden.beta2)
        settings.clipNorm = 1e9
        change(&settings)
        let parameters = parameters([golden.start])
        let adam = AdamOptimizer(parameters, settings: settings)
        var worst = 0.0
        for (gradient, expected) in zip(golden.gradients, golden.values) {
            set([gradient], in: parameters.gradients, of: parameters)
            adam.step(shards: Shards(threads: 1), pieces: 1)
            for (value, wanted) in zip(read(parameters.values, of: parameters)[0], expected) {
                worst = max(worst, abs(Double(value) - wanted) / golden.rate)
            }
        }
        return worst
    }

    @Test func stepsAgreeWithPyTorch() throws {
        let golden = try OptimizerGolden.load().adam
        // A float near 2 is exact to 1.2e-7, which is 1.2e-5 of how far a step goes.
        #expect(misfit(golden) < 3e-5)
        // The comparison notices every setting.
        #expect(misfit(golden) { $0.rate *= 1.001 } > 3e-5)
        #expect(misfit(golden) { $0.beta1 = 0.899 } > 3e-5)
        #expect(misfit(golden) { $0.beta2 = 0.998 } > 3e-5)
        #expect(misfit(golden) { $0.epsilon = 1e-7 } > 3e-5)
        #expect(misfit(golden) { $0.clipNorm = 3 } > 3e-5)
    }

    /// The gradient that Adam averages after one step is that which PyTorch leaves after clipping.
    @Test func clippingAgreesWithPyTorch() throws {
        for golden in try OptimizerGolden.load().clipping {
            let parameters = parameters(golden.before.map { $0.map { _ in 0 } })
            var settings = AdamOptimizer.Settings()
            settings.clipNorm = golden.limit
            let adam = AdamOptimizer(parameters, settings: settings)
            set(golden.before, in: parameters.gradients, of: parameters)
            let norm = adam.step(shards: Shards(threads: 1), pieces: 2)
            #expect(abs(norm / golden.norm - 1) < 1e-8)
            for (mean, after) in zip(read(adam.mean, of: parameters), golden.after) {
                // PyTorch divides by the norm plus 1e-6.
                #expect(discrepancy(mean.map { Double($0) / (1 - settings.beta1) }, after) < 1e-6)
            }
            for (square, after) in zip(read(adam.square, of: parameters), golden.after) {
                #expect(discrepancy(square.map { Double($0) / (1 - settings.beta2) }, after.map { $0 * $0 }) < 5e-5)
            }
        }
    }

    @Test func scheduleScalesTheStep() {
        func value(after factor: Double) -> Float {
            let parameters = parameters([[0]])
            set([[0.5]], in: parameters.gradients, of: parameters)
            AdamOptimizer(parameters).step(rateFactor: factor, shards: Shards(threads: 1), pieces: 1)
            return parameters.values.base[0]
        }
        // The first step of Adam goes as far as the rate, against the gradient.
        #expect(abs(value(after: 1) / -0.003 - 1) < 1e-4)
        #expect(abs(value(after: 0.25) / value(after: 1) - 0.25) < 1e-6)
        #expect(value(after: 0) == 0)
    }

    /// Bits, not tolerances: with gradients short and long enough to be clipped.
    @Test func piecesAndThreadsDoNotChangeABit() {
        let sizes = [(37, 5), (1, 16), (3, 333), (1, 1)]
        func run(pieces: Int, threads: Int) -> [[UInt32]] {
            let parameters = parameters(sizes.enumerated().map { normalFloats($1.0 * $1.1, seed: UInt64($0)) })
            let adam = AdamOptimizer(parameters)
            var clipped: Set<Bool> = []
            for step in 0..<12 {
                let scale = step % 2 == 0 ? 0.001 : 1.0
                set(sizes.enumerated().map { normalFloats($1.0 * $1.1, seed: UInt64(100 + 10 * step + $0), scale: scale) },
                    in: parameters.gradients, of: parameters)
                clipped.insert(adam.step(shards: Shards(threads: threads), pieces: pieces) > adam.settings.clipNorm)
            }
            #expect(clipped == [true, false])
            return [parameters.values, adam.mean, adam.square].map { $0.array.map(\.bitPattern) }
        }
        let expected = run(pieces: 1, threads: 1)
        for pieces in [1, 2, 4] {
            for threads in [1, 2] { #expect(run(pieces: pieces, threads: threads) == expected) }
        }
    }

    @Test func paddingBetweenSlotsStaysZero() {
        let parameters = parameters([[1, 2, 3], [4, 5]])
        let adam = AdamOptimizer(parameters)
        for _ in 0..<3 {
            set([[1, -1, 1], [2, 2]], in: parameters.gradients, of: parameters)
            adam.step(shards: Shards(threads: 1), pieces: 1)
        }
        let learned = Set(parameters.slots.flatMap { $0.offset..<$0.offset + $0.count })
        for i in 0..<parameters.count where !learned.contains(i) { #expect(parameters.values.base[i] == 0) }
        #expect(adam.steps == 3)
    }
}
