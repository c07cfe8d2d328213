import Kernels
import Testing
@testable import StochasticEM

@Suite struct TopKTests {
    /// As sorting says, with many ties.
    @Test func agreesWithSorting() {
        var random = RandomStream(seed: 2, purpose: .other)
        for total in [0, 1, 2, 5, 60] {
            let values = (0..<total).map { _ in random.index(below: 8) }
            let sorted = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
            for count in [0, 1, 3, 60, 100] {
                #expect(TopK.indices(count: count, of: total) { values[$0] } == Array(sorted.prefix(count)))
            }
        }
    }
}
