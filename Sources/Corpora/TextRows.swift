/// The words of a file with one document a line, as `WordCutter` cuts them. Each document is named by its line's number.
///
/// Stop words are passed over, and counted; a line without another word is no document.
final class TextRows: RowSource {
    private let reader: LineReader
    private let prefix: String
    private let stopWords: Interner
    /// Words that were passed over so far.
    private(set) var stopped = 0
    /// Of the line at hand.
    private var words = WordCutter()
    private var word = 0
    private var document = ByteArena()
    /// A text has no columns.
    let unreadTimes: [String] = []

    /// - Parameters:
    ///   - prefix: of each document's name, to keep those of several files apart.
    ///   - stopWords: words that are no events.
    init(_ reader: LineReader, prefix: String, stopWords: StopWords = .empty) throws(LogError) {
        self.reader = reader
        self.prefix = prefix
        self.stopWords = Interner(stopWords.words)
        guard !reader.ahead.isEmpty else {
            throw LogError(.badData, file: reader.name, message: "the file is empty", remedy: "a text has one document a line")
        }
    }

    func next(_ row: inout Row) throws(LogError) -> Bool {
        while true {
            while word == words.count {
                guard try reader.next() else { return false }
                try cutLine()
            }
            row.item = words[word]
            word += 1
            if stopWords.count == 0 || stopWords.number(of: row.item) == nil { break }
            stopped += 1
        }
        row.line = reader.lineNumber
        row.time = nil
        row.user = document[0..<document.count]
        return true
    }

    private func cutLine() throws(LogError) {
        let line = UnsafeRawBufferPointer(reader.line)
        guard isUTF8(line) else { throw LogError.notUTF8(file: reader.name, line: reader.lineNumber) }
        words.cut(line)
        word = 0
        document.removeAll()
        document.append(contentsOf: (prefix + String(reader.lineNumber)).utf8)
    }
}
