import Foundation
import Testing
import TestSupport
@testable import Recurrence

@Suite struct SoftmaxLayerTests {
    /// d(−weight · log θ_z) / d logits = weight · (θ − e_z), and nothing but the row is written.
    @Test(arguments: [1, 3, 15, 16, 17, 32, 50]) func lossGradient(classes: Int) {
        let exponentials = normalFloats(classes, seed: 4).map { exp(Double($0)) }
        let sum = exponentials.reduce(0, +)
        let proportions = exponentials.map { Float($0 / sum) }
        for target in [0, classes / 2, classes - 1] {
            let row = GuardedFloats(proportions)
            let said = SoftmaxLayer.lossGradient(row.base, target: target, weight: 0.25, count: classes)
            #expect(said == log(Double(proportions[target])))
            for k in 0..<classes {
                #expect(row.array[k] == 0.25 * (proportions[k] - (k == target ? 1 : 0)))
            }
            #expect(row.fencesStand)
        }
    }

    @Test func proportionRoundedToZeroCostsAFiniteLoss() {
        let row = GuardedFloats([1, 0, 0])
        let said = SoftmaxLayer.lossGradient(row.base, target: 1, weight: 1, count: 3)
        #expect(said == log(Double(Float.leastNormalMagnitude)))
        #expect(row.array == [1, -1, 0])
    }

    /// K rows of H, read down the columns of the (H, K) weights.
    @Test func embeddingsAreTheColumnsOfTheWeights() {
        let network = RecurrentNetwork(.init(hidden: 3, classes: 4, inputs: 4), seed: 6)
        let weights = network.byName(network.parameters.values)["output"]!
        #expect(network.output.embeddings == (0..<4).map { k in (0..<3).map { weights[$0 * 4 + k] } })
    }
}
