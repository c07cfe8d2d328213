/// The words of a line of text, end to end.
///
/// A word is a run of letters, digits and marks, with apostrophes inside it, in lower case. Whatever else there is divides words, but for
/// what cannot be seen (rule WB4 of Unicode's annex 29): joiners inside a word are part of it, since scripts write other letters with
/// them than without; other signs of format, such as the soft hyphen, are as if they did not stand there.
struct WordCutter: ~Copyable {
    private var letters = ByteArena()
    /// Word n ends at `ends[n]`, and begins where the one before it ends.
    private var ends: [Int] = []
    /// Where the word at hand ends, as far as is known: joiners behind it are part of it once something follows.
    private var solid = 0

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
        solid = 0
        var at = 0
        while at < line.count {
            let (scalar, next) = Self.scalar(line, at: at)
            if !Self.isWord(scalar) {
                if Self.isApostrophe(scalar), insideWord, Self.wordFollows(line, at: next) {
                    letters.truncate(to: solid)
                    letters.append(0x27)
                    solid = letters.count
                } else if scalar.isASCII || !Self.isUnseen(scalar) {
                    endWord()
                } else if Self.isJoiner(scalar), insideWord {
                    letters.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
                }
            } else {
                if scalar.isASCII {
                    // Lower case; digits have the bit already.
                    letters.append(UInt8(truncatingIfNeeded: scalar.value) | 0x20)
                } else {
                    letters.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
                }
                solid = letters.count
            }
            at = next
        }
        endWord()
    }

    private var insideWord: Bool { solid > (ends.last ?? 0) }

    private mutating func endWord() {
        guard insideWord else { return }
        letters.truncate(to: solid)
        ends.append(solid)
    }

    /// Whether a word goes on at a byte, behind what cannot be seen.
    private static func wordFollows(_ line: UnsafeRawBufferPointer, at start: Int) -> Bool {
        var at = start
        while at < line.count {
            let (scalar, next) = scalar(line, at: at)
            if isWord(scalar) { return true }
            if scalar.isASCII || !isUnseen(scalar) { return false }
            at = next
        }
        return false
    }

    /// The scalar that begins at a byte, and where the next one does.
    private static func scalar(_ line: UnsafeRawBufferPointer, at: Int) -> (scalar: Unicode.Scalar, next: Int) {
        let lead = line[at]
        if lead < 0x80 { return (Unicode.Scalar(lead), at + 1) }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        let value = (1..<length).reduce(UInt32(lead) & (0x7F >> UInt32(length))) { $0 << 6 | UInt32(line[at + $1]) & 0x3F }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", at + length)
    }

    private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool { scalar == "'" || scalar == "\u{2019}" }

    private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool { scalar == "\u{200C}" || scalar == "\u{200D}" }

    /// Signs of format, joiners included; but not the space without width, which is there to divide words.
    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .format && scalar != "\u{200B}" }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        // Most of a text, without a look at Unicode's tables.
        if scalar.isASCII {
            return switch scalar {
            case "0"..."9", "A"..."Z", "a"..."z": true
            default: false
            }
        }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
             .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
