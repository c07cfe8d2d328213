@testable import Corpora

extension DirtyLog {
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Line ends and byte-order marks.
    static let ends: [DirtyLog] = [
        tsv("CR LF", "user\titem\r\nu\ta\r\n\r\nu\tb\r\n", reads: "u: a b"),
        tsv("CR LF and LF", "user\titem\r\nu\ta\nu\tb\r\n", reads: "u: a b"),
        tsv("LF in the header, CR LF behind", "user\titem\nu\ta\r\n", reads: "u: a"),
        tsv("CR alone", "user\titem\ru\ta\ru\tb\r", line: 1, "lines seem to end with CR alone"),
        tsv("CR alone behind the header", "user\titem\nu\ta\ru\tb\r", line: 2, "3 fields"),
        tsv("CR CR LF", "user\titem\nu\ta\r\r\n", reads: "u: a␍"),
        tsv("CR inside a name", "user\titem\nu\ta\rb\n", reads: "u: a␍b"),
        tsv("LF CR", "user\titem\n\ru\ta\n", reads: "␍u: a"),
        tsv("no end of the last line", "user\titem\nu\ta", reads: "u: a"),
        tsv("CR at the very end", "user\titem\nu\ta\r", reads: "u: a"),
        tsv("a form feed", "user\titem\nu\ta\u{C}\n", reads: "u: a\u{C}"),
        tsv("Unicode's line separators", "user\titem\nu\ta\u{2028}b\u{85}c\n", reads: "u: a\u{2028}b\u{85}c"),
        tsv("the end of a file as DOS had it", "user\titem\nu\ta\n\u{1A}", line: 3, "1 field"),
        raw("a mark", joined(mark, "user\titem\nu\ta\n"), reads: "u: a"),
        raw("a mark and quotes", joined(mark, "\"user\",\"item\"\nu,a\n"), "log.csv", reads: "u: a"),
        raw("a mark and JSON", joined(mark, "{\"user\":1,\"item\":2}"), "log.jsonl", reads: "1: 2"),
        raw("two marks", joined(mark, mark, "user\titem\nu\ta\n"), line: 1, "no column is named \"user\""),
        raw("half a mark", joined(Array(mark.prefix(2)), "user\titem\nu\ta\n"), line: 1, "invalid UTF-8"),
        raw("a mark alone", mark, line: nil, "the file is empty"),
        raw("a mark in the middle", joined("user\titem\nu\ta\n", mark, "v\tb\n"), reads: "u: a | \u{FEFF}v: b"),
    ]

    /// Bytes that are not text, or not UTF-8.
    static let encodings: [DirtyLog] = [
        tsv("NUL in a name", "user\titem\nu\ta\0b\n", line: 2, "NUL byte"),
        tsv("NUL at the end", "user\titem\nu\ta\n\0", line: 3, "NUL byte"),
        tsv("NUL for a line end", "user\titem\nu\ta\0u\tb\n", line: 2, "NUL byte"),
        tsv("zeros behind the log", "user\titem\nu\ta\n" + String(repeating: "\0", count: 600), line: 3, "NUL byte"),
        tsv("NUL in a column that nobody asked for", "user\tx\titem\nu\t\0\ta\n", line: 2, "NUL byte"),
        csv("NUL in quotes", "user,item\nu,\"a\n\0\"\n", line: 2, "a quote of the row that begins here is still open at the NUL byte of line 3"),
        json("NUL in JSON", "{\"user\":1,\"item\":\"\0\"}\n", line: 1, "NUL byte"),
        raw("zeros alone", [UInt8](repeating: 0, count: 64), line: 1, "NUL byte"),
        raw("Latin-1", joined("user\titem\nu\tcaf", octets(0xE9), "\n"), line: 2, "invalid UTF-8"),
        raw("Latin-1 in a column that nobody asked for", joined("user\tx\titem\nu\tcaf", octets(0xE9), "\ta\n"), reads: "u: a"),
        raw("Latin-1 in a header that nobody asked for", joined("user\t", octets(0xE9), "\titem\nu\tx\ta\n"), line: 1, "invalid UTF-8"),
        raw("Latin-1 in the second row of an item", joined("user\titem\nu\ta\nu\t", octets(0xFC), "\n"), line: 3, "iconv"),
        raw("half a character", joined("user\titem\nu\t", octets(0xE2, 0x82)), line: 2, "invalid UTF-8"),
        raw("an overlong slash", joined("user\titem\nu\t", octets(0xC0, 0xAF), "\n"), line: 2, "invalid UTF-8"),
        raw("an overlong euro", joined("user\titem\nu\t", octets(0xF0, 0x82, 0x82, 0xAC), "\n"), line: 2, "invalid UTF-8"),
        raw("half a surrogate pair", joined("user\titem\nu\t", octets(0xED, 0xA0, 0x80), "\n"), line: 2, "invalid UTF-8"),
        raw("past the last character", joined("user\titem\nu\t", octets(0xF4, 0x90, 0x80, 0x80), "\n"), line: 2, "invalid UTF-8"),
        raw("the last character", joined("user\titem\nu\t", octets(0xF4, 0x8F, 0xBF, 0xBF), "\n"), reads: "u: \u{10FFFF}"),
        raw("a byte that goes on with nothing", joined("user\titem\n", octets(0x80), "\ta\n"), line: 2, "invalid UTF-8"),
        tsv("the sign for what could not be read", "user\titem\nu\t\u{FFFD}\n", reads: "u: \u{FFFD}"),
        tsv("one letter in two ways", "user\titem\nu\té\nu\te\u{301}\n", reads: "u: é e\u{301}"),
        tsv("from right to left", "user\titem\nu\t\u{202E}cba\n", reads: "u: \u{202E}cba"),
        tsv("an emoji of many parts", "user\titem\nu\t👩‍👩‍👧\n", reads: "u: 👩‍👩‍👧"),
        raw("UTF-16", [0xFF, 0xFE, 0x75, 0, 0x73, 0], line: 1, "UTF-16"),
        raw("UTF-16 without a mark", [0x75, 0, 0x73, 0, 0x65, 0, 0x72, 0], line: 1, "NUL byte"),
        raw("a control character", joined("user\titem\nu\t", octets(0x1B), "[2J\n"), reads: "u: \u{1B}[2J"),
    ]

    /// Times of all sorts, beside one at 100 seconds.
    static let times: [DirtyLog] = [
        time("0", .before), time("99", .before), time("99.999999", .before), time("100", .behind), time("100.000001", .behind),
        time("-1", .before), time("-0", .before), time("-0.5", .before), time("-9223372036854775807", .otherUnit), time("-9223372036854775808", .otherUnit),
        time("9223372036854775807", .otherUnit), time("9223372036854775808", .none), time("99999999999999999999999", .none),
        time("00000000000000000000099", .before), time("1e2", .behind), time("1E1", .before), time("1e400", .none), time("1e11", .none),
        time("+5", .before), time(".5", .before), time("5.", .before), time(".", .none), time("-", .none), time("", .none), time(" 5", .none),
        time("5 ", .none), time("5s", .none), time("1,000", .none), time("1_000", .none), time("0x10", .none), time("nan", .none),
        time("inf", .none), time("null", .none), time("٣", .none), time("12:30", .none), time("1969-12-31", .before), time("1970-01-01", .before),
        time("1970-01-01T00:01:40Z", .behind), time("1970-01-01T00:01:39.9Z", .before), time("1970-01-01 00:01:41", .behind),
        time("1970-01-01T01:01:39+01:00", .before), time("1970-01-01T00:01:39-00:01", .behind), time("1970-1-1", .none), time("01/02/1970", .none),
        time("1970-02-30", .none), time("1970-13-01", .none), time("1970-01-01T24:00:00Z", .none), time("1970-01-01T00:00:61Z", .none),
        time("1970-01-01T", .none), time("1970-01-01T00:00:00+99:00", .none), time("0000-01-01", .before), time("9999-12-31T23:59:59Z", .behind),
        time("10000-01-01", .none), time("-0001-01-01", .none), time("19700101", .behind), time("19700101000139", .otherUnit), time("19700101T000139Z", .before), time("19700101T0002", .behind),
        time("19700101T00", .none), time("99999999999", .behind), time("100000000000", .otherUnit), time("yesterday", .none), time("1970-01-01Z", .none),
        tsv("ties as in the file", "user\ttime\titem\nu\t5\tb\nu\t5\ta\nu\t4\tc\n", reads: "u: c b a"),
        tsv("one time for all", "user\ttime\titem\nu\t1\tb\nv\t1\tc\nu\t1\ta\n", reads: "u: b a | v: c"),
        tsv("both ends of time", "user\ttime\titem\nu\t9223372036854775807\tz\nu\t-9223372036854775808\ta\nu\t0\tm\n", reads: "u: a m z"),
        tsv("no time where it was named", "user\titem\nu\ta\n", LogLayout(time: .named("time")), line: 1, "no column is named \"time\""),
        tsv("a time that is passed over", "user\ttime\titem\nu\tsoon\ta\n", LogLayout(time: .fileOrder), reads: "u: a"),
    ]
}
