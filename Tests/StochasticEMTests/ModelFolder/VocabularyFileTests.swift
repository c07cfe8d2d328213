import Corpora
import Testing
@testable import StochasticEM

@Suite struct VocabularyFileTests {
    @Test func `The file is what it is said to be`() throws {
        let vocabulary = Vocabulary(items: ["milk", "a\tb\\c\n"], counts: [7, 0])
        let bytes = try VocabularyFile.encode(vocabulary, file: "v")
        #expect(String(decoding: bytes, as: UTF8.self) == "number\titem\tcount\n0\tmilk\t7\n1\ta\\tb\\\\c\\n\t0\n")
    }

    @Test(arguments: [
        "", "number\titem\tcount", "number\titem\n", "\n", "0\tmilk\t7\n",
        "number\titem\tcount\n1\tmilk\t7\n", "number\titem\tcount\n0\tmilk\n", "number\titem\tcount\n0\tmilk\t7\textra\n",
        "number\titem\tcount\n0\tmilk\t-7\n", "number\titem\tcount\n0\tmilk\t\n", "number\titem\tcount\n0\tmilk\t7.5\n",
        "number\titem\tcount\n0\tmilk\t99999999999999999999\n", "number\titem\tcount\n0\tmi\\lk\t7\n",
        "number\titem\tcount\n0\tmilk\\\t7\n", "number\titem\tcount\n0\tmilk\t7\n\n", "number\titem\tcount\n0\tmilk\t7",
        "number\titem\tcount\n0\tmilk\t7\n1\tmilk\t3\n", "number\titem\tcount\r\n0\tmilk\t7\r\n",
    ])
    func `A malformed file is refused`(text: String) {
        #expect(throws: ModelFolderError.self) { try VocabularyFile.decode(Array(text.utf8), file: "v") }
    }

    @Test func `A name that is not UTF-8 is refused`() {
        let bytes = Array("number\titem\tcount\n0\t".utf8) + [0xC3, 0x28] + Array("\t7\n".utf8)
        #expect(throws: ModelFolderError.self) { try VocabularyFile.decode(bytes, file: "v") }
    }
}
