import Corpora
import Kernels
import Recurrence

/// An LSTM over items: p(w_t | past) = softmax(W s_t + b), s_t = LSTM(x_t, s_{t-1}), x_t made from w_{t-1}.
///
/// It is LLA without topics, or with as many as there are items and each its own (`ItemsAsTopics`): network, lanes, blocks and losses are
/// LLA's. What is made of an item at the input is the network's own `InputTransform`.
package struct ItemNetwork: SequenceModel {
    package let vocabulary: Vocabulary
    /// Of V classes. Held by reference.
    package let network: RecurrentNetwork
    package let unknownItems: UnknownItems

    /// - Parameters:
    ///   - network: of V classes, whose input is fed with numbers of items.
    ///   - unknownItems: what becomes of other items. A network that reads them has a row for all of them, or spellings.
    package init(vocabulary: Vocabulary, network: RecurrentNetwork, unknownItems: UnknownItems = .skip) {
        self.vocabulary = vocabulary
        self.network = network
        self.unknownItems = unknownItems
    }

    private var ready: RecurrentNetwork?

    package func prepared(shards: Shards) -> ItemNetwork {
        var model = self
        model.ready = network.prepared(shards: shards)
        return model
    }

    /// What an item leaves for the next step.
    private var feedback: WordFeedback {
        switch unknownItems {
        case .skip: WordFeedback()
        case .input: WordFeedback(strangers: network.shape.spelled == nil ? .one : .each)
        }
    }

    package var parameterCount: ParameterCount { ParameterCount(learned: network.parameters.learned) }

    /// Lanes and shards that sequences are spread over when they are read; fixed, so that nothing depends on the number of threads.
    static func shape(sequences: Int) -> BlockShape { ParticleFilter.shape(sequences: sequences, particles: 1) }

    package func read(_ corpus: Corpus, first: [Int], shards: Shards, visit: @Sendable (Predictions) -> Void) {
        guard corpus.count > 0 else { return }
        let shape = ItemNetwork.shape(sequences: corpus.count)
        let dealer = LaneDealer(lengths: (0..<corpus.count).map { corpus.length($0) + 1 }, lanes: shape.lanes, seed: 0, epoch: 0)
        let pass = SamplingPass(shape: shape, network: ready ?? network.prepared(shards: shards), feedback: feedback, dropout: 0, seed: 0)
        let draw = ItemsAsTopics(), block = Block(shape)
        var cursors = [Block.Cursor](repeating: Block.Cursor(), count: shape.lanes)
        pass.take(unknown: corpus.unknown, shards: shards)
        // One item more than there are, for a corpus that has none: queries alone read nothing of it.
        let events = corpus.items + [0]
        while block.fill(from: dealer, corpus: corpus, cursors: &cursors, queries: 1) {
            events.withUnsafeBufferPointer { events in
                guard let base = events.baseAddress else { return }
                nonisolated(unsafe) let items = base
                shards.forEach(shape.shards) { shard in
                    _ = pass.run(block, items: items, shard: shard, epoch: 0, draw: draw)
                    pass.carrySurvivors(shard: shard)
                    self.tell(pass, block, items: items, shard: shard, first: first, visit)
                }
            }
        }
    }

    /// What was asked for of a shard. Its states are moved together, so that all items are weighed for no others; nothing else needs them where they
    /// were, once the survivors' are carried.
    private func tell(
        _ pass: SamplingPass, _ block: Block, items: UnsafePointer<UInt32>, shard: Int, first: [Int], _ visit: (Predictions) -> Void
    ) {
        let cells = pass.shape.cells(of: shard), tape = pass.paths
        var sequences: [Int] = [], positions: [Int] = [], seen: [Int?] = []
        for cell in cells where block.events[cell] != Block.idle {
            let n = Int(block.sequences[cell]), position = Int(block.positions[cell])
            guard position >= first[n] else { continue }
            let place = cells.lowerBound + sequences.count
            if place != cell { tape.hidden.row(place).update(from: tape.hidden.row(cell), count: tape.hidden.columns) }
            sequences.append(n)
            positions.append(position)
            seen.append(block.events[cell] < 0 ? nil : Int(items[block.events[cell]]))
        }
        if sequences.isEmpty { return }
        let asked = cells.prefix(sequences.count)
        pass.network.logits(tape, rows: asked, shard: shard)
        let probabilities = tape.proportions.rows(asked)
        for row in 0..<probabilities.rows { VectorMath.softmax(probabilities.row(row), count: probabilities.columns) }
        visit(Predictions(shard: shard, sequences: sequences, positions: positions, items: seen, probabilities: probabilities))
    }
}
