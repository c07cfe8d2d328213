import Corpora
import Kernels
import StochasticEM

/// A first-order Markov chain over items, backed off to popularity by absolute discounting (Ney, Essen and Kneser, 1994):
///
///     p(w | v) = max(n_vw − d, 0) / n_v + d · |{w: n_vw > 0}| / n_v · p(w),   d = n₁ / (n₁ + 2 n₂)
///
/// with n₁ and n₂ the numbers of pairs seen once and twice. An item that nothing follows says nothing, and neither does a start.
public struct MarkovChain: StepwiseModel {
    public let vocabulary: Vocabulary
    private let popularity: Popularity
    private let discount: Double
    /// Row v is `starts[v] ..< starts[v + 1]`: items that followed v, and how often.
    private let starts: [Int]
    private let followers: [UInt32]
    private let counts: [Int32]

    /// Counts the observed part of a corpus: items, and pairs of one item and the next.
    public init(_ corpus: Corpus) {
        let training = corpus.training, items = corpus.vocabulary.count
        var pairs: [UInt64] = []
        pairs.reserveCapacity(training.items.count)
        for n in 0..<training.count {
            let range = training.range(n)
            for event in range.dropFirst() {
                pairs.append(UInt64(training.items[event - 1]) << 32 | UInt64(training.items[event]))
            }
        }
        pairs.sort()
        var starts = [Int](repeating: 0, count: items + 1), followers: [UInt32] = [], counts: [Int32] = []
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
        for v in 0..<items { starts[v + 1] += starts[v] }
        self.init(Popularity(corpus), starts: starts, followers: followers, counts: counts)
    }

    private init(_ popularity: Popularity, starts: [Int], followers: [UInt32], counts: [Int32]) {
        self.popularity = popularity
        vocabulary = popularity.vocabulary
        let once = counts.count { $0 == 1 }, twice = counts.count { $0 == 2 }
        discount = once > 0 ? Double(once) / Double(once + 2 * twice) : 0.5
        (self.starts, self.followers, self.counts) = (starts, followers, counts)
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

extension MarkovChain: Baseline {
    public static let name = "markov"
    public static let summary = "a first-order Markov chain over items, backed off to popularity"

    public var settings: NoSettings { NoSettings() }
    public var parameterCount: ParameterCount { ParameterCount(counts: counts.count + popularity.parameterCount.counts) }

    public static func memory(for training: Corpus, settings: NoSettings) -> Int {
        training.vocabulary.count * 16 + training.items.count * (8 + 8)
    }

    public static func fitted(
        to corpus: Corpus, settings: NoSettings, shards: Shards, observe: (BaselineEvent) throws -> Void
    ) throws -> MarkovChain { MarkovChain(corpus) }

    public var tensors: [Tensor] {
        popularity.tensors + [
            Tensor("follower_counts", shape: [vocabulary.count], (0..<vocabulary.count).map { Int32(starts[$0 + 1] - starts[$0]) }),
            Tensor("followers", shape: [followers.count], followers),
            Tensor("pair_counts", shape: [counts.count], counts),
        ]
    }

    public init(_ tensors: StoredTensors, vocabulary: Vocabulary, settings: NoSettings) throws {
        let items = vocabulary.count
        var starts = [0]
        for count in try tensors.counts("follower_counts", items) { starts.append(starts[starts.count - 1] + Int(count)) }
        let pairs = starts[items]
        let followers = try tensors.numbers("followers", pairs), counts = try tensors.counts("pair_counts", pairs)
        guard counts.allSatisfy({ $0 > 0 }) else { throw tensors.damaged("a pair of items is listed that never came") }
        for item in 0..<items {
            let row = followers[starts[item]..<starts[item + 1]]
            guard row.last.map({ $0 < items }) ?? true, zip(row, row.dropFirst()).allSatisfy({ $0 < $1 }) else {
                throw tensors.damaged("the followers of item \(item) are not in order, or are no items")
            }
        }
        self.init(try Popularity(tensors, vocabulary: vocabulary, settings: settings), starts: starts, followers: followers, counts: counts)
    }
}
