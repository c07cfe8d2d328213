import Corpora
import Foundation
@testable import StochasticEM

/// A folder for one test, which goes when the test ends.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "lla-test-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var entries: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}

/// What goes wrong with names of items, all at once.
let nastyNames = [
    "milk", "", " ", "tab\there", "line\nfeed", "carriage\rreturn", "crlf\r\n", "back\\slash", "\\t", "\\", "\\\\n", "\"quoted\"",
    "a,b;c|d", "<script>alert('x')</script>", "é", "e\u{301}", "名前", "🧀👩‍👩‍👧", "\u{FEFF}bom", "\u{0}nul", "\u{2028}separator",
    "number\titem\tcount", "#comment", "=1+1", String(repeating: "long", count: 500),
]

struct SomeSettings: Codable, Equatable {
    var topics = 3
    var beta = 0.001
    var note = "path/with/slashes \"and quotes\""
}

struct SomeEpoch: Codable, Equatable {
    var epoch: Int
    var perplexity: Double
}

func someModel(names: [String] = ["milk", "bread", "eggs"], scale: Float = 1) throws -> ModelFiles {
    let v = names.count
    return try ModelFiles(
        tensors: [
            Tensor("weights", shape: [2, 3], [0.1, -2.5, 3e-30, 7, -0.0, 1].map { $0 * scale }),
            Tensor("counts", shape: [v], (0..<v).map { UInt32($0) * 1_000_003 }),
            Tensor("moments", shape: [2], [1.0 / 3, -1e300]),
            Tensor("signed", shape: [1, 2], [Int32.min, .max]),
            Tensor("totals", shape: [], [Int64(1) << 52]),
        ],
        vocabulary: Vocabulary(items: names, counts: (0..<v).map { $0 * 10 }),
        settings: SomeSettings(),
        training: [SomeEpoch(epoch: 1, perplexity: 88.5), SomeEpoch(epoch: 2, perplexity: 61.25)])
}

/// Whether two models hold the same, to the bit.
func same(_ left: ModelFiles, _ right: ModelFiles) throws -> Bool {
    try Safetensors.encode(left.tensors) == Safetensors.encode(right.tensors)
        && left.vocabulary.items.map { Array($0.utf8) } == right.vocabulary.items.map { Array($0.utf8) }
        && left.vocabulary.counts == right.vocabulary.counts
        && left.settings == right.settings && left.training == right.training
}

/// What is said of a model that is not accepted, or nil if it is.
func refusal(of path: String) throws -> ModelFolderError? {
    do {
        _ = try ModelFolder.read(path)
        return nil
    } catch let error as ModelFolderError {
        return error
    }
}
