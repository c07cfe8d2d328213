import Foundation
import Testing
import TestSupport
@testable import Corpora

@Suite struct JSONRowsTests {
    private func rows(_ text: String, layout: LogLayout = LogLayout()) throws -> [TextEvent] {
        let log = try LogFile(text, name: "log.jsonl")
        return try allRows([log.path], layout: layout)
    }

    @Test func readsObjects() throws {
        let text = """
            {"user":"u1","time":1396437466.94,"item":"a"}

              { "item" : 7 , "extra" : {"a":[1,{"b":"}]"},[]],"c":{}} , "user" : -1.5e3, "time": "2017-01-07" , "more":[null,true,false,[]]}\r
            {"user":"\\u00e9\\ud83d\\ude00\\n\\"","item":"\\\\\\/","time":0}
            """
        #expect(try rows(text) == [
            TextEvent(user: "u1", time: "1396437466.94", item: "a", line: 1),
            TextEvent(user: "-1.5e3", time: "2017-01-07", item: "7", line: 3),
            TextEvent(user: "é😀\n\"", time: "0", item: "\\/", line: 4),
        ])
    }

    @Test func depthDoesNotMatter() throws {
        let depth = 300_000
        let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(try rows("{\"x\":\(nested),\"user\":1,\"item\":2}").map(\.item) == ["2"])
    }

    /// What Foundation's parser reads, ours reads alike; random strings go through random escapes.
    @Test func agreesWithFoundation() throws {
        var random = SplitMix(11)
        let alphabet: [Character] = ["a", "\"", "\\", "/", "é", "😀", "\n", "\t", "{", "}", ":", ",", "\u{1}", "\u{7F}"]
        var lines: [String] = [], expected: [String] = []
        for _ in 0..<500 {
            let item = String((0..<Int.random(in: 1...8, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" })
            let object: [String: Any] = ["item": item, "user": "u", "z": [item: [item, 1, ["q": NSNull()]]]]
            lines.append(String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self))
            expected.append(item)
        }
        #expect(try rows(lines.joined(separator: "\n")).map(\.item) == expected)
    }

    /// Foundation lets a comma before a closing bracket pass, so it is no oracle here; RFC 8259 is.
    @Test(arguments: [
        #"{"user":1,"item":2"#, #"{"user":1,"item":2}}"#, #"{"user":1 "item":2}"#, #"{"user":1,"item":2,}"#, #"{user:1,"item":2}"#, #"{"user":01,"item":2}"#,
        #"{"user":1.,"item":2}"#, #"{"user":1e,"item":2}"#, #"{"user":-,"item":2}"#, #"{"user":"\x","item":2}"#, #"{"user":"\u12","item":2}"#, #"{"user":"\ud800","item":2}"#,
        #"{"user":"\ud800\u0041","item":2}"#, #"{"user":1,"item":2,"x":[1,2}}"#, #"{"user":1,"item":2,"x":[1 2]}"#, #"{"user":1,"item":2,"x":{"a":}}"#,
        #"{"user":1,"item":2,"x":nul}"#, #"{"user":1,"item":2,"x":{"a" 1}}"#, #"[{"user":1,"item":2}]"#, #"{"user":1,"item":2} x"#, "{\"user\":\"a\u{1}\",\"item\":2}",
        #"{"user":1,"item":2,"x":[1,]}"#, #"{"user":1,"item":2,"x":{"a":1,}}"#, #"{"user":1,"item":2,"x":"unterminated}"#, #"{"#, #"{"user""#, #"{"user":"#, "5", "\"a\"",
    ])
    func refusesBrokenJSON(line: String) throws {
        let error = logError { _ = try rows("{\"user\":1,\"item\":1}\n" + line) }
        #expect(error?.kind == .badData)
        #expect(error?.line == 2)
    }

    @Test func noPrefixOfALineIsALine() throws {
        let line = #"{"user":"\u00e9","item":-2.5e+1,"time":"7","x":[{"a":null},"\\"]}"#
        #expect(try rows(line).count == 1)
        for length in 1..<line.utf8.count {
            let prefix = String(decoding: Array(line.utf8).prefix(length), as: UTF8.self)
            #expect(logError { _ = try rows(prefix) }?.kind == .badData, "\(prefix)")
        }
    }
}
