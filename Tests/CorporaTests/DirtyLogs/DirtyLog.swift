import Foundation
import Testing
@testable import Corpora

/// A small nasty log, and what becomes of it.
struct DirtyLog: CustomTestStringConvertible, Sendable {
    enum Outcome: Sendable, Equatable {
        /// Users in order, each with its items in order: `u: a b | v: a`. Line ends and tabs within names show as ⏎, ␍ and ⇥.
        case read(String)
        /// Too large to be spelled out.
        case counts(events: Int, users: Int, items: Int)
        /// Refused, at this line if at one, with words that hold this fragment.
        case refused(LogError.Kind, line: Int?, String)
    }

    var name: String
    var file: String
    var bytes: [UInt8]
    var layout: LogLayout
    var outcome: Outcome

    var testDescription: String { name }

    init(_ name: String, _ file: String, bytes: [UInt8], layout: LogLayout = LogLayout(), _ outcome: Outcome) {
        (self.name, self.file, self.bytes, self.layout, self.outcome) = (name, file, bytes, layout, outcome)
    }

    /// A TSV log.
    static func tsv(_ name: String, _ text: String, _ layout: LogLayout = LogLayout(), reads: String) -> DirtyLog {
        DirtyLog(name, "log.tsv", bytes: Array(text.utf8), layout: layout, .read(reads))
    }

    static func tsv(_ name: String, _ text: String, _ layout: LogLayout = LogLayout(), line: Int?, _ says: String) -> DirtyLog {
        DirtyLog(name, "log.tsv", bytes: Array(text.utf8), layout: layout, .refused(.badData, line: line, says))
    }

    static func csv(_ name: String, _ text: String, _ layout: LogLayout = LogLayout(), reads: String) -> DirtyLog {
        DirtyLog(name, "log.csv", bytes: Array(text.utf8), layout: layout, .read(reads))
    }

    static func csv(_ name: String, _ text: String, _ layout: LogLayout = LogLayout(), line: Int?, _ says: String) -> DirtyLog {
        DirtyLog(name, "log.csv", bytes: Array(text.utf8), layout: layout, .refused(.badData, line: line, says))
    }

    static func json(_ name: String, _ text: String, _ layout: LogLayout = LogLayout(), reads: String) -> DirtyLog {
        DirtyLog(name, "log.jsonl", bytes: Array(text.utf8), layout: layout, .read(reads))
    }

    static func json(_ name: String, _ text: String, _ layout: LogLayout = LogLayout(), line: Int?, _ says: String) -> DirtyLog {
        DirtyLog(name, "log.jsonl", bytes: Array(text.utf8), layout: layout, .refused(.badData, line: line, says))
    }

    static func text(_ name: String, _ text: String, reads: String) -> DirtyLog {
        DirtyLog(name, "log.txt", bytes: Array(text.utf8), layout: LogLayout(format: .text), .read(reads))
    }

    /// Bytes that no text has.
    static func raw(_ name: String, _ bytes: [UInt8], _ file: String = "log.tsv", _ layout: LogLayout = LogLayout(), reads: String) -> DirtyLog {
        DirtyLog(name, file, bytes: bytes, layout: layout, .read(reads))
    }

    static func raw(
        _ name: String, _ bytes: [UInt8], _ file: String = "log.tsv", _ layout: LogLayout = LogLayout(), line: Int?, _ says: String
    ) -> DirtyLog {
        DirtyLog(name, file, bytes: bytes, layout: layout, .refused(.badData, line: line, says))
    }

    /// An event at a time, behind one at 100 seconds: refused at its line, or read, before or behind it.
    static func time(_ text: String, _ place: Place) -> DirtyLog {
        let log = "user\ttime\titem\nu\t100\tmark\nu\t\(text)\tx\n"
        return switch place {
        case .before: tsv("time \(text)", log, reads: "u: x mark")
        case .behind: tsv("time \(text)", log, reads: "u: mark x")
        case .none: tsv("time \(text)", log, line: 3, "no time")
        case .otherUnit: tsv("time \(text)", log, line: 3, "and that of line 2 for seconds")
        }
    }

    enum Place { case before, behind, none, otherUnit }

    static let all = tables + quotes + ends + encodings + times + objects + packed + texts + large
}

/// What came of a log, spelled as in `DirtyLog.Outcome.read`.
func spelled(_ corpus: Corpus) -> String {
    let text = zip(corpus.users, corpus.spelled).map { user, items in "\(user): \(items.joined(separator: " "))" }.joined(separator: " | ")
    let signs: [Unicode.Scalar: Unicode.Scalar] = ["\r": "␍", "\n": "⏎", "\t": "⇥"]
    // Scalar by scalar: CR LF is one character.
    var shown = String.UnicodeScalarView()
    shown.append(contentsOf: text.unicodeScalars.lazy.map { signs[$0] ?? $0 })
    return String(shown)
}

/// A stretch of a log: text, or bytes that no text has.
protocol Stretch {
    var stretch: [UInt8] { get }
}

extension String: Stretch {
    var stretch: [UInt8] { Array(utf8) }
}

extension [UInt8]: Stretch {
    var stretch: [UInt8] { self }
}

func joined(_ parts: any Stretch...) -> [UInt8] { parts.flatMap(\.stretch) }

func octets(_ values: UInt8...) -> [UInt8] { values }
