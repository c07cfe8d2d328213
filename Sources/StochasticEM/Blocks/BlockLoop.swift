import Corpora
import Kernels
import Recurrence
import TopicSampling

/// Stochastic EM over a corpus, block after block (algorithm 1 of the paper, with blocks of B×T cells).
///
///     for block { SE: draw z given network and φ;  M: one Adam step on Σ log θ_t(z_t), and φ from the new counts }
///
/// The forward pass of SE is that of M. The paper's own schedule is the same loop run twice:
/// once over all blocks to draw, once over all blocks to learn.
final class BlockLoop: @unchecked Sendable {
    let corpus: Corpus
    let network: RecurrentNetwork
    let counts: TopicCounts
    let adam: AdamOptimizer
    /// z, one an event of the corpus; that of an unknown item means nothing.
    let topics: UnsafeMutablePointer<Int32>
    private let blocks: NetworkLoop
    /// Counts of events that are not the corpus's, and keep their topics; those of z come on top.
    private let prior: TopicCounts?

    /// What one run over all blocks does besides the forward pass.
    struct Sweep {
        let draw: any TopicDraw
        let pass: SamplingPass
        /// Whether the network takes an Adam step after each block.
        let learns: Bool
        let countsMove: CountsMove
        var loss: any TopicLoss = DrawnTopicsLoss()
        /// Adam's rate as a share of its full rate, at the first block and behind the last.
        var rate = (first: 1.0, last: 1.0)
    }

    /// When n_wk follows the topics that were drawn.
    enum CountsMove { case never, afterEachBlock, afterTheSweep }

    struct Outcome: Sendable {
        var tokens = 0
        /// Σ log p̂(w_t | past) as the SE-step saw it, parameters moving meanwhile; 0 where draw and loss never form it.
        var logLikelihood = 0.0
        /// Σ log θ_t(z_t), or what the loss has in its place.
        var topicLogLikelihood = 0.0
        /// Events whose topic changed.
        var moved = 0
        /// Norm of the last block's gradient before it was clipped; 0 where the sweep learns nothing.
        var gradientNorm = 0.0
    }

    /// Where a sweep stands between two blocks.
    struct Place: Sendable {
        /// Of each lane; empty before the first block.
        var cursors: [Block.Cursor] = []
        /// Blocks done.
        var blocks = 0
        /// Of those blocks.
        var outcome = Outcome()
    }

    init(
        corpus: Corpus, network: RecurrentNetwork, counts: TopicCounts, adam: AdamOptimizer, topics start: [Int32], prior: TopicCounts? = nil,
        seed: UInt64
    ) {
        self.prior = prior
        self.corpus = corpus
        self.network = network
        self.counts = counts
        self.adam = adam
        blocks = NetworkLoop(corpus: corpus, network: network, adam: adam, seed: seed)
        topics = .allocate(capacity: max(1, corpus.items.count))
        topics.initialize(from: start, count: start.count)
        countAll()
    }

    /// Takes on other topics, one for each event of the corpus that has a known item, and counts them.
    func take(_ start: [Int32]) {
        precondition(start.count == corpus.knownEvents, "a topic for each event")
        for (event, topic) in zip(corpus.items.indices.lazy.filter(corpus.isKnown), start) { topics[event] = topic }
        countAll()
    }

    deinit { topics.deallocate() }

    /// n_wk as if the corpus had no events.
    func countNone() {
        if let prior { counts.copy(from: prior) } else { counts.clear() }
    }

    /// n_wk from z, and from nothing else but events of earlier logs.
    func countAll() {
        countNone()
        for (event, item) in corpus.items.enumerated() where corpus.isKnown(event) { counts.add(item: Int(item), to: Int(topics[event])) }
        counts.refreshInverseTotals()
    }

    /// One sweep over all blocks of an epoch, or over those that are left.
    ///
    /// - Parameters:
    ///   - place: where the sweep was left; all else was restored to that moment.
    ///   - progress: is told after each block where the sweep stands. The state of all parts is then that between two blocks.
    func run(
        _ sweep: Sweep, epoch: Int, from place: Place = Place(), shards: Shards, progress: (Place) throws -> Void
    ) rethrows -> Outcome {
        let outcome = try blocks.run(sweep, epoch: epoch, from: place, shards: shards, behind: { move($0, sweep) }, progress: progress)
        if sweep.countsMove == .afterTheSweep {
            countAll()
            sweep.draw.recounted()
        }
        return outcome
    }

    /// Takes over the topics of the picked paths; counts follow at once or later.
    private func move(_ block: Block, _ sweep: Sweep) -> Int {
        guard sweep.countsMove != .never else { return 0 }
        var moved = 0
        for cell in 0..<sweep.pass.shape.cells where block.events[cell] >= 0 {
            let event = block.events[cell], new = sweep.pass.pathTopics[cell], old = topics[event]
            guard new != old else { continue }
            moved += 1
            topics[event] = new
            if sweep.countsMove == .afterEachBlock {
                let item = Int(corpus.items[event])
                counts.move(item: item, from: Int(old), to: Int(new))
                sweep.draw.moved(item: item, from: Int(old), to: Int(new))
            }
        }
        if sweep.countsMove == .afterEachBlock { counts.refreshInverseTotals() }
        return moved
    }
}

/// z.
extension BlockLoop: Checkpointed {
    func save(to state: inout StateWriter) {
        state.add("topics", Array(UnsafeBufferPointer(start: topics, count: corpus.items.count)))
    }

    func restore(from state: StateReader) throws {
        let classes = Int32(network.shape.classes)
        topics.update(from: try state.numbers("topics", count: corpus.items.count, in: 0...classes - 1), count: corpus.items.count)
    }
}

extension BlockLoop.Place: Checkpointed {
    func save(to state: inout StateWriter) {
        state.add("cursors", cursors.flatMap { [Int64($0.sequence), Int64($0.position)] })
        state.add("blocks", blocks)
        state.add("tokens", outcome.tokens)
        state.add("moved", outcome.moved)
        state.add("log_likelihood", outcome.logLikelihood)
        state.add("topic_log_likelihood", outcome.topicLogLikelihood)
    }

    mutating func restore(from state: StateReader) throws {
        blocks = try state.whole("blocks", in: 0...Int(Int32.max))
        let flat = try state.numbers("cursors", count: nil, in: 0...Int64(Int32.max)).map(Int.init)
        cursors = stride(from: 0, to: flat.count - 1, by: 2).map { Block.Cursor(sequence: flat[$0], position: flat[$0 + 1]) }
        outcome.tokens = try state.whole("tokens", in: 0...Int(Int64.max))
        outcome.moved = try state.whole("moved", in: 0...Int(Int64.max))
        outcome.logLikelihood = try state.number("log_likelihood")
        outcome.topicLogLikelihood = try state.number("topic_log_likelihood")
    }
}
