import Corpora
import Kernels
import StochasticEM

/// A model that reads one sequence at a time, an item after the other: all that a simple rival has to say is what a step does.
public protocol StepwiseModel: SequenceModel {
    /// What is remembered of a sequence.
    associatedtype State

    /// Before the first item.
    func start() -> State

    /// p(next item) of all V items, given the state.
    func predict(_ state: State, into probabilities: UnsafeMutablePointer<Float>)

    /// The next item was `item`.
    func observe(_ item: Int, in state: inout State)
}

extension StepwiseModel {
    public func read(_ corpus: Corpus, first: [Int], shards: Shards, visit: @Sendable (Predictions) -> Void) {
        let pieces = 16, batch = 64, v = vocabulary.count
        shards.forEach(pieces) { piece in
            let scores = FloatBuffer(count: batch * v)
            var sequences: [Int] = [], positions: [Int] = [], items: [Int?] = []
            func flush() {
                guard !sequences.isEmpty else { return }
                visit(
                    Predictions(
                        shard: piece, sequences: sequences, positions: positions, items: items,
                        probabilities: scores.matrix(sequences.count, v)))
                sequences.removeAll(keepingCapacity: true)
                positions.removeAll(keepingCapacity: true)
                items.removeAll(keepingCapacity: true)
            }
            for n in Shards.slice(piece, of: pieces, total: corpus.count) {
                var state = start()
                for position in 0...corpus.length(n) {
                    let item = position < corpus.length(n) ? Int(corpus.items[corpus.starts[n] + position]) : nil
                    if position >= first[n] {
                        predict(state, into: scores.base + sequences.count * v)
                        sequences.append(n)
                        positions.append(position)
                        items.append(item)
                        if sequences.count == batch { flush() }
                    }
                    if let item { observe(item, in: &state) }
                }
            }
            flush()
        }
    }
}
