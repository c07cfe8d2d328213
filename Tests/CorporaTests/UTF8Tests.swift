import Testing
import TestSupport
@testable import Corpora

@Suite struct UTF8Tests {
    /// Against the standard library: decoding with repair gives the bytes back exactly if they were well-formed.
    @Test func agreesWithTheStandardLibrary() {
        var random = SplitMix(23)
        let bytes: [UInt8] = [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF]
        var valid = 0
        for _ in 0..<100_000 {
            let text = (0..<Int.random(in: 0...5, using: &random)).map { _ in bytes.randomElement(using: &random) ?? 0 }
            let expected = Array(String(decoding: text, as: UTF8.self).utf8) == text
            if expected { valid += 1 }
            if text.withUnsafeBytes(isUTF8) != expected { Issue.record("\(text)") }
        }
        #expect(valid > 1000)
    }

    @Test func allScalarsAreUTF8() {
        for value in stride(from: UInt32(1), through: 0x10FFFF, by: 101) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            if !Array(String(Character(scalar)).utf8).withUnsafeBytes(isUTF8) { Issue.record("\(value)") }
        }
    }
}
