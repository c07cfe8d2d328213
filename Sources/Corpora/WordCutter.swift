/// The words of a line of text, end to end.
///
/// A word is a run of letters, digits and marks, with apostrophes inside it, in lower case. Whatever else there is divides words.
struct WordCutter: ~Copyable {
    private var letters = ByteArena()
    /// Word n ends at `ends[n]`, and begins where the one before it ends.
    private var ends: [Int] = []

    /// Words of the line at hand.
    var count: Int { ends.count }

    /// The bytes of a word, valid until the next line is cut.
    subscript(word: Int) -> UnsafeRawBufferPointer { letters[(word == 0 ? 0 : ends[word - 1])..<ends[word]] }

    /// Takes the words of a line in place of those of the last.
    ///
    /// - Parameter line: well-formed UTF-8.
    mutating func cut(_ line: UnsafeRawBufferPointer) {
        letters.removeAll()
        ends.removeAll(keepingCapacity: true)
        if line.contains(where: { $0 >= 0x80 }) {
            cut(String(decoding: line, as: UTF8.self))
        } else {
            cutASCII(line)
        }
        endWord()
    }

    private mutating func cutASCII(_ line: UnsafeRawBufferPointer) {
        for (at, byte) in line.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): letters.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): letters.append(byte | 0x20)
            case 0x27 where insideWord && at + 1 < line.count && isASCIIWord(line[at + 1]): letters.append(byte)
            default: endWord()
            }
        }
    }

    private mutating func cut(_ line: String) {
        let scalars = Array(line.unicodeScalars)
        for (at, scalar) in scalars.enumerated() {
            if isWord(scalar) {
                letters.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
            } else if scalar == "'" || scalar == "\u{2019}", insideWord, at + 1 < scalars.count, isWord(scalars[at + 1]) {
                letters.append(0x27)
            } else {
                endWord()
            }
        }
    }

    private var insideWord: Bool { letters.count > (ends.last ?? 0) }

    private mutating func endWord() {
        if insideWord { ends.append(letters.count) }
    }

    private func isASCIIWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    private func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
             .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
