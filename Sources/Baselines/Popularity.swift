import Corpora
import Kernels
import StochasticEM

/// The share of each item in the log, whatever came before: (n_w + 1) / (n + V).
public struct Popularity: StepwiseModel {
    public let vocabulary: Vocabulary
    let shares: [Float]

    public init(_ corpus: Corpus) {
        vocabulary = corpus.vocabulary
        let training = corpus.training
        var counts = [Int](repeating: 1, count: vocabulary.count)
        for item in training.items { counts[Int(item)] += 1 }
        let total = Double(training.items.count + vocabulary.count)
        shares = counts.map { Float(Double($0) / total) }
    }

    public func start() {}
    public func observe(_ item: Int, in state: inout Void) {}

    public func predict(_ state: Void, into probabilities: UnsafeMutablePointer<Float>) {
        probabilities.update(from: shares, count: shares.count)
    }
}
