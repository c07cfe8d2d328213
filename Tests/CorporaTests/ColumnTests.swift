import Testing
import TestSupport
@testable import Corpora

@Suite struct ColumnTests {
    private func column(_ values: some Sequence<UInt32>) -> Column<UInt32> {
        var column = Column<UInt32>()
        for value in values { column.append(value) }
        return column
    }

    private func array(_ column: borrowing Column<UInt32>) -> [UInt32] { (0..<column.count).map { column[$0] } }

    /// Against arrays filled by the definition; the last size takes several pages of a column.
    @Test(arguments: [0, 1, 2, 3, 5, 8, 100, 600_000])
    func inverts(count: Int) {
        var random = SplitMix(UInt64(count))
        for round in 0..<(count < 1000 ? 50 : 1) {
            // One long cycle or many, and in the last rounds everyone at home.
            var permutation = Array(0..<UInt32(count))
            if round < 48 { permutation.shuffle(using: &random) }
            let values = (0..<count).map { _ in UInt32.random(in: 0..<Column<UInt32>.valueLimit, using: &random) }
            var inverse = [UInt32](repeating: 0, count: count), moved = inverse
            for (from, to) in permutation.enumerated() {
                inverse[Int(to)] = UInt32(from)
                moved[Int(to)] = values[from]
            }
            var order = column(permutation), items = column(values)
            order.invert(moving: &items)
            #expect(array(order) == inverse)
            #expect(array(items) == moved)
        }
    }
}
