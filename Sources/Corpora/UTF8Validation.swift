/// Whether the bytes are well-formed UTF-8 (Unicode 16.0, table 3-7).
func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var at = 0
    while at < bytes.count {
        let lead = bytes[at]
        if lead < 0x80 {
            at += 1
            continue
        }
        let followers: Int, second: ClosedRange<UInt8>
        switch lead {
        case 0xC2...0xDF: (followers, second) = (1, 0x80...0xBF)
        case 0xE0: (followers, second) = (2, 0xA0...0xBF)
        case 0xED: (followers, second) = (2, 0x80...0x9F)
        case 0xE1...0xEF: (followers, second) = (2, 0x80...0xBF)
        case 0xF0: (followers, second) = (3, 0x90...0xBF)
        case 0xF4: (followers, second) = (3, 0x80...0x8F)
        case 0xF1...0xF3: (followers, second) = (3, 0x80...0xBF)
        default: return false
        }
        guard at + followers < bytes.count, second.contains(bytes[at + 1]) else { return false }
        for follower in 1..<followers where bytes[at + 1 + follower] & 0xC0 != 0x80 { return false }
        at += followers + 1
    }
    return true
}

extension LogError {
    static func notUTF8(file: String?, line: Int?) -> LogError {
        LogError(.badData, file: file, line: line, message: "invalid UTF-8", remedy: "convert the log: iconv -f LATIN1 -t UTF-8", fault: .utf8)
    }
}
