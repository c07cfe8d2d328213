import Testing
@testable import Corpora

/// The table of dirty logs: what each of them says is what becomes of it.
@Suite struct DirtyLogTests {
    /// What becomes of a log, in the words of the table.
    private static func outcome(of log: DirtyLog, badRows: BadRows? = nil) throws -> DirtyLog.Outcome {
        let file = try LogFile(log.bytes, name: log.file)
        do throws(LogError) {
            let corpus = try Corpus.read([file.path], layout: log.layout, options: CorpusOptions(minCount: 1), badRows: badRows)
            if case .counts = log.outcome {
                return .counts(events: corpus.items.count, users: corpus.count, items: corpus.vocabulary.count)
            }
            return .read(spelled(corpus))
        } catch {
            #expect(error.file == file.path && !error.remedy.isEmpty)
            #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 }, "a line that moves no cursor: \(error)")
            return .refused(error.kind, line: error.line, error.description)
        }
    }

    /// Whether what came of a log is what its row says: of a refusal, words that hold the row's.
    private static func agree(_ found: DirtyLog.Outcome, _ expected: DirtyLog.Outcome) -> Bool {
        switch (found, expected) {
        case (.refused(let kind, let line, let words), .refused(let wantedKind, let wantedLine, let fragment)):
            kind == wantedKind && line == wantedLine && words.contains(fragment)
        default: found == expected
        }
    }

    @Test(arguments: DirtyLog.all)
    func isReadOrRefusedAsTheTableSays(_ log: DirtyLog) throws {
        let found = try Self.outcome(of: log)
        #expect(Self.agree(found, log.outcome), "it came to \(found)")
    }

    /// Leave to skip rows changes nothing where all rows are sound, and never the rows that are.
    @Test(arguments: DirtyLog.all)
    func leaveToSkipDoesNotChangeSoundLogs(_ log: DirtyLog) throws {
        let badRows = try BadRows(limit: 1_000_000)
        let found = try Self.outcome(of: log, badRows: badRows)
        switch log.outcome {
        case .read, .counts:
            #expect(Self.agree(found, log.outcome), "it came to \(found)")
            #expect(badRows.summary == BadRowSummary())
        case .refused(_, let line, let fragment):
            // What is wrong with a row is left out and listed; what is wrong with the whole file is refused as before.
            let isListed = badRows.summary.first.first.map { $0.contains(":\(line ?? 0): ") } ?? false
            #expect(isListed || Self.agree(found, log.outcome), "\(fragment): it came to \(found), \(badRows.summary)")
        }
    }

    @Test func thereAreManyKindsAndNamesTellThemApart() {
        #expect(DirtyLog.all.count >= 270)
        #expect(Set(DirtyLog.all.map(\.name)).count == DirtyLog.all.count)
        // No log twice under two names.
        let contents = DirtyLog.all.map { "\($0.file) \($0.layout) \($0.bytes)" }
        #expect(Set(contents).count == contents.count)
    }

    /// The comparison's twin: the row of another log does not fit.
    @Test func aWrongRowIsNoticed() throws {
        let good = DirtyLog.tsv("good", "user\titem\nu\ta\n", reads: "u: a")
        let bad = DirtyLog.tsv("bad", "user\titem\nu\ta\nu\n", line: 3, "1 field")
        for (log, wrong) in [
            (good, DirtyLog.Outcome.read("u: b")), (good, bad.outcome), (good, .counts(events: 1, users: 1, items: 1)), (bad, good.outcome),
            (bad, .refused(.badData, line: 2, "1 field")), (bad, .refused(.badData, line: nil, "1 field")),
            (bad, .refused(.noInput, line: 3, "1 field")), (bad, .refused(.badData, line: 3, "2 fields")),
        ] {
            let found = try Self.outcome(of: log)
            #expect(!Self.agree(found, wrong))
            #expect(Self.agree(found, log.outcome))
        }
    }
}
