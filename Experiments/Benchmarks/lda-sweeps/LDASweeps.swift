import Corpora
import Foundation
import Kernels
import StochasticEM

/// How long LDA's sweeps over a log take, and what topics they reach: for a comparison with other programs.
///
///     lda-sweeps LOG TOPICS SWEEPS SEED THREADS FOLDER
///
/// Writes to FOLDER what any program can score, as little-endian 32-bit integers: `items` (T, the item of each event, sequence after
/// sequence), `starts` (N + 1, where each sequence starts), and `topics-S` (T) after sweeps S = 1, 2, 3, 5, 7, 10, ... and the last.
/// Prints one JSON object a sweep: its number, and the seconds of all sweeps so far. Reading, preparing and writing are not charged,
/// but what each sweep prepares for itself is.
@main
struct LDASweeps {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 7, let topics = Int(arguments[2]), let sweeps = Int(arguments[3]), let seed = UInt64(arguments[4]),
            let threads = Int(arguments[5])
        else {
            print("usage: lda-sweeps LOG TOPICS SWEEPS SEED THREADS FOLDER")
            exit(64)
        }
        let folder = URL(fileURLWithPath: arguments[6], isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let corpus = try Corpus.read([arguments[1]])
        try write(corpus.items.map(Int32.init), to: folder.appendingPathComponent("items"))
        try write(corpus.starts.map(Int32.init), to: folder.appendingPathComponent("starts"))

        let lda = try LatentDirichletAllocation(sweeps: sweeps)
        var due = 1.0, spent = 0.0, resumed = ContinuousClock.now
        _ = try lda.topics(for: corpus, topics: topics, seed: seed, shards: Shards(threads: threads)) { sweep, current in
            spent += resumed.duration(to: .now) / .seconds(1)
            print("{\"sweep\":\(sweep),\"seconds\":\(spent)}")
            if Double(sweep) >= due || sweep == sweeps {
                try write(current(), to: folder.appendingPathComponent("topics-\(sweep)"))
                while due <= Double(sweep) { due = max((due * 1.4).rounded(), due + 1) }
            }
            resumed = .now
        }
    }

    private static func write(_ values: [Int32], to file: URL) throws {
        try values.map { $0.littleEndian }.withUnsafeBytes { try Data($0).write(to: file) }
    }
}
