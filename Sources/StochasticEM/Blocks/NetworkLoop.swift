import Corpora
import Kernels
import Recurrence

/// A network run over a corpus, block after block, and a step of Adam behind each where it learns: what sweeps have in common, wherever
/// topics come from and whatever becomes of them.
final class NetworkLoop: @unchecked Sendable {
    private let corpus: Corpus
    private let network: RecurrentNetwork
    private let adam: AdamOptimizer
    private let seed: UInt64

    init(corpus: Corpus, network: RecurrentNetwork, adam: AdamOptimizer, seed: UInt64) {
        self.corpus = corpus
        self.network = network
        self.adam = adam
        self.seed = seed
    }

    /// One sweep over all blocks of an epoch, or over those that are left.
    ///
    /// - Parameters:
    ///   - place: where the sweep was left; all else was restored to that moment.
    ///   - behind: called behind each block with its paths picked; says how many events changed their topic.
    ///   - progress: is told after each block where the sweep stands. The state of all parts is then that between two blocks.
    func run(
        _ sweep: BlockLoop.Sweep, epoch: Int, from place: BlockLoop.Place = BlockLoop.Place(), shards: Shards,
        behind: (Block) -> Int = { _ in 0 }, progress: (BlockLoop.Place) throws -> Void
    ) rethrows -> BlockLoop.Outcome {
        let shape = sweep.pass.shape
        let dealer = LaneDealer(
            lengths: (0..<corpus.count).map(corpus.length), lanes: shape.lanes, seed: seed, epoch: epoch)
        let block = Block(shape)
        var place = place
        if place.blocks == 0 { place.cursors = [Block.Cursor](repeating: Block.Cursor(), count: shape.lanes) }
        let blocks = (dealer.steps + shape.steps - 1) / shape.steps
        while block.fill(from: dealer, corpus: corpus, cursors: &place.cursors) {
            sweep.loss.prepareBlock(place.blocks, epoch: epoch)
            corpus.items.withUnsafeBufferPointer { events in
                guard let items = events.baseAddress else { return }
                sweep.pass.prepareBlock(place.blocks, block, items: items, epoch: epoch, shards: shards)
            }
            sweep.draw.prepareBlock(shards: shards)
            let sums = sampleAndPropagate(block, sweep, epoch: epoch, shards: shards)
            place.outcome.logLikelihood += sums.0
            place.outcome.topicLogLikelihood += sums.1
            if sweep.learns {
                network.accumulateGradients(sweep.pass.paths, shards: shards, pieces: shape.shards)
                let share = Double(place.blocks) / Double(max(1, blocks))
                place.outcome.gradientNorm = adam.step(
                    rateFactor: sweep.rate.first + (sweep.rate.last - sweep.rate.first) * share, shards: shards,
                    pieces: shape.shards)
            }
            place.outcome.moved += behind(block)
            place.outcome.tokens += block.live
            place.blocks += 1
            try progress(place)
        }
        return place.outcome
    }

    /// SE-step and pass back of all shards. Returns the sums of log-likelihoods, added up in the order of the shards.
    private func sampleAndPropagate(_ block: Block, _ sweep: BlockLoop.Sweep, epoch: Int, shards: Shards) -> (Double, Double) {
        let pass = sweep.pass, shape = pass.shape
        let h = network.shape.hidden
        nonisolated(unsafe) let sums = UnsafeMutablePointer<(Double, Double)>.allocate(capacity: shape.shards)
        defer { sums.deallocate() }
        let weight = 1 / Float(max(1, block.live))
        let learns = sweep.learns
        let draw = sweep.draw, loss = sweep.loss
        corpus.items.withUnsafeBufferPointer { events in
            nonisolated(unsafe) let items = events.baseAddress!
            shards.forEach(shape.shards) { shard in
                let seen = pass.run(block, items: items, shard: shard, epoch: epoch, draw: draw)
                pass.pickPaths(block, shard: shard, epoch: epoch, draw: draw)
                let rest = loss.gradient(
                    of: DrawnPart(pass: pass, block: block, items: items, shard: shard, draw: draw, weight: weight))
                sums[shard] = (seen + rest.seen, rest.said)
                guard learns else { return }
                self.network.backward(
                    pass.paths, shard: shard, rows: shape.cells(of: shard), steps: shape.steps, lanes: shape.lanes(of: shard).count,
                    starts: block.starts, scratch: pass.scratch(shard: shard, width: h))
            }
        }
        return (0..<shape.shards).reduce((0, 0)) { ($0.0 + sums[$1].0, $0.1 + sums[$1].1) }
    }
}
