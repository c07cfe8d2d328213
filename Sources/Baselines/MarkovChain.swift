import Corpora
import Kernels
import StochasticEM

/// A first-order Markov chain over items, backed off to popularity by absolute discounting (Ney, Essen and Kneser, 1994):
///
///     p(w | v) = max(n_vw − d, 0) / n_v + d · |{w: n_vw > 0}| / n_v · p(w),   d = n₁ / (n₁ + 2 n₂)
///
/// with n₁ and n₂ the numbers of pairs seen once and twice. An item that nothing follows says nothing, and neither does a start.
public struct MarkovChain: StepwiseModel, Baseline {
    public static let name = "markov"

    public let vocabulary: Vocabulary
    private let popularity: Popularity
    private let discount: Double
    /// Row v is `starts[v] ..< starts[v + 1]`: items that followed v, and how often.
    private let starts: [Int]
    private let followers: [UInt32]
    private let counts: [Int32]

    public init(_ corpus: Corpus) {
        vocabulary = corpus.vocabulary
        popularity = Popularity(corpus)
        let training = corpus.training
        var pairs: [UInt64] = []
        pairs.reserveCapacity(training.items.count)
        for n in 0..<training.count {
            let range = training.range(n)
            for event in range.dropFirst() {
                pairs.append(UInt64(training.items[event - 1]) << 32 | UInt64(training.items[event]))
            }
        }
        pairs.sort()
        var starts = [Int](repeating: 0, count: vocabulary.count + 1), followers: [UInt32] = [], counts: [Int32] = []
        var previous: UInt64?
        for pair in pairs {
            if pair == previous {
                counts[counts.count - 1] += 1
            } else {
                followers.append(UInt32(truncatingIfNeeded: pair))
                counts.append(1)
                starts[Int(pair >> 32) + 1] += 1
                previous = pair
            }
        }
        for v in 0..<vocabulary.count { starts[v + 1] += starts[v] }
        let once = counts.count { $0 == 1 }, twice = counts.count { $0 == 2 }
        discount = once > 0 ? Double(once) / Double(once + 2 * twice) : 0.5
        (self.starts, self.followers, self.counts) = (starts, followers, counts)
    }

    public static func fit(_ corpus: Corpus, settings: BaselineSettings, shards: Shards) -> MarkovChain { MarkovChain(corpus) }

    public var tensors: [Tensor] {
        popularity.tensors + [
            Tensor("discount", shape: [1], [discount]),
            Tensor("starts", shape: [starts.count], starts.map { Int64($0) }),
            Tensor("followers", shape: [followers.count], followers),
            Tensor("counts", shape: [counts.count], counts),
        ]
    }

    public init(_ files: ModelFiles, settings: BaselineSettings, model path: String) throws {
        vocabulary = files.vocabulary
        popularity = try Popularity(files, settings: settings, model: path)
        discount = try files.numbers("discount", shape: [1], as: Double.self, model: path)[0]
        starts = try files.numbers("starts", shape: [vocabulary.count + 1], as: Int64.self, model: path).map { Int($0) }
        guard starts[0] == 0, zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw ModelFolderError.damaged("\(path)/\(ModelFolder.tensorFile)", "tensor \"starts\" does not rise from 0")
        }
        let pairs = starts[vocabulary.count]
        followers = try files.numbers("followers", shape: [pairs], model: path)
        counts = try files.numbers("counts", shape: [pairs], model: path)
        guard followers.allSatisfy({ $0 < vocabulary.count }), counts.allSatisfy({ $0 > 0 }) else {
            throw ModelFolderError.damaged("\(path)/\(ModelFolder.tensorFile)", "a pair of items is not one of the vocabulary's")
        }
    }

    public func start() -> Int? { nil }

    public func observe(_ item: Int, in state: inout Int?) { state = item }

    public func predict(_ state: Int?, into probabilities: UnsafeMutablePointer<Float>) {
        popularity.predict((), into: probabilities)
        guard let previous = state, starts[previous] < starts[previous + 1] else { return }
        let row = starts[previous]..<starts[previous + 1]
        let total = Double(row.reduce(0) { $0 + Int(counts[$1]) })
        let backOff = Float(discount * Double(row.count) / total)
        for w in 0..<vocabulary.count { probabilities[w] *= backOff }
        for pair in row { probabilities[Int(followers[pair])] += Float((Double(counts[pair]) - discount) / total) }
    }
}
