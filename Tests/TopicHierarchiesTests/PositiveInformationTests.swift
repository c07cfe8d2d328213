#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Kernels
import Testing
@testable import TopicHierarchies

@Suite struct PositiveInformationTests {
    @Test func `A small table is worked out by hand`() {
        // Sums: rows 4, 4, 0; columns 5, 3, 0; all 8.
        let found = PositiveInformation.rows(of: [4, 0, 0, 1, 3, 0, 0, 0, 0], count: 3)
        let first: Double = (5.0 / 8).squareRoot() * log(4.0 * 8 / (4 * 5)), second: Double = (3.0 / 8).squareRoot() * log(3.0 * 8 / (4 * 3))
        let expected: [Double] = [first, 0, 0, 0, second, 0, 0, 0, 0]
        #expect(zip(found, expected).allSatisfy { abs(Double($0) - $1) < 1e-6 })
    }

    @Test func `A table of chance alone holds nothing`() {
        let rows: [Double] = [1, 2, 5], columns: [Double] = [3, 1, 4, 2]
        let found = PositiveInformation.rows(of: rows.flatMap { row in columns.map { row * $0 } }, count: 3)
        #expect(found.allSatisfy { abs($0) < 1e-6 })
        // One cell more than chance is seen in its row.
        var table = rows.flatMap { row in columns.map { row * $0 } }
        table[5] *= 3
        #expect(PositiveInformation.rows(of: table, count: 3)[5] > 0.05)
    }

    @Test func `It does not matter how much a table holds, nor in which order`() {
        var random = RandomStream(seed: 5, purpose: .other)
        let table = (0..<6 * 4).map { _ in Double(random.index(below: 9)) }
        let found = PositiveInformation.rows(of: table, count: 6)
        let larger = PositiveInformation.rows(of: table.map { 7 * $0 }, count: 6)
        #expect(zip(found, larger).allSatisfy { abs($0 - $1) < 1e-5 })
        let turned = PositiveInformation.rows(of: (0..<6).reversed().flatMap { table[$0 * 4..<$0 * 4 + 4] }, count: 6)
        #expect(zip((0..<6).reversed().flatMap { found[$0 * 4..<$0 * 4 + 4] }, turned).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(found.contains { $0 > 0 } && found.allSatisfy { $0 >= 0 && $0.isFinite })
    }
}
