import Corpora
import Kernels
import Recurrence
import TopicSampling
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Unconditional sequential Monte Carlo over sequences: what the model expects next, given everything before.
///
///     p̂(w_t | w_{<t}) = 1/P Σ_p α_t(p),   θ̄_t = 1/P Σ_p θ_t(p)      (resample first; Paper-notes E1)
///
/// It runs the SE-step's own pass, but all P survivors go on, from block to block.
struct ParticleFilter: Sendable {
    /// Prepared for reading (``RecurrentNetwork/prepared(shards:)``).
    let network: RecurrentNetwork
    let counts: TopicCounts
    let particles: Int
    let seed: UInt64
    var feedback: any Feedback = TopicFeedback()

    /// Expectations of one shard's cells, in no particular order.
    struct Expectations {
        /// (n, K): θ̄, the topic proportions before the event is seen.
        let proportions: MatrixView
        /// n values each: which sequence and which position; the event's item, or nil behind the last event, and where the item is unknown.
        let sequences: [Int]
        let positions: [Int]
        let items: [Int?]
    }

    /// Lanes and shards that sequences are spread over; fixed, so that nothing depends on the number of threads.
    static func shape(sequences: Int, particles: Int) -> BlockShape {
        BlockShape(lanes: max(1, min(64, sequences)), steps: 4, particles: particles, shards: RecurrentNetwork.readingPieces)
    }

    /// Reads all sequences of a corpus.
    ///
    /// - Parameters:
    ///   - first: for each sequence the first position that is asked for.
    ///   - queries: 1 to be told what is expected behind the last event as well.
    ///   - visit: called by several threads, one shard each, with what was asked for.
    func read(
        _ corpus: Corpus, first: [Int], queries: Int, shards: Shards,
        visit: @Sendable (_ shard: Int, Expectations) -> Void
    ) {
        guard corpus.count > 0 else { return }
        let shape = ParticleFilter.shape(sequences: corpus.count, particles: particles)
        let dealer = LaneDealer(
            lengths: (0..<corpus.count).map { corpus.length($0) + queries }, lanes: shape.lanes, seed: seed, epoch: 0)
        let pass = SamplingPass(
            shape: shape, network: network, feedback: feedback, dropout: 0, seed: seed, streams: corpus.users.map(ParticleFilter.stream))
        let draw = DenseTopicDraw(counts: counts, shape: shape)
        let block = Block(shape)
        var cursors = [Block.Cursor](repeating: Block.Cursor(), count: shape.lanes)
        let mixtures = FloatBuffer(count: shape.cells * network.shape.classes)
        pass.take(unknown: corpus.unknown, shards: shards)
        while block.fill(from: dealer, corpus: corpus, cursors: &cursors, queries: queries) {
            corpus.items.withUnsafeBufferPointer { events in
                // A corpus of queries alone has no events, and none is read then.
                nonisolated(unsafe) let items = events.baseAddress ?? UnsafePointer(ParticleFilter.nothing)
                shards.forEach(shape.shards) { shard in
                    _ = pass.run(block, items: items, shard: shard, epoch: 0, draw: draw)
                    pass.carrySurvivors(shard: shard)
                    let seen = self.expectations(
                        pass, block, items: items, cells: shape.cells(of: shard), first: first, into: mixtures)
                    if !seen.sequences.isEmpty { visit(shard, seen) }
                }
            }
        }
    }

    nonisolated(unsafe) private static let nothing = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)

    /// θ̄ of the cells that were asked for.
    private func expectations(
        _ pass: SamplingPass, _ block: Block, items: UnsafePointer<UInt32>, cells: Range<Int>, first: [Int],
        into mixtures: FloatBuffer
    ) -> Expectations {
        let k = network.shape.classes
        let base = mixtures.base + cells.lowerBound * k
        var sequences: [Int] = [], positions: [Int] = [], seen: [Int?] = []
        for cell in cells where block.events[cell] != Block.idle {
            let n = Int(block.sequences[cell]), position = Int(block.positions[cell])
            guard position >= first[n] else { continue }
            let row = base + sequences.count * k
            row.update(repeating: 0, count: k)
            for copy in 0..<particles {
                VectorMath.add(
                    pass.copies.proportions.row(cell * particles + copy), times: 1 / Float(particles), to: row, count: k)
            }
            sequences.append(n)
            positions.append(position)
            seen.append(block.events[cell] < 0 ? nil : Int(items[block.events[cell]]))
        }
        return Expectations(
            proportions: MatrixView(base, rows: sequences.count, columns: k), sequences: sequences,
            positions: positions, items: seen)
    }

    /// log p̂ of each event from `first` on whose item is known; 0 of the others.
    func logProbabilities(of corpus: Corpus, first: [Int], shards: Shards) -> [Double] {
        ParallelSlots.filled(with: 0.0, count: corpus.items.count) { values in
            read(corpus, first: first, queries: 0, shards: shards) { _, seen in
                for i in seen.sequences.indices {
                    guard let item = seen.items[i] else { continue }
                    values[corpus.starts[seen.sequences[i]] + seen.positions[i]] =
                        self.logProbability(of: item, proportions: seen.proportions.row(i))
                }
            }
        }
    }

    /// Σ log p̂ over the positions from `first` on, and how many there are.
    func logLikelihood(_ corpus: Corpus, first: [Int], shards: Shards) -> (sum: Double, tokens: Int) {
        let scores = logProbabilities(of: corpus, first: first, shards: shards)
        // Summed in the order of the corpus, whichever thread scored first.
        var sum = 0.0, tokens = 0
        for n in 0..<corpus.count where first[n] < corpus.length(n) {
            for event in corpus.starts[n] + first[n]..<corpus.starts[n + 1] where corpus.isKnown(event) {
                sum += scores[event]
                tokens += 1
            }
        }
        return (sum, tokens)
    }

    /// log Σ_k θ_k φ_wk, at least the logarithm of the smallest normal float.
    func logProbability(of item: Int, proportions: UnsafePointer<Float>) -> Double {
        let row = counts.row(item), inverse = counts.inverseTotals, beta = counts.concentration
        var sum = 0.0
        for k in 0..<counts.topics { sum += Double(proportions[k] * ((Float(row[k]) + beta) * inverse[k])) }
        return log(max(sum, Double(Float.leastNormalMagnitude)))
    }

    /// The number that a sequence's random streams are keyed by: a function of the user's name alone (FNV-1a), so
    /// that what is predicted for a user does not depend on who else is in the file.
    static func stream(_ user: String) -> UInt32 {
        user.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
