import Testing
import TestSupport
@testable import Corpora

/// A log whose items tell its rows apart: row n has item "n".
private struct NumberedLog {
    /// How rows of users lie in the file.
    enum Layout: CaseIterable, Sendable {
        case adjacent, adjacentOutOfOrder, interleavedByTime, interleaved
        /// Adjacent and out of order, until some users come back in the last rows.
        case comingBack
    }

    /// What times look like, in microseconds. All but the last have many ties.
    enum Times: CaseIterable, Sendable {
        case seconds, halves, milliseconds, microseconds, days, mixed, far

        /// The `rank`th of times, in no more than 300 steps.
        func time(_ rank: Int64, _ row: Int) -> Int64 {
            switch self {
            case .seconds: (1_400_000_000 + rank * 60) * Timestamp.perSecond
            case .halves: (rank - 150) * Timestamp.perSecond + Timestamp.perSecond / 2
            case .milliseconds: rank * 86_400_123_000 - 100_000_000_000_000
            case .microseconds: rank * 3 - 500
            case .days: (rank - 200) * 100 * 86_400 * Timestamp.perSecond
            case .mixed: [Times.seconds, .milliseconds, .microseconds, .far][row / 700 % 4].time(rank, row)
            case .far: (rank - 150) * 666_666_666_666_661 + rank % 7
            }
        }
    }

    var rows: [(user: Int, time: Int64)] = []
    let file: LogFile

    init(_ layout: Layout, _ times: Times, rows count: Int, users: Int, seed: UInt64) throws {
        var random = SplitMix(seed)
        let ranks = (0..<count).map { _ in Int64.random(in: 0..<300, using: &random) }
        var owners = (0..<count).map { _ in Int.random(in: 0..<users, using: &random) }
        if layout == .adjacent || layout == .adjacentOutOfOrder || layout == .comingBack { owners.sort() }
        if layout == .comingBack { for row in (count - count / 10)..<count { owners[row] = owners[(row - count / 2) / 7] } }
        rows = zip(owners, ranks).enumerated().map { row, pair in (pair.0, times.time(pair.1, row)) }
        switch layout {
        case .adjacent: rows.sort { ($0.user, $0.time) < ($1.user, $1.time) }
        case .interleavedByTime: rows.sort { $0.time < $1.time }
        case .adjacentOutOfOrder, .interleaved, .comingBack: break
        }
        file = try LogFile("user\ttime\titem\n" + rows.enumerated().map { "u\($1.user)\t\(Self.spelled($1.time))\t\($0)\n" }.joined())
    }

    /// Seconds, with a fraction where there is one.
    private static func spelled(_ time: Int64) -> String {
        let (seconds, rest) = time.magnitude.quotientAndRemainder(dividingBy: UInt64(Timestamp.perSecond))
        let digits = String(rest)
        return (time < 0 ? "-" : "") + "\(seconds)" + (rest == 0 ? "" : "." + String(repeating: "0", count: 6 - digits.count) + digits)
    }

    /// Users in order of first appearance, and each one's rows by time, then row.
    var ordered: [(user: Int, rows: [Int])] {
        var users: [Int] = []
        for row in rows where !users.contains(row.user) { users.append(row.user) }
        return users.map { user in
            (user, rows.indices.filter { rows[$0].user == user }.sorted { (rows[$0].time, $0) < (rows[$1].time, $1) })
        }
    }
}

@Suite struct EventTableTests {
    private static let page = TimeColumn.pageLength
    /// Rows and users.
    private static let sizes = [(1, 1), (30, 4), (page - 1, 9), (page, 1), (page + 1, 40), (2 * page, 700), (5000, 25)]

    @Test(arguments: NumberedLog.Layout.allCases, NumberedLog.Times.allCases)
    fileprivate func agreesWithANaiveSort(layout: NumberedLog.Layout, times: NumberedLog.Times) throws {
        for (seed, (rows, users)) in Self.sizes.enumerated() {
            let log = try NumberedLog(layout, times, rows: rows, users: users, seed: UInt64(seed))
            let ordered = log.ordered
            let table = try EventTable([log.file.path], layout: LogLayout(), options: .standard)
            #expect((0..<table.userCount).map { table.users.name($0) } == ordered.map { "u\($0.user)" })
            #expect((0..<table.events.count).map { table.items.name(Int(table.events[$0])) } == ordered.flatMap { $0.rows.map(String.init) })
            #expect((0..<table.events.count).map { table.time($0).microseconds } == ordered.flatMap { $0.rows.map { log.rows[$0].time } })
            #expect(table.starts == ordered.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.rows.count) })
            let span = table.timeSpan
            #expect(span?.lowerBound.microseconds == log.rows.map(\.time).min())
            #expect(span?.upperBound.microseconds == log.rows.map(\.time).max())
            let changes = zip(log.rows, log.rows.dropFirst()).count { $0.user != $1.user }
            #expect(table.isInterleaved == (changes >= ordered.count))
        }
    }

    @Test(arguments: NumberedLog.Layout.allCases, NumberedLog.Times.allCases)
    fileprivate func sessionsAndTiesAreThoseOfTheNaiveSort(layout: NumberedLog.Layout, times: NumberedLog.Times) throws {
        for (seed, (rows, users)) in Self.sizes.enumerated() {
            let log = try NumberedLog(layout, times, rows: rows, users: users, seed: UInt64(seed))
            let ordered = log.ordered
            // Of all gaps, the middle one: exact, so that "more than" is put to the test.
            let gaps = ordered.flatMap { zip($0.rows, $0.rows.dropFirst()).map { log.rows[$1].time - log.rows[$0].time } }.sorted()
            let middle = gaps.first { $0 > 0 && $0 >= gaps[gaps.count / 2] } ?? Timestamp.perSecond
            let options = try CorpusOptions(minCount: 1, sessionGap: Double(middle) / Double(Timestamp.perSecond))
            var sessions: [(user: Int, rows: [Int])] = []
            for (user, rows) in ordered {
                for (place, row) in rows.enumerated() {
                    if place == 0 || options.isPause(log.rows[row].time - log.rows[rows[place - 1]].time) { sessions.append((user, [])) }
                    sessions[sessions.count - 1].rows.append(row)
                }
            }
            let corpus = try Corpus.read([log.file.path], options: options)
            #expect(corpus.users == sessions.map { "u\($0.user)" })
            #expect(corpus.spelled == sessions.map { $0.rows.map(String.init) })

            let inspection = try LogInspection([log.file.path], options: options)
            #expect(inspection.times?.ties == gaps.count { $0 == 0 })
            #expect(inspection.sequences == sessions.count)
            #expect(inspection.rows == rows)
        }
    }
}
