/// Walks over one JSON object, without building anything: strings are unescaped where they stand.
///
/// Nesting is counted, not recursed into, so that no depth of it can exhaust the stack.
struct JSONLine {
    struct Failure: Error {
        let message: String
        let remedy: String
        let fault: RowFault

        init(message: String, remedy: String = "a JSON log has one whole object a line", fault: RowFault = .json) {
            self.message = message
            self.remedy = remedy
            self.fault = fault
        }
    }

    private let bytes: UnsafeMutableRawBufferPointer
    private var at = 0
    private var first = true

    init(_ bytes: UnsafeMutableRawBufferPointer) {
        self.bytes = bytes
    }

    var isBlank: Bool { bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }

    mutating func beginObject() throws(Failure) {
        skipBlanks()
        guard peek == UInt8(ascii: "{") else {
            throw Failure(
                message: "not a JSON object",
                remedy: "a JSON log has one whole object a line; jq -c '.[]' makes that of an array")
        }
        at += 1
    }

    /// The next key of the object; nil behind the last one, when nothing else may follow.
    mutating func nextKey() throws(Failure) -> UnsafeRawBufferPointer? {
        skipBlanks()
        if peek == UInt8(ascii: "}") {
            at += 1
            skipBlanks()
            guard at == bytes.count else { throw broken("text behind the object") }
            return nil
        }
        if !first {
            guard peek == UInt8(ascii: ",") else { throw broken("no comma or closing brace") }
            at += 1
            skipBlanks()
        }
        first = false
        guard peek == UInt8(ascii: "\"") else { throw broken("no key") }
        let key = try string()
        skipBlanks()
        guard peek == UInt8(ascii: ":") else { throw broken("no colon behind a key") }
        at += 1
        return key
    }

    /// A string's text or a number's spelling.
    ///
    /// - Parameter fault: what is wrong with the row where there is neither.
    mutating func scalar(named name: String, fault: RowFault = .missing) throws(Failure) -> UnsafeRawBufferPointer {
        skipBlanks()
        switch peek {
        case UInt8(ascii: "\""): return try string()
        case let byte? where beginsNumber(byte): return try number()
        case nil: throw broken("no value")
        default:
            throw Failure(
                message: "\"\(name)\" is neither a string nor a number",
                remedy: fault == .time ? "give all events a time, or none" : "every event needs a user and an item: fill it in or drop the row",
                fault: fault)
        }
    }

    mutating func skipValue() throws(Failure) {
        // What closes each bracket that is open.
        var closers: [UInt8] = []
        repeat {
            skipBlanks()
            switch peek {
            case UInt8(ascii: "{"):
                at += 1
                skipBlanks()
                if peek == UInt8(ascii: "}") { at += 1; break }
                closers.append(UInt8(ascii: "}"))
                try skipKey()
                continue
            case UInt8(ascii: "["):
                at += 1
                skipBlanks()
                if peek == UInt8(ascii: "]") { at += 1; break }
                closers.append(UInt8(ascii: "]"))
                continue
            case UInt8(ascii: "\""): _ = try string()
            case let byte? where beginsNumber(byte): _ = try number()
            default: try literal()
            }
            // A value has ended: so do the brackets that close here, up to a comma.
            while let closer = closers.last {
                skipBlanks()
                if peek == closer {
                    at += 1
                    closers.removeLast()
                } else if peek == UInt8(ascii: ",") {
                    at += 1
                    if closer == UInt8(ascii: "}") { try skipKey() }
                    break
                } else {
                    throw broken("no comma or closing bracket")
                }
            }
        } while !closers.isEmpty
    }

    private mutating func skipKey() throws(Failure) {
        skipBlanks()
        guard peek == UInt8(ascii: "\"") else { throw broken("no key") }
        _ = try string()
        skipBlanks()
        guard peek == UInt8(ascii: ":") else { throw broken("no colon behind a key") }
        at += 1
    }

    private mutating func literal() throws(Failure) {
        for word in ["true", "false", "null"] where bytes[at...].starts(with: word.utf8) {
            at += word.utf8.count
            return
        }
        throw broken("no value")
    }

    private mutating func number() throws(Failure) -> UnsafeRawBufferPointer {
        let start = at
        if peek == UInt8(ascii: "-") { at += 1 }
        let whole = at
        guard skipDigits() > 0, bytes[whole] != UInt8(ascii: "0") || at == whole + 1 else { throw broken("a number is misspelt") }
        if peek == UInt8(ascii: ".") {
            at += 1
            guard skipDigits() > 0 else { throw broken("a number is misspelt") }
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            at += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { at += 1 }
            guard skipDigits() > 0 else { throw broken("a number is misspelt") }
        }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<at])
    }

    private func beginsNumber(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    private mutating func skipDigits() -> Int {
        let start = at
        while let byte = peek, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { at += 1 }
        return at - start
    }

    /// The text of the string whose opening quote is at hand.
    private mutating func string() throws(Failure) -> UnsafeRawBufferPointer {
        at += 1
        let start = at
        var out = at
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                at += 1
                return UnsafeRawBufferPointer(rebasing: bytes[start..<out])
            case UInt8(ascii: "\\"):
                out = try unescape(to: out)
            case 0..<0x20:
                throw broken("a control character in a string")
            default:
                bytes[out] = byte
                out += 1
                at += 1
            }
        }
        throw broken("unterminated string")
    }

    /// Reads one escape and writes what it stands for, never longer than itself. Returns the new end.
    private mutating func unescape(to out: Int) throws(Failure) -> Int {
        at += 1
        guard let letter = peek else { throw broken("unterminated string") }
        at += 1
        let plain: [UInt8: UInt8] = [0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09]
        if let byte = plain[letter] {
            bytes[out] = byte
            return out + 1
        }
        guard letter == UInt8(ascii: "u") else { throw broken("an escape that JSON does not have") }
        var code = try hexadecimal()
        if 0xD800...0xDBFF ~= code, peek == UInt8(ascii: "\\"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "u") {
            at += 2
            let low = try hexadecimal()
            guard 0xDC00...0xDFFF ~= low else { throw broken("half of a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard code != 0, let scalar = Unicode.Scalar(code) else { throw broken(code == 0 ? "NUL in a string" : "half of a surrogate pair") }
        var end = out
        for unit in scalar.utf8 {
            bytes[end] = unit
            end += 1
        }
        return end
    }

    private mutating func hexadecimal() throws(Failure) -> UInt32 {
        guard at + 4 <= bytes.count, bytes[at..<at + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
              let value = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
        else { throw broken("an escape that JSON does not have") }
        at += 4
        return value
    }

    private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0D { at += 1 }
    }

    private func broken(_ what: String) -> Failure {
        Failure(message: "bad JSON at column \(at + 1): \(what)")
    }
}
