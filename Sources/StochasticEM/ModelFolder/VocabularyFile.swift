import Corpora
import Foundation

/// `vocabulary.tsv`: a heading and a line an item, `number <tab> item <tab> count`.
///
/// In an item's name tab, line feed, carriage return and backslash are written `\t`, `\n`, `\r`, `\\`;
/// every other character stands for itself. There are no quotes.
enum VocabularyFile {
    static let heading = "number\titem\tcount"

    /// - Throws: `ModelFolderError` for two items of one name, which could not be read back.
    static func encode(_ vocabulary: Vocabulary, file: String) throws -> [UInt8] {
        if let (first, second) = repeated(in: vocabulary) {
            throw ModelFolderError(
                .cannotCreate, file: file, what: "items \(first) and \(second) have the same name",
                remedy: "this is an error in the program: please report it")
        }
        var bytes = Array("\(heading)\n".utf8)
        for (number, item) in vocabulary.items.enumerated() {
            bytes.append(contentsOf: "\(number)\t".utf8)
            for byte in item.utf8 {
                switch byte {
                case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
                case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
                case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
                case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
                default: bytes.append(byte)
                }
            }
            bytes.append(contentsOf: "\t\(vocabulary.counts[number])\n".utf8)
        }
        return bytes
    }

    /// - Throws: `ModelFolderError` that names the line.
    static func decode(_ bytes: [UInt8], file: String) throws -> Vocabulary {
        var items: [String] = [], counts: [Int] = []
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.popLast()?.isEmpty == true else { throw ModelFolderError.damaged(file, "its last line is cut off") }
        guard let first = lines.first, first.elementsEqual(heading.utf8) else {
            throw ModelFolderError.damaged(file, "line 1 is not the heading number, item, count")
        }
        for (index, line) in lines.dropFirst().enumerated() {
            let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            guard fields.count == 3, fields[0].elementsEqual(String(index).utf8), let item = unescaped(fields[1]),
                  let text = String(validating: fields[2], as: UTF8.self), let count = Int(text), count >= 0
            else { throw ModelFolderError.damaged(file, "line \(index + 2) does not hold number \(index), an item, and a count") }
            items.append(item)
            counts.append(count)
        }
        let vocabulary = Vocabulary(items: items, counts: counts)
        if let (first, second) = repeated(in: vocabulary) {
            throw ModelFolderError.damaged(file, "lines \(first + 2) and \(second + 2) name the same item")
        }
        return vocabulary
    }

    private static func unescaped(_ field: ArraySlice<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var rest = field[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else { bytes.append(byte); continue }
            switch rest.popFirst() {
            case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "r"): bytes.append(UInt8(ascii: "\r"))
            case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
            default: return nil
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Two items whose names are the same bytes, if there are any.
    ///
    /// Names that only Unicode holds equal (é as one character or two) are two items.
    private static func repeated(in vocabulary: Vocabulary) -> (Int, Int)? {
        var seen: [Data: Int] = [:]
        seen.reserveCapacity(vocabulary.count)
        for (number, item) in vocabulary.items.enumerated() {
            if let first = seen.updateValue(number, forKey: Data(item.utf8)) { return (first, number) }
        }
        return nil
    }
}
