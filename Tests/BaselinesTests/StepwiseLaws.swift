import Corpora
import Foundation
import Kernels
import StochasticEM
import TestSupport
@testable import Baselines

/// What every sequence model owes its readers.
enum StepwiseLaws {
    /// A few sequences over five items, one of them empty.
    static let corpus = makeCorpus([[0, 1, 0, 1, 0, 2], [3, 3, 4], [], [1], [0, 1, 2, 3, 4, 0, 1]])

    static func makeCorpus(_ sequences: [[UInt32]], items: Int = 5, observed: [Int]? = nil) -> Corpus {
        var starts = [0]
        for sequence in sequences { starts.append(starts[starts.count - 1] + sequence.count) }
        return Corpus(
            vocabulary: Vocabulary(items: (0..<items).map { "i\($0)" }, counts: [Int](repeating: 1, count: items)),
            users: sequences.indices.map { "u\($0)" }, items: sequences.flatMap { $0 }, starts: starts, observed: observed)
    }

    /// Every broken law, in words: each position that was asked for comes once with the item that stands there, and its
    /// probabilities are positive and sum to 1; and what came has the same log p when it is asked for alone.
    static func violations(of model: some SequenceModel, on corpus: Corpus, first: [Int]) -> [String] {
        let found = Locked<(seen: Set<[Int]>, words: [String])>(([], []))
        // One more than there are: where there is none the model is asked all the same.
        let together = ParallelSlots.filled(with: 0.0, count: corpus.items.count + 1) { slots in
            model.read(corpus, first: first, shards: Shards(threads: 2)) { batch in
                found.withLock { found in
                    for row in batch.sequences.indices {
                        let n = batch.sequences[row], position = batch.positions[row]
                        if !found.seen.insert([n, position]).inserted { found.words.append("\(n), \(position) comes twice") }
                        let expected = position < corpus.length(n) ? Int(corpus.items[corpus.starts[n] + position]) : nil
                        if batch.items[row] != expected { found.words.append("\(n), \(position) has another item") }
                        if let expected { slots[corpus.starts[n] + position] = log(Double(batch.probabilities.row(row)[expected])) }
                        let values = (0..<batch.probabilities.columns).map { Double(batch.probabilities.row(row)[$0]) }
                        if values.contains(where: { !($0 > 0) }) { found.words.append("\(n), \(position) holds a probability that is not positive") }
                        if abs(values.reduce(0, +) - 1) > 1e-5 { found.words.append("\(n), \(position) sums to \(values.reduce(0, +))") }
                    }
                }
            }
        }
        let alone = model.logProbabilities(of: corpus, first: first, shards: Shards(threads: 2))
        found.withLock { found in
            for n in 0..<corpus.count {
                for position in 0..<corpus.length(n) {
                    let event = corpus.starts[n] + position, expected = position < first[n] ? 0 : together[event]
                    if !(abs(alone[event] - expected) < 1e-5) { found.words.append("\(n), \(position) has log p \(alone[event]) alone, and \(expected)") }
                }
            }
        }
        var asked: Set<[Int]> = []
        for n in 0..<corpus.count where first[n] <= corpus.length(n) {
            for position in first[n]...corpus.length(n) { asked.insert([n, position]) }
        }
        return found.withLock { $0.seen == asked ? $0.words : $0.words + ["\(asked.count) positions were asked for, \($0.seen.count) came"] }
    }

    /// p(next) of a state that has seen `history`.
    static func prediction<Model: StepwiseModel>(_ model: Model, after history: [Int]) -> [Double] {
        var state = model.start()
        for item in history { model.observe(item, in: &state) }
        let row = FloatBuffer(count: model.vocabulary.count)
        model.predict(state, into: row.base)
        return row.array.map(Double.init)
    }
}
