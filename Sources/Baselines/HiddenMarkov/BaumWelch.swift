import Corpora
import Kernels
import StochasticEM
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// EM for a hidden Markov model (Baum et al., 1970), with Dirichlet priors: log p(w) + log prior never falls from step to step.
///
/// Sequences are worked on in batches of about the same length. Batches are dealt to pieces by their number, and what pieces sum up is
/// added in their order; expected counts of items are summed by slices of topics, each over all batches in their order. So no
/// number hangs on the threads.
final class BaumWelch: @unchecked Sendable {
    private static let pieces = 8
    /// Of a batch, at most: sequences, and rows where there is more than one sequence.
    private static let width = 32, rows = 2048

    private let corpus: Corpus
    private let settings: HiddenMarkovModel.Settings
    private let shards: Shards
    private let batches: [ArraySlice<Int>]
    private let workers: [ForwardBackward]

    init(_ corpus: Corpus, settings: HiddenMarkovModel.Settings, shards: Shards) {
        self.corpus = corpus
        self.settings = settings
        self.shards = shards
        batches = BaumWelch.batches(corpus)
        workers = (0..<BaumWelch.pieces).map { _ in ForwardBackward(topics: settings.topics) }
    }

    /// Bytes: of each piece four rows of K for each event of a batch, and K² sums; laws before and after, and the best.
    static func memory(events: Int, items: Int, topics: Int) -> Int {
        let rows = min(max(rows, events / 8), events)
        return 4 * (pieces * (4 * rows * topics + topics * topics) + 3 * (2 * items * topics + topics * topics) + 2 * items * topics)
    }

    /// Sequences by length, the longest first, cut where a batch is full.
    private static func batches(_ corpus: Corpus) -> [ArraySlice<Int>] {
        let order = (0..<corpus.count).filter { corpus.length($0) > 0 }.sorted { (corpus.length($1), $0) < (corpus.length($0), $1) }
        var batches: [ArraySlice<Int>] = [], first = 0, events = 0
        for place in order.indices {
            let length = corpus.length(order[place])
            if place > first, place - first == width || events + length > rows {
                batches.append(order[first..<place])
                (first, events) = (place, 0)
            }
            events += length
        }
        if first < order.count { batches.append(order[first...]) }
        return batches
    }

    /// Laws of events whose topics are given.
    func laws(ofTopics topics: [Int32]) -> HiddenMarkovLaws {
        let k = settings.topics, v = corpus.vocabulary.count
        let starts = FloatBuffer(count: k), steps = FloatBuffer(count: k * k), counts = ExpectedCounts(count: v * k)
        for n in 0..<corpus.count {
            for event in corpus.range(n) {
                let topic = Int(topics[event])
                counts.base[Int(corpus.items[event]) * k + topic] += 1
                if event == corpus.starts[n] { starts.base[topic] += 1 } else { steps.base[Int(topics[event - 1]) * k + topic] += 1 }
            }
        }
        return HiddenMarkovLaws(starts: starts, steps: steps, itemCounts: counts, items: v, alpha: settings.alpha, beta: settings.beta)
    }

    /// What one step comes to.
    struct Step {
        let laws: HiddenMarkovLaws
        /// log p(w) under the laws that it started from, and exp(−log p(w) / events).
        let logLikelihood: Double
        let perplexity: Double
    }

    /// Expected counts under the laws, and the most probable laws given these.
    func step(from laws: HiddenMarkovLaws) -> Step {
        let k = settings.topics, v = corpus.vocabulary.count
        let counts = ExpectedCounts(count: v * k)
        for worker in workers { worker.clear() }
        let logLikelihood = forEachRound(laws, work: { $0.run($1, of: self.corpus, laws) }) { round in
            self.count(round, in: counts)
        }
        let starts = FloatBuffer(count: k), steps = FloatBuffer(count: k * k)
        for worker in workers {
            VectorMath.add(worker.firstTopics.base, to: starts.base, count: k)
            VectorMath.add(worker.steps.base, to: steps.base, count: k * k)
        }
        VectorMath.multiply(steps.base, laws.steps.base, into: steps.base, count: k * k)
        return Step(
            laws: HiddenMarkovLaws(starts: starts, steps: steps, itemCounts: counts, items: v, alpha: settings.alpha, beta: settings.beta),
            logLikelihood: logLikelihood, perplexity: exp(-logLikelihood / Double(max(1, corpus.items.count))))
    }

    /// exp(−mean log p(w_t | past)) of another corpus.
    func perplexity(of laws: HiddenMarkovLaws, on other: Corpus) -> Double {
        let reader = BaumWelch(other, settings: settings, shards: shards)
        let sum = reader.forEachRound(laws, work: { $0.forward($1, of: other, laws) }) { _ in }
        return exp(-sum / Double(max(1, other.items.count)))
    }

    /// Of all events, how many each topic is expected to have.
    func shares(of laws: HiddenMarkovLaws) -> [Double] {
        let k = settings.topics, counts = ExpectedCounts(count: corpus.vocabulary.count * k)
        _ = forEachRound(laws, work: { $0.run($1, of: self.corpus, laws) }) { self.count($0, in: counts) }
        var sums = [Double](repeating: 0, count: k)
        for w in 0..<corpus.vocabulary.count { for topic in 0..<k { sums[topic] += counts.base[w * k + topic] } }
        let total = sums.reduce(0, +)
        return sums.map { total > 0 ? $0 / total : 1 / Double(k) }
    }

    /// Runs over all batches, as many at a time as there are pieces.
    ///
    /// - Parameter behind: called alone behind each round with the pieces that worked in it.
    /// - Returns: the sum of what `work` returned, in the order of the batches.
    private func forEachRound(
        _ laws: HiddenMarkovLaws, work: @Sendable (ForwardBackward, ArraySlice<Int>) -> Double, behind: (_ workers: ArraySlice<ForwardBackward>) -> Void
    ) -> Double {
        var sum = 0.0
        nonisolated(unsafe) let sums = UnsafeMutablePointer<Double>.allocate(capacity: BaumWelch.pieces)
        defer { sums.deallocate() }
        let workers = workers, batches = batches
        for first in stride(from: 0, to: batches.count, by: BaumWelch.pieces) {
            let count = min(BaumWelch.pieces, batches.count - first)
            shards.forEach(count) { sums[$0] = work(workers[$0], batches[first + $0]) }
            for piece in 0..<count { sum += sums[piece] }
            behind(workers[..<count])
        }
        return sum
    }

    /// n_wk += p(z = k | w) of all rows of a round, in their order, a slice of topics a piece.
    private func count(_ round: ArraySlice<ForwardBackward>, in counts: ExpectedCounts) {
        let k = settings.topics
        shards.forEach(BaumWelch.pieces) { piece in
            let mine = Shards.slice(piece, of: BaumWelch.pieces, total: k, unit: 16)
            if mine.isEmpty { return }
            for worker in round {
                for (row, item) in worker.items.enumerated() {
                    let posterior = worker.posteriors.base + row * k, expected = counts.base + Int(item) * k
                    for topic in mine { expected[topic] += Double(posterior[topic]) }
                }
            }
        }
    }
}
