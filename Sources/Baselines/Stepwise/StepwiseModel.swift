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
        readSteps(corpus, first: first, shards: shards, width: vocabulary.count, write: predict) { steps, rows in
            visit(
                Predictions(
                    shard: steps.shard, sequences: steps.sequences, positions: steps.positions, items: steps.items, probabilities: rows))
        }
    }

    /// Reads all sequences, and gathers some floats of each state that was asked for, a batch at a time.
    ///
    /// - Parameters:
    ///   - width: floats of a state that `write` writes.
    ///   - visit: receives a batch and its floats, (n, `width`), which are gone when it returns.
    func readSteps(
        _ corpus: Corpus, first: [Int], shards: Shards, width: Int, write: (State, UnsafeMutablePointer<Float>) -> Void,
        visit: @Sendable (StepBatch, MatrixView) -> Void
    ) {
        let pieces = 16, batch = 64
        withoutActuallyEscaping(write) { write in
            nonisolated(unsafe) let write = write
            shards.forEach(pieces) { piece in
                let rows = FloatBuffer(count: batch * width)
                var steps = StepBatch(shard: piece)
                func flush() {
                    if steps.sequences.isEmpty { return }
                    visit(steps, rows.matrix(steps.sequences.count, width))
                    steps.removeAll()
                }
                for n in Shards.slice(piece, of: pieces, total: corpus.count) where first[n] <= corpus.length(n) {
                    var state = start()
                    for position in 0...corpus.length(n) {
                        let item = position < corpus.length(n) ? Int(corpus.items[corpus.starts[n] + position]) : nil
                        if position >= first[n] {
                            write(state, rows.base + steps.sequences.count * width)
                            steps.append(sequence: n, position: position, item: item)
                            if steps.sequences.count == batch { flush() }
                        }
                        if let item { observe(item, in: &state) }
                    }
                }
                flush()
            }
        }
    }
}

/// Positions that a piece of a reading has come upon.
struct StepBatch {
    let shard: Int
    /// n values each: the sequence, the position, and the item that stands there: nil behind the last event.
    private(set) var sequences: [Int] = []
    private(set) var positions: [Int] = []
    private(set) var items: [Int?] = []

    init(shard: Int) { self.shard = shard }

    mutating func append(sequence: Int, position: Int, item: Int?) {
        sequences.append(sequence)
        positions.append(position)
        items.append(item)
    }

    mutating func removeAll() {
        sequences.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        items.removeAll(keepingCapacity: true)
    }
}
