/// Words of texts that are left out as they are read, as if they did not stand there: no events, in no vocabulary, and none of those
/// that are counted as out of it.
public struct StopWords: Sendable, Equatable {
    /// In order, each once, spelled as the words of texts are.
    public let words: [String]

    /// - Parameter words: in any order; as `TextRows` spells words, in lower case.
    public init(_ words: some Sequence<String>) { self.words = Set(words.map(ExactName.init)).sorted().map(\.text) }

    /// Every word is an event.
    public static let empty = StopWords([])

    /// A list of one's own: one word a line; lines without any sign are passed over.
    ///
    /// Words are spelled as those of texts, so that capitals do not matter.
    ///
    /// - Parameter path: plain or gzip'd; `-` is standard input.
    /// - Throws: `LogError`, with file and line where a line does not hold one word.
    public init(file path: String) throws(LogError) {
        let reader = try LineReader(openLog(path))
        try rejectForeignFormat(reader.ahead, file: reader.name)
        var found: [String] = [], cutter = WordCutter()
        while try reader.next() {
            let line = UnsafeRawBufferPointer(reader.line)
            guard isUTF8(line) else { throw LogError.notUTF8(file: reader.name, line: reader.lineNumber) }
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
            cutter.cut(line)
            guard cutter.count == 1 else {
                throw LogError(
                    .badData, file: reader.name, line: reader.lineNumber,
                    message: "\(cutter.count == 0 ? "no word" : "\(cutter.count) words") in \"\(excerpt(line))\"", remedy: "a list of stop words has one word a line")
            }
            found.append(String(decoding: cutter[0], as: UTF8.self))
        }
        guard !found.isEmpty else {
            throw LogError(
                .badData, file: reader.name, message: "there is no word in it",
                remedy: "a list of stop words has one word a line; --stop-words none leaves none out")
        }
        self.init(found)
    }
}
