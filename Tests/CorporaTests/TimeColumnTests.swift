import Testing
import TestSupport
@testable import Corpora

@Suite struct TimeColumnTests {
    private static let page = TimeColumn.pageLength
    private static let second = Timestamp.perSecond, year = 365 * 86_400 * second

    private func column(_ times: [Int64]) -> TimeColumn {
        var column = TimeColumn()
        for time in times { column.append(Timestamp(microseconds: time)) }
        return column
    }

    private func microseconds(_ column: borrowing TimeColumn) -> [Int64] { (0..<column.count).map { column[$0].microseconds } }

    private func ascends(_ times: [Int64]) -> Bool { column(times).isAscending }

    /// Times as logs have them, and as none has them; `draw` gives one.
    struct Kind: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Bytes an event of a full page, behind the first four.
        let upperBytes: Int
        let draw: @Sendable (inout SplitMix) -> Int64
        /// Those that the page must hold lest it need less by chance.
        let ends: [Int64]

        init(_ name: String, upperBytes: Int, unit: Int64, offset: Int64 = 0, _ range: ClosedRange<Int64>) {
            testDescription = name
            self.upperBytes = upperBytes
            draw = { Int64.random(in: range, using: &$0) &* unit &+ offset }
            // The one behind the first sees to it that no larger unit does.
            ends = [range.lowerBound, min(range.lowerBound + 1, range.upperBound), range.upperBound].map { $0 &* unit &+ offset }
        }
    }

    static let kinds = [
        Kind("one moment", upperBytes: 0, unit: 1, 77...77),
        Kind("microseconds, 71 minutes", upperBytes: 0, unit: 1, offset: 1_400_000_000 * second, 0...4_294_967_295),
        Kind("a microsecond more", upperBytes: 1, unit: 1, offset: 1_400_000_000 * second, 0...4_294_967_296),
        Kind("milliseconds, 49 days around 1970", upperBytes: 0, unit: 1000, -2_147_483_648...2_147_483_647),
        Kind("a millisecond more", upperBytes: 1, unit: 1000, -2_147_483_648...2_147_483_648),
        Kind("seconds, 136 years", upperBytes: 0, unit: second, offset: -50 * year, 0...4_294_967_295),
        Kind("a second more", upperBytes: 1, unit: second, offset: -50 * year, 0...4_294_967_296),
        Kind("half seconds", upperBytes: 0, unit: second, offset: second / 2, -1_000_000_000...1_000_000_000),
        Kind("days over eleven million years", upperBytes: 0, unit: 86_400 * second, -100_000_000...3_900_000),
        Kind("microseconds, a year", upperBytes: 2, unit: 1, offset: -year / 2, 0...year),
        Kind("microseconds, 8 to 2284 years", upperBytes: 3, unit: 1, 0...(1 << 56) - 1),
        Kind("microseconds, more", upperBytes: 4, unit: 1, 0...1 << 56),
        Kind("all that there are", upperBytes: 4, unit: 1, Int64.min...Int64.max),
    ]

    private func times(_ kind: Kind, _ count: Int, _ random: inout SplitMix) -> [Int64] {
        (kind.ends + (0..<count).map { _ in kind.draw(&random) }).prefix(count).shuffled(using: &random)
    }

    @Test(arguments: kinds)
    func isExactInAsFewBytesAsPromised(kind: Kind) {
        var random = SplitMix(1)
        for count in [0, 1, 2, Self.page - 1, Self.page, Self.page + 1, 2 * Self.page] {
            let times = times(kind, count, &random)
            let column = column(times)
            #expect(microseconds(column) == times)
            #expect(column.isEmpty == times.isEmpty)
            #expect(column.lower.count == count / Self.page * Self.page)
            if count == Self.page { #expect(column.upper.count == count * kind.upperBytes) }
        }
    }

    /// A page of each kind, in any order: each costs what it would alone.
    @Test func pagesKnowNothingOfEachOther() {
        var random = SplitMix(2)
        for _ in 0..<5 {
            let kinds = Self.kinds.shuffled(using: &random)
            let times = kinds.flatMap { self.times($0, Self.page, &random) }
            let column = column(times)
            #expect(microseconds(column) == times)
            #expect(column.upper.count == kinds.reduce(0) { $0 + $1.upperBytes } * Self.page)
        }
    }

    /// Against an array, through many cuts: within the open page, at a page's border, and through several pages.
    @Test func truncatesAsAnArrayWould() {
        var random = SplitMix(3)
        var column = TimeColumn(), times: [Int64] = []
        for _ in 0..<300 {
            for time in self.times(Self.kinds.randomElement(using: &random)!, Int.random(in: 0...2500, using: &random), &random) {
                column.append(Timestamp(microseconds: time))
                times.append(time)
            }
            let anywhere = Int.random(in: 0...times.count, using: &random)
            let length = [anywhere, anywhere / Self.page * Self.page, max(times.count - 10, 0), times.count].randomElement(using: &random)!
            column.truncate(to: length)
            times.removeLast(times.count - length)
            #expect(column.count == length)
            // What was forgotten takes no room.
            let fresh = self.column(times)
            #expect(column.lower.count == fresh.lower.count && column.upper.count == fresh.upper.count)
            if microseconds(column) != times { Issue.record("other times after a cut to \(length)") }
        }
    }

    @Test(arguments: [1, 2, page, page + 1, 3 * page + 5])
    func knowsWhetherTimesAscend(count: Int) {
        let times = (0..<Int64(count)).map { $0 / 3 * Self.second - 500 }
        #expect(ascends(times))
        for event in [1, count / 2, Self.page - 1, Self.page, Self.page + 1, count - 1] where (1..<count).contains(event) {
            var disturbed = times
            disturbed[event] = times[event - 1] - 1
            #expect(!ascends(disturbed))
        }
        #expect(ascends([]))
    }
}
