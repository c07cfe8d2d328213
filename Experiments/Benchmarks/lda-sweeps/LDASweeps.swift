import Corpora
import Foundation
import Kernels
import StochasticEM

/// How long LDA's sweeps over a log take, and what topics they reach: for a comparison with other programs.
///
///     lda-sweeps LOG TOPICS SECONDS SEED THREADS FOLDER
///
/// Writes to FOLDER what any program can score, as little-endian 32-bit integers: `items` (T, the item of each event, sequence after
/// sequence), `starts` (N + 1, where each sequence starts), and `topics-S` (T) after sweep S, more and more seldom. Prints a JSON
/// object for each sweep: its number, and the seconds of all sweeps so far, which end with the first that comes to SECONDS.
/// Reading and writing are not charged; what LDA prepares for itself is charged to the first sweep.
@main
struct LDASweeps {
    struct TimeIsUp: Error {}

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 7, let topics = Int(arguments[2]), let seconds = Double(arguments[3]), let seed = UInt64(arguments[4]),
            let threads = Int(arguments[5])
        else {
            print("usage: lda-sweeps LOG TOPICS SECONDS SEED THREADS FOLDER")
            exit(64)
        }
        let folder = URL(fileURLWithPath: arguments[6], isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let corpus = try Corpus.read([arguments[1]])
        try write(corpus.items.map(Int32.init), to: folder.appendingPathComponent("items"))
        try write(corpus.starts.map(Int32.init), to: folder.appendingPathComponent("starts"))

        let lda = try LatentDirichletAllocation(sweeps: 1_000_000)
        var due = 1, spent = 0.0, resumed = ContinuousClock.now
        do {
            _ = try lda.topics(for: corpus, topics: topics, seed: seed, shards: Shards(threads: threads)) { sweep, current in
                spent += resumed.duration(to: .now) / .seconds(1)
                print("{\"sweep\":\(sweep),\"seconds\":\(spent)}")
                if sweep == due || spent >= seconds {
                    try write(current(), to: folder.appendingPathComponent("topics-\(sweep)"))
                    due += max(1, due / 10)
                }
                if spent >= seconds { throw TimeIsUp() }
                resumed = .now
            }
        } catch is TimeIsUp {}
    }

    private static func write(_ values: [Int32], to file: URL) throws {
        try values.map { $0.littleEndian }.withUnsafeBytes { try Data($0).write(to: file) }
    }
}
