@testable import Corpora

extension DirtyLog {
    private static let good = #"{"user":"u","item":"a"}"#

    /// JSON lines.
    static let objects: [DirtyLog] = [
        json("nothing wrong with JSON", good + "\n" + good, reads: "u: a a"),
        json("blank JSON lines", "\n \n\t\r\n" + good + "\n\n", reads: "u: a"),
        json("numbers for names", #"{"user":7,"item":-1.50e+2}"#, reads: "7: -1.50e+2"),
        json("a number and its text", #"{"user":7,"item":1}"# + "\n" + #"{"user":"7","item":"1"}"#, reads: "7: 1 1"),
        json("a key twice", #"{"user":"x","user":"u","item":"b","item":"a"}"#, reads: "u: a"),
        json("a key in escapes", #"{"us\u0065r":"u","\u0069tem":"a"}"#, reads: "u: a"),
        json("a name in escapes", #"{"user":"\u0075","item":"\ud83d\ude00\t\\\""}"#, reads: "u: 😀⇥\\\""),
        json("keys that nobody asked for", #"{"x":[{"user":"y","item":[[[]]]},"}"],"user":"u","z":{"item":null},"item":"a"}"#, reads: "u: a"),
        json("blanks everywhere", " { \"user\" :\t\"u\" ,\"item\" : \"a\" } \r\n", reads: "u: a"),
        json("capitals", #"{"User":"u","Item":"a"}"#, line: 1, "the keys are User, Item"),
        json("an empty key", #"{"":1,"user":"u","item":"a"}"#, reads: "u: a"),
        json("an empty object", "{}", line: 1, "there is none"),
        json("an object of two lines", "{\"user\":\"u\",\n\"item\":\"a\"}", line: 1, "bad JSON"),
        json("two objects a line", good + good, line: 1, "text behind the object"),
        json("objects with a comma between", good + ",\n" + good, line: 1, "text behind the object"),
        json("an array of objects", "[" + good + "]", line: 1, "jq"),
        json("a string", "\"user\"", line: 1, "not a JSON object"),
        json("half an object", good + "\n" + #"{"user":"u","it"#, line: 2, "unterminated string"),
        json("a comma behind the last", #"{"user":"u","item":"a",}"#, line: 1, "no key"),
        json("two commas", #"{"user":"u",,"item":"a"}"#, line: 1, "no key"),
        json("no comma", #"{"user":"u" "item":"a"}"#, line: 1, "no comma"),
        json("no colon", #"{"user" "u"}"#, line: 1, "no colon"),
        json("single quotes in JSON", "{'user':'u','item':'a'}", line: 1, "no key"),
        json("keys without quotes", "{user:1,item:2}", line: 1, "no key"),
        json("a comment in JSON", good + " // mine", line: 1, "text behind the object"),
        json("a null", #"{"user":null,"item":"a"}"#, line: 1, "neither a string nor a number"),
        json("a truth", #"{"user":"u","item":true}"#, line: 1, "neither a string nor a number"),
        json("a list", #"{"user":"u","item":["a"]}"#, line: 1, "neither a string nor a number"),
        json("NaN", #"{"user":"u","item":NaN}"#, line: 1, "neither a string nor a number"),
        json("infinity", #"{"user":"u","item":-Infinity}"#, line: 1, "misspelt"),
        json("a plus", #"{"user":"u","item":+1}"#, line: 1, "neither a string nor a number"),
        json("a zero in front", #"{"user":"u","item":01}"#, line: 1, "misspelt"),
        json("hexadecimal", #"{"user":"u","item":0x1}"#, line: 1, "no comma"),
        json("a number past all numbers", #"{"user":"u","item":1e999999}"#, reads: "u: 1e999999"),
        json("an empty name", #"{"user":"u","item":""}"#, line: 1, "\"item\" is empty"),
        json("no item", good + "\n" + #"{"user":"u"}"#, line: 2, "no key is named \"item\""),
        json("a tab in a string", "{\"user\":\"u\",\"item\":\"a\tb\"}", line: 1, "control character"),
        json("an escape that there is not", #"{"user":"u","item":"\q"}"#, line: 1, "an escape that JSON does not have"),
        json("an escape cut off", #"{"user":"u","item":"\u00"#, line: 1, "an escape that JSON does not have"),
        json("half a pair in escapes", #"{"user":"u","item":"\ud83d"}"#, line: 1, "half of a surrogate pair"),
        json("the other half in escapes", #"{"user":"u","item":"\ude00"}"#, line: 1, "half of a surrogate pair"),
        json("a pair the wrong way round", #"{"user":"u","item":"\ude00\ud83d"}"#, line: 1, "half of a surrogate pair"),
        json("NUL in escapes", #"{"user":"u","item":"\u0000"}"#, line: 1, "NUL in a string"),
        json("times as numbers and text", #"{"user":"u","item":"b","time":2}"# + "\n" + #"{"user":"u","item":"a","time":"1970-01-01"}"#, reads: "u: a b"),
        json("a time that is null", #"{"user":"u","item":"a","time":null}"#, line: 1, "\"time\" is neither"),
        json("a time that is no time", #"{"user":"u","item":"a","time":"soon"}"#, line: 1, "no time: \"soon\""),
        json("a time here and there", good + "\n" + #"{"user":"u","item":"a","time":1}"#, line: 2, "\"time\" here, but"),
        json("brackets that do not match", #"{"user":"u","item":"a","x":[1}}"#, line: 1, "no comma or closing bracket"),
        json("deep nesting", #"{"x":"# + String(repeating: "[", count: 50_000) + String(repeating: "]", count: 50_000) + #","user":"u","item":"a"}"#, reads: "u: a"),
        json("deep nesting that stays open", #"{"user":"u","item":"a","x":"# + String(repeating: "{\"y\":", count: 20_000), line: 1, "bad JSON"),
        raw("Latin-1 in JSON", joined("{\"user\":\"u\",\"item\":\"", octets(0xE9), "\"}"), "log.jsonl", line: 1, "invalid UTF-8"),
        raw("Latin-1 in JSON that nobody asked for", joined("{\"user\":\"u\",\"x\":\"", octets(0xE9), "\",\"item\":\"a\"}"), "log.jsonl", reads: "u: a"),
    ]

    private static let plain = joined("user\titem\nu\ta\nu\tb\n")
    /// `plain` as one member; an empty log if packing failed, which the table then shows.
    private static let member = (try? gzipped(plain)) ?? []
    private static let another = (try? gzipped(joined("v\ta\n"))) ?? []
    private static let nothing = (try? gzipped([])) ?? []

    private static func changed(_ place: Int) -> [UInt8] {
        var bytes = member
        bytes[place >= 0 ? place : bytes.count + place] ^= 0x41
        return bytes
    }

    /// gzip, whole and otherwise.
    static let packed: [DirtyLog] = [
        raw("gzip", member, "log.tsv.gz", reads: "u: a b"),
        raw("gzip without its extension", member, "log.tsv", reads: "u: a b"),
        raw("plain with its extension", plain, "log.tsv.gz", reads: "u: a b"),
        raw("two members", joined(member, another), "log.tsv.gz", reads: "u: a b | v: a"),
        raw("a row across two members", joined((try? gzipped(Array(plain.prefix(12)))) ?? [], (try? gzipped(Array(plain.dropFirst(12)))) ?? []),
            "log.tsv.gz", reads: "u: a b"),
        raw("an empty member between", joined(nothing, member, nothing), "log.tsv.gz", reads: "u: a b"),
        raw("empty members alone", joined(nothing, nothing), "log.tsv.gz", line: nil, "the file is empty"),
        raw("zeros behind the end", joined(member, [UInt8](repeating: 0, count: 700)), "log.tsv.gz", reads: "u: a b"),
        raw("a member behind zeros", joined(member, octets(0, 0), another), "log.tsv.gz", reads: "u: a b | v: a"),
        raw("text behind the end", joined(member, "tail"), "log.tsv.gz", line: nil, "bytes behind its end"),
        raw("zeros and text behind the end", joined(member, octets(0, 0), "tail"), "log.tsv.gz", line: nil, "bytes behind its end"),
        raw("half a member behind the end", joined(member, Array(member.prefix(14))), "log.tsv.gz", line: nil, "truncated gzip"),
        raw("the magic alone behind the end", joined(member, octets(0x1F)), "log.tsv.gz", line: nil, "truncated gzip"),
        raw("half of the file", Array(member.prefix(member.count / 2)), "log.tsv.gz", line: nil, "truncated gzip"),
        raw("its last byte away", Array(member.dropLast()), "log.tsv.gz", line: nil, "truncated gzip"),
        raw("its checksum away", Array(member.dropLast(8)), "log.tsv.gz", line: nil, "truncated gzip"),
        raw("its header alone", Array(member.prefix(10)), "log.tsv.gz", line: nil, "truncated gzip"),
        raw("its magic alone", [0x1F, 0x8B], "log.tsv.gz", line: nil, "truncated gzip"),
        raw("half of its magic", [0x1F], "log.tsv.gz", line: 1, "no column is named"),
        raw("another checksum", changed(-8), "log.tsv.gz", line: nil, "incorrect data check"),
        raw("another length", changed(-1), "log.tsv.gz", line: nil, "incorrect length check"),
        raw("another method", changed(2), "log.tsv.gz", line: nil, "corrupt gzip"),
        raw("flags that there are not", changed(3), "log.tsv.gz", line: nil, "corrupt gzip"),
        raw("another time in the header", changed(5), "log.tsv.gz", reads: "u: a b"),
        raw("gzip within gzip", (try? gzipped(member)) ?? [], "log.tsv.gz", line: 1, "gzip data within gzip data"),
        raw("NUL within gzip", (try? gzipped(joined("user\titem\nu\t\0\n"))) ?? [], "log.tsv.gz", line: 2, "NUL byte"),
        raw("JSON within gzip", (try? gzipped(joined(good))) ?? [], "log.jsonl.gz", reads: "u: a"),
    ]

    /// Text, a document a line.
    static let texts: [DirtyLog] = [
        text("words", "The cat's café.\n\n-- 3 cats --\n", reads: "1: the cat's café | 3: 3 cats"),
        text("apostrophes", "'tis o’clock ''\n", reads: "1: tis o'clock"),
        text("a quote in a text", "\"open\nclosed\n", reads: "1: open | 2: closed"),
        raw("Latin-1 in a text", joined("one\ntwo ", octets(0xE9), "\n"), "log.txt", LogLayout(format: .text), line: 2, "invalid UTF-8"),
        raw("NUL in a text", joined("one\ntwo\0\n"), "log.txt", LogLayout(format: .text), line: 2, "NUL byte"),
        raw("no words", joined("...\n"), "log.txt", LogLayout(format: .text), line: nil, "there is no event"),
    ]

    private static let long = String(repeating: "x", count: 1 << 20)

    /// What is long, or much.
    static let large: [DirtyLog] = [
        DirtyLog("a name of a megabyte", "log.tsv", bytes: joined("user\titem\nu\t", long, "\nu\tb\n"), .counts(events: 2, users: 1, items: 2)),
        DirtyLog("a quoted name of a megabyte", "log.csv", bytes: joined("user,item\nu,\"", long, "\n\"\n"), .counts(events: 1, users: 1, items: 1)),
        DirtyLog("a header of a megabyte", "log.tsv", bytes: joined("user\t", long, "\titem\nu\t\ta\n"), .counts(events: 1, users: 1, items: 1)),
        DirtyLog("JSON of a megabyte", "log.jsonl", bytes: joined("{\"x\":\"", long, "\",\"user\":1,\"item\":2}"), .counts(events: 1, users: 1, items: 1)),
        DirtyLog("a time of a megabyte", "log.tsv", bytes: joined("user\ttime\titem\nu\t", long, "\ta\n"), .refused(.badData, line: 2, "no time")),
        DirtyLog(
            "ten thousand columns", "log.tsv",
            bytes: joined(String(repeating: "c\t", count: 10_000), "user\titem\n", String(repeating: "1\t", count: 10_000), "u\ta\n"),
            .counts(events: 1, users: 1, items: 1)),
        DirtyLog(
            "ten thousand columns without a user", "log.tsv", bytes: joined(String(repeating: "c\t", count: 10_000), "item\n"),
            .refused(.badData, line: 1, "(10001 in all)")),
        DirtyLog(
            "a row of a megabyte of separators", "log.tsv", bytes: joined("user\titem\n", String(repeating: "\t", count: 1 << 20), "\n"),
            .refused(.badData, line: 2, "1048577 fields")),
        DirtyLog(
            "a hundred thousand blank lines", "log.tsv", bytes: joined("user\titem\n", String(repeating: "\n", count: 100_000), "u\n"),
            .refused(.badData, line: 100_002, "1 field")),
        DirtyLog("a megabyte on one line", "log.tsv", bytes: joined(long), .refused(.badData, line: 1, "no column is named")),
    ]
}
