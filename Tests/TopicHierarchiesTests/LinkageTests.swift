import Kernels
import TestSupport
import Testing
@testable import TopicHierarchies

@Suite struct LinkageTests {
    struct Case: Decodable {
        let name: String
        let method: String
        let count: Int
        let ties: Bool
        let points: [Float]
        let merges: [[Double]]
    }

    @Test func `SciPy finds the same merges at the same heights`() throws {
        for known in try Golden.load("linkage", as: [Case].self) {
            let method = try #require(Linkage.Method(rawValue: known.method))
            let linkage = try Linkage(points: known.points, count: known.count, method: method)
            try #require(linkage.merges.count == known.merges.count)
            for (merge, expected) in zip(linkage.merges, known.merges) {
                let tolerance = 1e-10 * expected[2] + 1e-12
                #expect(abs(merge.height - expected[2]) <= tolerance, "\(known.name): \(merge) against \(expected)")
                // Which of equal merges comes first is anybody's choice.
                if !known.ties {
                    #expect([merge.a, merge.b, merge.size] == [0, 1, 3].map { Int(expected[$0]) }, "\(known.name)")
                }
            }
        }
    }

    static func randomPoints(_ count: Int, _ width: Int, seed: UInt64) -> [Float] {
        var random = RandomStream(seed: seed, purpose: .other)
        return (0..<count * width).map { _ in Float(random.normal()) }
    }

    @Test(arguments: Linkage.Method.allCases, [1, 2, 3, 17, 40])
    func `Every merge is of the two closest clusters, at their distance`(method: Linkage.Method, count: Int) throws {
        for seed in 0..<4 {
            let points = LinkageTests.randomPoints(count, 3, seed: UInt64(seed))
            let linkage = try Linkage(points: points, count: count, method: method)
            #expect(LinkageLaw.violations(of: linkage, points: points, method: method) == [])
        }
    }

    @Test(arguments: Linkage.Method.allCases)
    func `Ties leave a tree that obeys the law`(method: Linkage.Method) throws {
        let grid: [Float] = (0..<5).flatMap { x in (0..<5).flatMap { y in [Float(x), Float(y)] } }
        let linkage = try Linkage(points: grid, count: 25, method: method)
        #expect(LinkageLaw.violations(of: linkage, points: grid, method: method) == [])
        #expect(try Linkage(points: grid, count: 25, method: method).merges == linkage.merges)
    }

    @Test func `Ties are decided as documented`() throws {
        // All four corners of a square: the chain begins at 0, and of its neighbours 1 and 2 takes 1.
        let linkage = try Linkage(points: [0, 0, 0, 1, 1, 0, 1, 1], count: 4, method: .average)
        #expect(linkage.merges.map { [$0.a, $0.b] } == [[0, 1], [2, 3], [4, 5]])
    }

    @Test func `Points without width all lie in one place`() throws {
        let linkage = try Linkage(points: [], count: 5, method: .ward)
        #expect(linkage.merges.map(\.height) == [0, 0, 0, 0])
    }

    /// Twins of the updates, each with one mistake.
    enum WardOfDistances: LanceWilliamsUpdate {
        // Squares are forgotten.
        static func measure(squaredDistance: Double) -> Double { squaredDistance.squareRoot() }
        static func union(_ aToOther: Double, _ bToOther: Double, _ aToB: Double, sizes: (a: Double, b: Double, other: Double)) -> Double {
            WardUpdate.union(aToOther, bToOther, aToB, sizes: sizes)
        }
        static func height(_ measure: Double) -> Double { measure }
    }

    enum WardWithoutSubtraction: LanceWilliamsUpdate {
        static func measure(squaredDistance: Double) -> Double { squaredDistance }
        static func union(_ aToOther: Double, _ bToOther: Double, _ aToB: Double, sizes: (a: Double, b: Double, other: Double)) -> Double {
            WardUpdate.union(aToOther, bToOther, 0, sizes: sizes)
        }
        static func height(_ measure: Double) -> Double { measure.squareRoot() }
    }

    enum AverageOfTwo: LanceWilliamsUpdate {
        // That is WPGMA.
        static func measure(squaredDistance: Double) -> Double { squaredDistance.squareRoot() }
        static func union(_ aToOther: Double, _ bToOther: Double, _ aToB: Double, sizes: (a: Double, b: Double, other: Double)) -> Double {
            (aToOther + bToOther) / 2
        }
        static func height(_ measure: Double) -> Double { measure }
    }

    @Test func `The law finds out broken updates`() throws {
        let points = LinkageTests.randomPoints(17, 3, seed: 1)
        let broken = [
            (try Linkage(points: points, count: 17, update: WardOfDistances.self), Linkage.Method.ward),
            (try Linkage(points: points, count: 17, update: WardWithoutSubtraction.self), .ward),
            (try Linkage(points: points, count: 17, update: AverageOfTwo.self), .average),
        ]
        for (linkage, method) in broken {
            #expect(!LinkageLaw.violations(of: linkage, points: points, method: method).isEmpty)
        }
    }

    @Test func `Points that have no distances are refused, and named`() {
        #expect(throws: LinkageError.self) { try Linkage(points: [], count: 0, method: .ward) }
        #expect(throws: LinkageError.self) { try Linkage(points: [1, 2, 3], count: 2, method: .ward) }
        let error = #expect(throws: LinkageError.self) { try Linkage(points: [1, 2, 3, .nan], count: 2, method: .ward) }
        #expect(error?.description.contains("value 1 of point 1") == true)
        #expect(throws: LinkageError.self) { try Linkage(points: [1, .infinity], count: 2, method: .average) }
    }

    @Test func `Huge and tiny values do not overflow`() throws {
        let linkage = try Linkage(points: [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude], count: 3, method: .ward)
        #expect(linkage.merges.allSatisfy { $0.height.isFinite })
    }
}
