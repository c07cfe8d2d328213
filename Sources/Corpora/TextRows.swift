/// The words of a file with one document a line. Each document is named by its line's number.
///
/// A word is a run of letters, digits and marks, with apostrophes inside it, in lower case. Whatever else there is divides words.
/// A line without a word is passed over.
final class TextRows: RowSource {
    private let reader: LineReader
    private let prefix: String
    /// Words of the line at hand, end to end, and where each ends.
    private var letters = ByteArena()
    private var ends: [Int] = []
    private var word = 0
    private var document = ByteArena()

    /// - Parameter prefix: of each document's name, to keep those of several files apart.
    init(_ reader: LineReader, prefix: String) throws(LogError) {
        self.reader = reader
        self.prefix = prefix
        guard !reader.ahead.isEmpty else {
            throw LogError(.badData, file: reader.name, message: "the file is empty", remedy: "a text has one document a line")
        }
    }

    func next(_ row: inout Row) throws(LogError) -> Bool {
        while word == ends.count {
            guard try reader.next() else { return false }
            try cutLine()
        }
        let start = word == 0 ? 0 : ends[word - 1], end = ends[word]
        word += 1
        row.line = reader.lineNumber
        row.time = nil
        row.item = letters[start..<end]
        row.user = document[0..<document.count]
        return true
    }

    private func cutLine() throws(LogError) {
        let line = UnsafeRawBufferPointer(reader.line)
        guard isUTF8(line) else { throw LogError.notUTF8(file: reader.name, line: reader.lineNumber) }
        letters.removeAll()
        ends.removeAll(keepingCapacity: true)
        word = 0
        document.removeAll()
        document.append(contentsOf: (prefix + String(reader.lineNumber)).utf8)
        if line.contains(where: { $0 >= 0x80 }) {
            cut(String(decoding: line, as: UTF8.self))
        } else {
            cutASCII(line)
        }
    }

    private func cutASCII(_ line: UnsafeRawBufferPointer) {
        for (at, byte) in line.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): letters.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): letters.append(byte | 0x20)
            case 0x27 where insideWord && at + 1 < line.count && isASCIIWord(line[at + 1]): letters.append(byte)
            default: endWord()
            }
        }
        endWord()
    }

    private func cut(_ line: String) {
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
        endWord()
    }

    private var insideWord: Bool { letters.count > (ends.last ?? 0) }

    private func endWord() {
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
