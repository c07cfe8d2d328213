import Kernels
import Recurrence
import TopicSampling

/// The SE-step of a block: the network runs forward over P copies of each lane, and topics are drawn as it goes.
///
/// Its forward pass is the M-step's as well: what it leaves on the tape is what the pass
/// back reads. With P > 1 the rows of the path that was picked are gathered.
final class SamplingPass: @unchecked Sendable {
    let shape: BlockShape
    private(set) var network: RecurrentNetwork
    private let dropout: DropoutMask?
    private let inputDropout: DropoutMask?
    private let seed: UInt64

    /// Rows of all P copies, (B·T·P), and of the paths picked, (B·T): one and the same tape when P = 1.
    let copies: BlockTape
    let paths: BlockTape
    /// For each row of `copies`: the copy that it goes on from after this step, and the topic drawn for it.
    let ancestors: UnsafeMutablePointer<Int32>
    let topics: UnsafeMutablePointer<Int32>
    /// For each cell: the topic on the path picked.
    let pathTopics: UnsafeMutablePointer<Int32>

    /// What each copy of a lane hands on to the next block: s (B·P, H), and c where the layer has it.
    private let carriedHidden: FloatBuffer
    private let carriedCell: FloatBuffer
    /// What each copy of a lane is fed with next, and its counts of topics: from step to step, and from block to block.
    private let feedback: any Feedback
    private let nextInputs: InputMixtures
    private let running: RunningCounts?
    /// Room for the pass back, (cells + lanes, H).
    private let scratchBuffer: FloatBuffer
    /// The number that a sequence's random streams are keyed by.
    private let streams: [UInt32]?

    /// - Parameters:
    ///   - columns: C, floats of a row of the tapes' `proportions`; nil: K.
    ///   - streams: for each sequence the number that its random streams are keyed by, where that is not its own number.
    init(
        shape: BlockShape, network: RecurrentNetwork, feedback: any Feedback = TopicFeedback(), columns: Int? = nil, dropout: Double,
        inputDropout: Double = 0, seed: UInt64, streams: [UInt32]? = nil
    ) {
        self.shape = shape
        self.feedback = feedback
        self.streams = streams
        self.network = network
        self.seed = seed
        self.dropout = dropout > 0 ? DropoutMask(rate: Float(dropout)) : nil
        self.inputDropout = inputDropout > 0 ? DropoutMask(rate: Float(inputDropout)) : nil
        let h = network.shape.hidden, k = network.shape.classes
        let rows = shape.cells * shape.particles
        func tape(_ rows: Int) -> BlockTape {
            BlockTape(
                rows: rows, width: h, classes: columns ?? k, cell: network.shape.cell, entries: feedback.entries, features: network.shape.memories * k,
                mask: dropout > 0 ? FloatBuffer(count: rows * h) : nil)
        }
        copies = tape(rows)
        paths = shape.particles == 1 ? copies : tape(shape.cells)
        nextInputs = InputMixtures(rows: shape.lanes * shape.particles, entries: feedback.entries)
        running = network.memory.map { RunningCounts(shape: shape, kinds: $0.kinds, topics: k) }
        scratchBuffer = FloatBuffer(count: (shape.cells + shape.lanes) * h)
        ancestors = .allocate(capacity: rows)
        topics = .allocate(capacity: rows)
        pathTopics = .allocate(capacity: shape.cells)
        carriedHidden = FloatBuffer(count: shape.lanes * shape.particles * h)
        carriedCell = FloatBuffer(count: shape.lanes * shape.particles * network.cell.layout.kept)
        ancestors.initialize(repeating: 0, count: rows)
        topics.initialize(repeating: 0, count: rows)
        pathTopics.initialize(repeating: 0, count: shape.cells)
    }

    deinit {
        ancestors.deallocate()
        topics.deallocate()
        pathTopics.deallocate()
    }

    /// Derives what all steps of a block share from the network as it is now.
    ///
    /// - Parameter number: of the block in its epoch.
    func prepareBlock(_ number: Int, _ block: Block, items: UnsafePointer<UInt32>, epoch: Int, shards: Shards) {
        if let rows = feedback.rows(of: block, items: items, carried: nextInputs, table: network.input.rows, start: network.startInput) {
            network.input.use(rows: rows)
        }
        var key = RandomStream(seed: seed, purpose: .inputDropout, epoch: epoch, position: number)
        network.input.prepare(for: .learning(units: inputDropout, key: key.nextWord()))
        network.prepareBlock(shards: shards, pieces: shape.shards)
    }

    /// Takes on names of unknown items that blocks have, in the place of those before, with the network as it is prepared.
    func take(unknown: [String], shards: Shards) { network = network.reading(unknown, shards: shards) }

    /// Forward over one shard of a block, drawing topics. Returns Σ log p̂(w_t | past) over its live cells.
    func run(_ block: Block, items: UnsafePointer<UInt32>, shard: Int, epoch: Int, draw: any TopicDraw) -> Double {
        var logLikelihood = 0.0
        for t in 0..<shape.steps {
            logLikelihood += draw.draw(advance(block, items: items, shard: shard, step: t, epoch: epoch))
            passStrangers(block, shard: shard, step: t)
        }
        return logLikelihood
    }

    /// Forward by one step: states of all copies, for the draw to go on from.
    func advance(_ block: Block, items: UnsafePointer<UInt32>, shard: Int, step t: Int, epoch: Int) -> TopicDrawStep {
        let cells = shape.cells(of: shard, step: t)
        feed(block, shard: shard, step: t, cells: cells)
        replace(block, cells: cells, epoch: epoch)
        drop(block, cells: cells, epoch: epoch)
        network.forward(copies, rows: shape.rows(cells), shard: shard)
        return TopicDrawStep(pass: self, block: block, items: items, shard: shard, cells: cells, epoch: epoch)
    }

    /// Unknown items are seen: nothing of them is explained, but what each copy reads next hangs on them.
    func passStrangers(_ block: Block, shard: Int, step t: Int) {
        let p = shape.particles
        for (lane, cell) in zip(shape.lanes(of: shard), shape.cells(of: shard, step: t)) where block.strangers[cell] != Block.none {
            for copy in 0..<p {
                feedback.write(stranger: block.strangers[cell], to: nextInputs, row: lane * p + copy, start: network.startInput)
            }
        }
    }

    /// Gives every copy its input and its previous state: of the survivor that it goes on from, or of the block before, or none at a start.
    private func feed(_ block: Block, shard: Int, step t: Int, cells: Range<Int>) {
        let p = shape.particles, startInput = network.startInput, memory = network.memory
        let firstLane = shape.lanes(of: shard).lowerBound
        let inputs = copies.inputs, hidden = copies.previousHidden, cell = copies.previousCell
        let h = hidden.columns, kept = cell.columns
        for c in cells {
            let lane = firstLane + (c - cells.lowerBound)
            for row in c * p..<(c + 1) * p {
                let copy = row - c * p
                if block.starts[c] {
                    inputs.set(row, to: startInput)
                    running?.clear(lane, copy)
                    hidden.row(row).update(repeating: 0, count: h)
                    cell.row(row).update(repeating: 0, count: kept)
                } else if t == 0 {
                    let carried = lane * p + copy
                    inputs.copy(carried, of: nextInputs, to: row)
                    hidden.row(row).update(from: carriedHidden.base + carried * h, count: h)
                    cell.row(row).update(from: carriedCell.base + carried * kept, count: kept)
                } else {
                    let survivor = row - cells.count * p
                    let source = (c - cells.count) * p + Int(ancestors[survivor])
                    inputs.copy(lane * p + copy, of: nextInputs, to: row)
                    hidden.row(row).update(from: copies.hidden.row(source), count: h)
                    cell.row(row).update(from: copies.cell.row(source), count: kept)
                }
                if let running, let memory { memory.write(running.row(lane, copy), to: copies.memory.row(row)) }
            }
        }
    }

    /// Takes some inputs for unknown ones, where the network learns: alike for all copies of a cell, which must differ by their topics alone.
    private func replace(_ block: Block, cells: Range<Int>, epoch: Int) {
        guard let replacement = feedback.replacement else { return }
        let p = shape.particles
        for c in cells where !block.starts[c] {
            var random = stream(.unknownInputs, block: block, cell: c, epoch: epoch)
            let luck = random.uniform()
            for row in c * p..<(c + 1) * p where replacement.replaces(copies.inputs.indices[row * feedback.entries], luck: luck) {
                copies.inputs.set(row, to: replacement.row)
            }
        }
    }

    /// Survivors of a cell are chosen, and with them what each reads next. Every draw says so, for each event.
    ///
    /// - Parameter weights: (P, `rowStride`), θφ of the copies before the choice; nil where the draw never forms them.
    func explained(
        _ item: Int, cell: Int, lane: Int, shard: Int, weights: (base: UnsafePointer<Float>, rowStride: Int)?
    ) {
        let first = cell * shape.particles, classes = network.shape.classes
        func event(_ survivor: Int) -> ExplainedEvent {
            ExplainedEvent(
                item: item, topic: topics[first + survivor],
                weights: weights.map { $0.base + Int(ancestors[first + survivor]) * $0.rowStride }, topics: classes)
        }
        for survivor in 0..<shape.particles {
            feedback.write(event(survivor), to: nextInputs, row: lane * shape.particles + survivor)
        }
        running?.advance(lane, shard: shard, ancestors: ancestors + first) { feedback.count(event($0), in: $1) }
    }

    /// One mask for all copies of a cell: particles must differ by their topics, not by their luck with dropout.
    private func drop(_ block: Block, cells: Range<Int>, epoch: Int) {
        guard let dropout, let masks = copies.mask else { return }
        let h = network.shape.hidden, p = shape.particles
        for c in cells {
            var key = stream(.dropout, block: block, cell: c, epoch: epoch)
            let mask = masks.row(c * p)
            dropout.fill(mask, count: h, key: key.nextWord())
            for copy in 1..<max(p, 1) { masks.row(c * p + copy).update(from: mask, count: h) }
        }
    }

    /// The random numbers of one cell, and of one of its copies.
    func stream(
        _ purpose: RandomStream.Purpose, block: Block, cell: Int, epoch: Int, particle: Int = 0
    ) -> RandomStream {
        let n = Int(block.sequences[cell])
        return RandomStream(
            seed: seed, purpose: purpose, epoch: epoch, sequence: streams.map { Int($0[n]) } ?? n,
            position: Int(block.positions[cell]), particle: particle)
    }

    /// Takes the path that the draw picks in each lane, traces it back, and gathers its rows.
    /// All copies go on from it in the next block (a fixed-lag approximation of keeping them all).
    func pickPaths(_ block: Block, shard: Int, epoch: Int, draw: any TopicDraw) {
        let p = shape.particles
        let lanes = shape.lanes(of: shard)
        for lane in lanes {
            let last = shape.cells(of: shard, step: shape.steps - 1).lowerBound + (lane - lanes.lowerBound)
            var random = stream(.path, block: block, cell: last, epoch: epoch)
            let picked = draw.pick(lane: lane, random: &random)
            var copy = picked
            for t in stride(from: shape.steps - 1, through: 0, by: -1) {
                let c = shape.cells(of: shard, step: t).lowerBound + (lane - lanes.lowerBound)
                let survivor = c * p + copy
                copy = Int(ancestors[survivor])
                pathTopics[c] = topics[survivor]
                if p > 1 { paths.copyRow(c * p + copy, of: copies, to: c) }
            }
            for copy in 0..<p {
                carry(survivor: last * p + picked, cell: last, to: lane * p + copy)
                if copy != picked { nextInputs.copy(lane * p + picked, of: nextInputs, to: lane * p + copy) }
            }
            running?.carry(lane, from: picked)
        }
    }

    /// Room of one shard for the pass back.
    func scratch(shard: Int, width: Int) -> UnsafeMutablePointer<Float> {
        scratchBuffer.base + (shape.cells(of: shard).lowerBound + shape.lanes(of: shard).lowerBound) * width
    }

    /// Every survivor goes on in the next block: what a filter needs.
    func carrySurvivors(shard: Int) {
        let p = shape.particles
        let lanes = shape.lanes(of: shard)
        let last = shape.cells(of: shard, step: shape.steps - 1)
        for (lane, cell) in zip(lanes, last) {
            for copy in 0..<p { carry(survivor: cell * p + copy, cell: cell, to: lane * p + copy) }
        }
    }

    private func carry(survivor: Int, cell: Int, to carried: Int) {
        let h = copies.width, kept = copies.layout.kept
        let source = cell * shape.particles + Int(ancestors[survivor])
        (carriedHidden.base + carried * h).update(from: copies.hidden.row(source), count: h)
        (carriedCell.base + carried * kept).update(from: copies.cell.row(source), count: kept)
    }
}

/// What each copy of a lane hands on to the next block. Tapes are written anew by each.
extension SamplingPass: Checkpointed {
    func save(to state: inout StateWriter) {
        state.add("hidden", carriedHidden)
        if carriedCell.count > 0 { state.add("cell", carriedCell) }
        state.inside("inputs") { nextInputs.save(to: &$0) }
        if let running { state.add("counts", running) }
    }

    func restore(from state: StateReader) throws {
        try state.read("hidden", into: carriedHidden)
        if carriedCell.count > 0 { try state.read("cell", into: carriedCell) }
        try nextInputs.restore(from: state.part("inputs"), table: network.input.rows)
        try running?.restore(from: state.part("counts"))
    }
}
