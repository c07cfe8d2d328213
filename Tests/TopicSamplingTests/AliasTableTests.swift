import Kernels
import TestSupport
import Testing
@testable import TopicSampling

@Suite struct AliasTableTests {
    static let laws: [[Float]] = [
        [1], [1, 1, 1], [0, 3, 1], [1e-6, 5, 0, 2, 7, 0.3], [0, 0, 0, 1, 0], [1e30, 1e29, 3e30],
        (1...100).map { 1 / Float($0) }, (0..<37).map { $0 % 3 == 0 ? 0 : Float($0) },
    ]

    @Test(arguments: laws) func encodesItsWeightsExactly(weights: [Float]) {
        let table = AliasTable(weights: weights)
        let total = weights.reduce(0.0) { $0 + Double($1) }
        for k in weights.indices {
            #expect(abs(table.probability(of: k) - Double(weights[k]) / total) < 1e-6)
        }
        #expect((0..<weights.count).reduce(0) { $0 + table.probability(of: $1) } - 1 < 1e-9)
    }

    @Test(arguments: laws) func drawsFollowTheLaw(weights: [Float]) {
        let table = AliasTable(weights: weights)
        #expect(chiSquare(observed: histogram(table), expected: weights.map(Double.init)) > falseAlarm)
    }

    /// Thresholds and aliases swapped: each column gives its own outcome where it owes the other.
    @Test func swappedThresholdsAreFound() {
        let weights: [Float] = [1, 2, 3, 4]
        let table = AliasTable(weights: weights)
        for column in 0..<4 { table.entries[column].threshold = 1 - table.entries[column].threshold }
        #expect(chiSquare(observed: histogram(table), expected: weights.map(Double.init)) < falseAlarm)
        #expect((0..<4).contains { abs(table.probability(of: $0) - Double(weights[$0]) / 10) > 1e-3 })
    }

    @Test func extremeUniformsStayInside() {
        let table = AliasTable(weights: [0, 1, 0, 5])
        let edges: [Float] = [0, .leastNonzeroMagnitude, 0.5, Float(1).nextDown]
        for column in 0..<4 {
            for height in edges { #expect([1, 3].contains(table.draw(at: column, height))) }
        }
    }

    /// Of a million columns all are as likely: those that a uniform float of 24 bits would hit less often than others come as often as they are many.
    @Test func columnsOfManyAreAlike() {
        let many = 1_000_000, table = AliasTable(count: many)
        var hits = [UInt8](repeating: 0, count: many)
        func column(_ uniform: Float) -> Int { min(Int(uniform * Float(many)), many - 1) }
        for n in 0..<1 << 24 { hits[column(Float(n) * 0x1p-24)] += 1 }
        let rare = hits.map { $0 < 17 }, share = Double(rare.count { $0 }) / Double(many)
        func fit(_ draw: (inout RandomStream) -> Int) -> Double {
            var random = RandomStream(seed: 11, purpose: .other), found = [0, 0]
            for _ in 0..<200_000 { found[rare[draw(&random)] ? 0 : 1] += 1 }
            return chiSquare(observed: found, expected: [share, 1 - share])
        }
        #expect(fit { table.draw(using: &$0) } > falseAlarm)
        // The twin, which takes its column from a float.
        #expect(fit { table.draw(at: column($0.uniform()), $0.uniform()) } < falseAlarm)
    }

    @Test func noWeightAtAllMeansAllAlike() {
        let table = AliasTable(weights: [0, 0, 0])
        #expect((0..<3).allSatisfy { abs(table.probability(of: $0) - 1.0 / 3) < 1e-9 })
    }

    private func histogram(_ table: AliasTable) -> [Int] {
        var random = RandomStream(seed: 5, purpose: .other), hits = [Int](repeating: 0, count: table.count)
        for _ in 0..<100_000 { hits[table.draw(using: &random)] += 1 }
        return hits
    }
}
