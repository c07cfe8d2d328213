import Kernels
import Recurrence
import TopicSampling

/// What an event leaves behind for the steps after it: the seam between the variants of the model (Paper-notes M2).
protocol Feedback: Sendable {
    /// M, the most rows of the input table that the next step's input is a mean of.
    var entries: Int { get }

    /// Writes the next step's input.
    func write(_ event: ExplainedEvent, to inputs: InputMixtures, row: Int)

    /// Writes the next step's input behind an item that is unknown, u of those that a log has; nothing where such items are left out.
    ///
    /// - Parameter start: row of a sequence's first step.
    func write(stranger: Int32, to inputs: InputMixtures, row: Int, start: Int32)

    /// What inputs are taken for by chance where the network learns; nil: for nothing else.
    var replacement: InputReplacement? { get }

    /// Adds the event to a running count of topics, (K).
    func count(_ event: ExplainedEvent, in counts: UnsafeMutablePointer<Float>)

    /// Rows of the input table that a block can read, each once; nil where all are prepared anyway.
    ///
    /// - Parameters:
    ///   - carried: inputs that the block's first steps may go on from.
    ///   - table: rows that there are.
    ///   - start: row of a sequence's first step.
    func rows(of block: Block, items: UnsafePointer<UInt32>, carried: InputMixtures, table: Int, start: Int32) -> [Int32]?
}

extension Feedback {
    func write(stranger: Int32, to inputs: InputMixtures, row: Int, start: Int32) {}
    var replacement: InputReplacement? { nil }
    func rows(of block: Block, items: UnsafePointer<UInt32>, carried: InputMixtures, table: Int, start: Int32) -> [Int32]? { nil }
}

/// An event, and how one survivor explains it.
struct ExplainedEvent {
    /// w_t and z_t.
    let item: Int
    let topic: Int32
    /// θ_k φ_wk of the survivor's ancestor as `DenseDraw.weigh` wrote them; nil where the draw never forms them.
    let weights: UnsafePointer<Float>?
    /// K.
    let topics: Int

    /// Σ_k θ_k φ_wk.
    fileprivate func total(_ weights: UnsafePointer<Float>) -> Float { DenseDraw.total(of: weights, topics: topics) }
}

/// Topic-LLA: x_t is the row of z_{t-1}, the survivor's own.
struct TopicFeedback: Feedback {
    let entries = 1

    func write(_ event: ExplainedEvent, to inputs: InputMixtures, row: Int) { inputs.set(row, to: event.topic) }

    func count(_ event: ExplainedEvent, in counts: UnsafeMutablePointer<Float>) { counts[Int(event.topic)] += 1 }
}

/// Word-LLA and char-LLA: x_t is the row of w_{t-1}.
struct WordFeedback: Feedback {
    let entries = 1
    /// What stands for items that are unknown.
    var strangers = Strangers.none
    var replacement: InputReplacement?

    /// Nothing: they are left out of logs; the row before that of a first step; or a row for each, behind the table.
    enum Strangers { case none, one, each }

    func write(stranger: Int32, to inputs: InputMixtures, row: Int, start: Int32) { inputs.set(row, to: self.row(of: stranger, start: start)) }

    /// The row of an item that is unknown.
    private func row(of stranger: Int32, start: Int32) -> Int32 {
        switch strangers {
        case .none: preconditionFailure("unknown items were to be left out")
        case .one: start - 1
        case .each: start + 1 + stranger
        }
    }

    func write(_ event: ExplainedEvent, to inputs: InputMixtures, row: Int) { inputs.set(row, to: Int32(event.item)) }

    func count(_ event: ExplainedEvent, in counts: UnsafeMutablePointer<Float>) { countPosterior(event, in: counts) }

    func rows(of block: Block, items: UnsafePointer<UInt32>, carried: InputMixtures, table: Int, start: Int32) -> [Int32]? {
        var seen = [Bool](repeating: false, count: table)
        var rows = [start]
        seen[Int(start)] = true
        func note(_ row: Int32) {
            if seen[Int(row)] { return }
            seen[Int(row)] = true
            rows.append(row)
        }
        if let replacement { note(replacement.row) }
        for cell in 0..<block.shape.cells where block.events[cell] >= 0 { note(Int32(items[block.events[cell]])) }
        for cell in 0..<block.shape.cells where block.strangers[cell] != Block.none { note(row(of: block.strangers[cell], start: start)) }
        // A lane that starts a sequence with the block reads nothing of the one before, which another epoch may have left.
        let copies = block.shape.particles
        for shard in 0..<block.shape.shards {
            for (lane, cell) in zip(block.shape.lanes(of: shard), block.shape.cells(of: shard, step: 0)) where !block.starts[cell] {
                for copy in 0..<copies { note(carried.indices[lane * copies + copy]) }
            }
        }
        return rows
    }
}

/// Belief-LLA: x_t is the mean of the topics' rows under γ_{t-1}(k) = θ_{t-1}(k) φ_wk / α_{t-1}, the largest M of them.
package struct BeliefFeedback: Feedback {
    let entries: Int
    /// Topics with a smaller share of γ are left out: they would cost a row each and change nothing.
    package static let least: Float = 1e-3

    func write(_ event: ExplainedEvent, to inputs: InputMixtures, row: Int) {
        guard let weights = event.weights else { preconditionFailure("a belief needs a draw that forms weights") }
        let indices = inputs.indices + row * entries, shares = inputs.weights + row * entries
        let found = DenseDraw.heaviest(
            of: weights, topics: event.topics, count: entries, above: BeliefFeedback.least * event.total(weights),
            indices: indices, weights: shares)
        guard found > 0 else { return inputs.set(row, to: event.topic) }
        let kept = (0..<found).reduce(Float(0)) { $0 + shares[$1] }
        for entry in 0..<found { shares[entry] /= kept }
        for entry in found..<max(found, entries) { shares[entry] = 0 }
    }

    func count(_ event: ExplainedEvent, in counts: UnsafeMutablePointer<Float>) { countPosterior(event, in: counts) }
}

/// n_k ← n_k + γ(k).
private func countPosterior(_ event: ExplainedEvent, in counts: UnsafeMutablePointer<Float>) {
    guard let weights = event.weights else { preconditionFailure("a count of posteriors needs a draw that forms weights") }
    VectorMath.add(weights, times: 1 / event.total(weights), to: counts, count: event.topics)
}
