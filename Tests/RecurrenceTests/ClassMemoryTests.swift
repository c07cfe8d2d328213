import Foundation
import TestSupport
import Testing
@testable import Recurrence

@Suite struct ClassMemoryTests {
    /// α is e to what was learned, to the bit; past all α that mean something it is a number still, and so are the features.
    @Test func concentrationIsAlwaysANumber() throws {
        let network = RecurrentNetwork(.init(hidden: 3, classes: 20, inputs: 20, memories: 1), seed: 6)
        let memory = try #require(network.memory), logarithm = network.parameters.value(memory.slot).row(0) + 1
        for sane: Float in [-59, -2.3025851, 0, 0.5, 59] {
            logarithm.pointee = sane
            #expect(memory.concentration(0) == exp(sane))
        }
        let counts = (0..<20).map { Float($0 * $0 * 1000) }
        for odd: Float in [-1e30, -200, -61, 61, 200, 1e30] {
            logarithm.pointee = odd
            let features = GuardedFloats(count: 20)
            memory.write(counts, to: features.base)
            #expect(memory.concentration(0).isNormal && memory.concentration(0) > 0)
            #expect(features.array.allSatisfy { $0.isFinite && $0 > -1e-6 } && features.fencesStand)
        }
    }
}
