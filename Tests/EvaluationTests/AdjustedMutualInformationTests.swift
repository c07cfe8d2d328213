import Foundation
import Kernels
import TestSupport
import Testing
@testable import Evaluation

@Suite struct AdjustedMutualInformationTests {
    struct Case: Decodable {
        let name: String
        let a: [Int]
        let b: [Int]
        let adjusted: Double
        let expected: Double
    }

    @Test func `scikit-learn finds the same`() throws {
        for known in try Golden.load("information", as: [Case].self) {
            let adjusted = try #require(adjustedMutualInformation(known.a, known.b))
            #expect(abs(adjusted - known.adjusted) < 1e-10, "\(known.name): \(adjusted), not \(known.adjusted)")
            #expect(abs(ContingencyTable(known.a, known.b).expectedMutualInformation - known.expected) < 1e-10, "\(known.name)")
            #expect(abs(try #require(adjustedMutualInformation(known.b, known.a)) - adjusted) < 1e-12, "it is symmetric")
        }
    }

    /// The mean over all ways to deal out one partition's clusters anew is what the formula says.
    @Test func `The expected information is the mean over all permutations`() throws {
        func permutations(_ rest: [Int]) -> [[Int]] {
            rest.isEmpty ? [[]] : rest.indices.flatMap { place in
                var others = rest
                let first = others.remove(at: place)
                return permutations(others).map { [first] + $0 }
            }
        }
        for (a, b) in [([0, 0, 0, 1, 1, 2], [0, 1, 1, 1, 2, 2]), ([0, 0, 0, 0, 0, 1], [0, 0, 0, 1, 1, 1]), ([0, 1, 2, 3, 4, 4], [0, 0, 0, 0, 1, 1])] {
            let all = permutations(b)
            let mean = all.reduce(0) { $0 + ContingencyTable(a, $1).mutualInformation } / Double(all.count)
            #expect(abs(ContingencyTable(a, b).expectedMutualInformation - mean) < 1e-12)
            // The twin: clusters of other sizes have another.
            #expect(abs(ContingencyTable(a, [0, 0, 1, 1, 2, 2]).expectedMutualInformation - mean) > 1e-6)
        }
    }

    @Test func `Independent partitions have nothing to tell, equal ones all`() throws {
        var random = RandomStream(seed: 12, purpose: .other), sum = 0.0
        for _ in 0..<200 {
            let a = (0..<60).map { _ in random.index(below: 7) }, b = (0..<60).map { _ in random.index(below: 11) }
            sum += try #require(adjustedMutualInformation(a, b))
            #expect(abs(try #require(adjustedMutualInformation(a, a.map { 100 - $0 })) - 1) < 1e-12)
        }
        // Its spread is some .04 a pair: the mean of 200 is off by .015 once in a million times. Unadjusted it would be far from 0.
        #expect(abs(sum / 200) < 0.015)
    }

    @Test func `Where there is no choice, only sameness counts`() {
        #expect(adjustedMutualInformation([], []) == nil)
        #expect(adjustedMutualInformation([4], [2]) == 1)
        #expect(adjustedMutualInformation([0, 0, 0], [5, 5, 5]) == 1)
        #expect(adjustedMutualInformation([0, 1, 2], [2, 0, 1]) == 1)
        #expect(adjustedMutualInformation([0, 0, 0], [0, 1, 2]).map { abs($0) < 1e-12 } == true)
    }
}
