import Kernels

/// The network that says what comes next: input transform → recurrent layer → softmax over K classes.
public final class RecurrentNetwork: @unchecked Sendable {
    /// Sizes, which with the parameters' values are all there is to a network.
    public struct Shape: Codable, Sendable, Equatable {
        /// H.
        public var hidden: Int
        /// K, classes at the output.
        public var classes: Int
        /// Rows of the input table, without that of a sequence's first step.
        public var inputs: Int
        /// Rows of the input table besides, for what is no item: 0, or 1 that all such have in common.
        public var unknowns: Int
        /// How rows are made of spellings; nil where they are those of a table.
        public var spelled: SpelledRows.Shape?
        /// E; nil where the gate contributions themselves are learned.
        public var embedding: Int?
        /// Which rows of the embedding, or of the table of gate contributions, a block learns.
        public var learns: Rows
        /// F, kinds of running counts that the logits remember.
        public var memories: Int
        /// Which recurrent layer there is.
        public var cell: CellKind
        /// N, classes that an event's own is compared with while the network learns (`SampledSoftmaxLayer`); nil: all of them.
        public var negatives: Int?

        /// `all`: a step of Adam for the whole table; `touched`: for the rows alone that the block read.
        public enum Rows: String, Codable, Sendable { case all, touched }

        /// Nothing is checked. What is left out is not there; the recurrent layer is an LSTM then, and a block learns all rows.
        public init(
            hidden: Int, classes: Int, inputs: Int, embedding: Int? = nil, learns: Rows = .all, memories: Int = 0,
            negatives: Int? = nil, cell: CellKind = .lstm, unknowns: Int = 0, spelled: SpelledRows.Shape? = nil
        ) {
            self.unknowns = unknowns
            self.spelled = spelled
            self.cell = cell
            self.learns = learns
            self.negatives = negatives
            self.memories = memories
            self.hidden = hidden
            self.classes = classes
            self.inputs = inputs
            self.embedding = embedding
        }

        /// Rows of the input table.
        public var rows: Int { inputs + unknowns + 1 }
    }

    /// Its sizes.
    public let shape: Shape
    /// Of the recurrent layer's products and of those of a softmax over all classes: nearly all the work. The input's product is made
    /// once a block, and those of a sampled softmax are few: they are in single precision always.
    public let precision: Precision
    /// All weights and gradients. The layers hold references to them.
    public let parameters: Parameters
    /// How items are spelled, where their rows are made of that.
    public let spelling: Spelling?
    /// The part of the gates that the previous event adds (Paper-notes M2).
    public let input: any InputTransform
    /// s_t from gates and state (Paper-notes M1).
    public let cell: any RecurrentCell
    /// Logits of the K classes from s_t (Paper-notes M3).
    public let output: any OutputLayer
    /// What running counts add to the logits (Paper-notes M6); nil where none are kept.
    public let memory: ClassMemory?

    /// A network with weights drawn for `seed`: uniform on ±1/√H as PyTorch does, the gates that keep what was biased to 1 so that memory is kept at first.
    ///
    /// - Parameters:
    ///   - spelling: of the inputs, as many as the shape says, where it says how they are read; such a network has an embedding.
    ///   - precision: one that this machine has, and that the cell takes.
    public init(_ shape: Shape, spelling: Spelling? = nil, seed: UInt64, precision: Precision = .single) {
        precondition(shape.spelled == nil || spelling?.count == shape.inputs && shape.embedding != nil, "what is read has a spelling")
        self.shape = shape
        self.spelling = spelling
        self.precision = precision
        let h = shape.hidden, gates = shape.cell.layout(hidden: h)
        var layout = Parameters.Layout()
        let layer = shape.cell.slots(hidden: h, in: &layout)
        let softmax = shape.negatives == nil ? layout.add("output", h, shape.classes, above: "output_bias") : nil
        let memorySlot = shape.memories > 0 ? layout.add("memory", shape.memories, 2) : nil
        let bound = 1 / Float(h).squareRoot()
        // What a block touches a few rows of only stands last.
        func addClassRows() -> Parameters.Slot? {
            shape.negatives.map { _ in layout.add("output_rows", shape.classes, SampledSoftmaxLayer.width(hidden: h)) }
        }
        let classRows: Parameters.Slot?
        if let width = shape.embedding {
            let projection = layout.add("input", width, gates.input.count)
            let bias = layout.add("gate_bias", 1, gates.input.count)
            let source: any EmbeddingRows
            if let spelled = shape.spelled, let spelling {
                let slots = SpelledRows.Slots(spelled, width: width, in: &layout)
                classRows = addClassRows()
                parameters = Parameters(layout, sparse: classRows.map { [$0] } ?? [])
                source = SpelledRows(slots, spelling: spelling, parameters: parameters)
                SpelledRows.drawUniform(slots, parameters: parameters, seed: seed)
            } else {
                let embedding = layout.add("embedding", shape.rows, width)
                classRows = addClassRows()
                parameters = Parameters(layout, sparse: (shape.learns == .touched ? [embedding] : []) + (classRows.map { [$0] } ?? []))
                source = TableRows(embedding, parameters: parameters)
                parameters.drawUniform(embedding, bound: 1, seed: seed)
            }
            input = EmbeddingInput(rows: source, projection: projection, bias: bias, parameters: parameters)
            parameters.drawUniform(projection, bound: bound, seed: seed)
            for j in gates.keeping { parameters.value(bias).base[j] = 1 }
        } else {
            let table = layout.add("gate_table", shape.rows, gates.input.count)
            classRows = addClassRows()
            parameters = Parameters(layout, sparse: (shape.learns == .touched ? [table] : []) + (classRows.map { [$0] } ?? []))
            input = GateTable(table: table, parameters: parameters)
            // As far apart as rows of an embedding times its weights: rows that start alike learn slowly what tells them apart.
            parameters.drawUniform(table, bound: 0.5, seed: seed)
            let values = parameters.value(table)
            for r in 0..<values.rows { for j in gates.keeping { values.row(r)[j] += 1 } }
        }
        cell = layer.layer(parameters, precision: precision)
        if let softmax {
            output = SoftmaxLayer(softmax, parameters: parameters, precision: precision)
            parameters.drawUniform(softmax.first, bound: bound, seed: seed)
        } else if let classRows, let negatives = shape.negatives {
            let sampled = SampledSoftmaxLayer(classRows, hidden: h, negatives: negatives, parameters: parameters)
            output = sampled
            sampled.drawUniform(bound: bound, seed: seed)
        } else {
            preconditionFailure("one of the two has room for its weights")
        }
        memory = memorySlot.map { [parameters] in ClassMemory($0, classes: shape.classes, parameters: parameters) }
        parameters.drawUniform(layer.recurrent, bound: bound, seed: seed)
    }

    /// All parameters of another, held by reference, and what is derived from them for a block by layers of its own, but for the input's.
    private init(sharing other: RecurrentNetwork, input: any InputTransform, precision: Precision) {
        (shape, parameters, spelling, memory) = (other.shape, other.parameters, other.spelling, other.memory)
        (self.input, self.precision) = (input, precision)
        cell = other.cell.with(precision)
        output = other.output.with(precision)
    }

    /// The same layers, prepared as they are, but for the input.
    private init(_ other: RecurrentNetwork, input: any InputTransform) {
        (shape, precision, parameters, spelling) = (other.shape, other.precision, other.parameters, other.spelling)
        self.input = input
        (cell, output, memory) = (other.cell, other.output, other.memory)
    }

    /// The same network, parameters included, ready to read in single precision: what all steps share is derived from the parameters as they are
    /// now, in room of its own, so that any number of such networks can be read from at the same time, but not while this one learns.
    public func prepared(shards: Shards) -> RecurrentNetwork {
        let network = RecurrentNetwork(sharing: self, input: input.twin(), precision: .single)
        network.input.prepare(for: .reading)
        network.prepareBlock(shards: shards, pieces: RecurrentNetwork.readingPieces)
        return network
    }

    /// Shards that may read at the same time from a network that was prepared for it.
    public static let readingPieces = 8

    /// The same network, as it is prepared, with inputs for names that are no items besides: that called `names[u]` has the number
    /// `startInput` + 1 + u. Itself where a name says nothing to it. For reading alone.
    public func reading(_ names: [String], shards: Shards) -> RecurrentNetwork {
        names.isEmpty ? self : RecurrentNetwork(self, input: input.reading(names, shards: shards))
    }

    /// The same network, parameters included, that learns from names which are no items besides, under the numbers that ``reading(_:shards:)``
    /// gives them. Itself where a name says nothing to it.
    public func learning(_ names: [String]) -> RecurrentNetwork {
        names.isEmpty ? self : RecurrentNetwork(self, input: input.learning(names))
    }

    /// The same network, parameters included, for blocks that read so many rows of the input table at most, not known beforehand: where
    /// the table has more, rows are multiplied as they are read.
    public func reading(atMost rows: Int) -> RecurrentNetwork { RecurrentNetwork(self, input: input.reading(atMost: rows)) }

    /// The same network, parameters included, with products in another precision; itself where that is its own. A block is prepared
    /// for by the one that reads it.
    public func with(_ precision: Precision) -> RecurrentNetwork {
        precision == self.precision ? self : RecurrentNetwork(sharing: self, input: input, precision: precision)
    }

    /// Takes on the weights of a network that differs at most by having fewer rows in its input table, or fewer characters, which stay as
    /// they are, or a full softmax layer where this one learns from samples of the classes.
    public func copy(from other: RecurrentNetwork) {
        var shape = other.shape
        (shape.inputs, shape.negatives, shape.learns) = (self.shape.inputs, self.shape.negatives, self.shape.learns)
        shape.spelled?.characters = self.shape.spelled?.characters ?? 0
        precondition(shape == self.shape && other.shape.inputs <= shape.inputs, "all but the input table and the way to learn must agree")
        let apart = shape.unknowns + 1
        for mine in parameters.slots {
            guard let its = other.parameters.slots.first(where: { $0.name == mine.name }) else {
                takeClassRows(from: other)
                continue
            }
            let (to, from) = (parameters.value(mine), other.parameters.value(its))
            guard mine.offset == input.table?.offset else {
                to.base.update(from: from.base, count: its.count)
                continue
            }
            // The input table's last rows stand for no item, in both.
            to.base.update(from: from.base, count: (its.rows - apart) * mine.columns)
            to.row(mine.rows - apart).update(from: from.row(its.rows - apart), count: apart * mine.columns)
        }
    }

    /// Number of the input row for the first step of a sequence. Rows of names that are no items stand behind it.
    public var startInput: Int32 { Int32(shape.rows - 1) }

    /// Derives what all steps of the next block share from the parameters as they are now.
    ///
    /// - Parameter pieces: at least as many as there are shards.
    public func prepareBlock(shards: Shards, pieces: Int) {
        input.beginBlock(pieces: pieces)
        cell.beginBlock(pieces: pieces)
        output.beginBlock(pieces: pieces)
        shards.forEach(pieces) { piece in
            self.input.prepareBlock(piece: piece, of: pieces)
            self.cell.prepareBlock(piece: piece, of: pieces)
            self.output.prepareBlock(piece: piece, of: pieces)
        }
    }

    /// s_t of the given rows of a tape, whose inputs, s_{t-1}, c_{t-1} and mask are there; logits are left to the caller.
    ///
    /// - Parameter shard: whose rows they are. Shards may run at the same time.
    public func forward(_ tape: BlockTape, rows: Range<Int>, shard: Int) {
        let gates = tape.gates.rows(rows)
        input.write(tape.inputs, rows: rows, to: gates.columns(cell.layout.input))
        cell.forward(tape.cells(rows), shard: shard)
        guard let mask = tape.mask else { return }
        for row in rows {
            VectorMath.multiply(tape.hidden.row(row), mask.row(row), into: tape.output.row(row), count: tape.width)
        }
    }

    /// Logits of the given rows of a tape that `forward` has run over, written to its proportions.
    public func logits(_ tape: BlockTape, rows: Range<Int>, shard: Int) {
        let logits = tape.proportions.rows(rows)
        output.logits(of: tape.output.rows(rows), into: logits, shard: shard)
        memory?.add(tape.memory.rows(rows), to: logits)
    }

    /// The pass back through one shard's rows: `proportions` hold the gradient of the logits; gates' gradients are left in `gates`.
    ///
    /// Truncated at the block's first step. Nothing flows across the start of a sequence.
    ///
    /// - Parameters:
    ///   - shard: which may run at the same time as others.
    ///   - rows: the shard's rows of the tape, `steps` times `lanes`.
    ///   - starts: for each row of the tape, whether a sequence starts there.
    ///   - scratch: at least (rows + lanes) · H floats.
    public func backward(
        _ tape: BlockTape, shard: Int, rows: Range<Int>, steps: Int, lanes: Int, starts: UnsafePointer<Bool>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let h = tape.width
        let hiddenGradients = MatrixView(scratch, rows: rows.count, columns: h)
        // Past the gates: into c_{t-1}, or s_{t-1} itself.
        let carriedGradient = MatrixView(scratch + rows.count * h, rows: lanes, columns: h)
        output.hiddenGradient(tape, rows: rows, into: hiddenGradients, shard: shard)
        if let mask = tape.mask {
            VectorMath.multiply(scratch, mask.row(rows.lowerBound), into: scratch, count: rows.count * h)
        }
        carriedGradient.base.update(repeating: 0, count: lanes * h)
        for t in stride(from: steps - 1, through: 0, by: -1) {
            let step = rows.lowerBound + t * lanes..<rows.lowerBound + (t + 1) * lanes
            let gradient = hiddenGradients.rows(t * lanes..<(t + 1) * lanes)
            cell.backward(tape.cells(step), hiddenGradient: gradient, carriedGradient: carriedGradient)
            guard t > 0 else { break }
            let before = hiddenGradients.rows((t - 1) * lanes..<t * lanes)
            // The product adds to all lanes: those where a sequence starts are set aside, in rows that nobody reads again.
            let starting = (0..<lanes).filter { starts[step.lowerBound + $0] }
            for lane in starting { gradient.row(lane).update(from: before.row(lane), count: h) }
            cell.hiddenGradient(tape.gates.rows(step), addedTo: before, shard: shard)
            for lane in starting {
                before.row(lane).update(from: gradient.row(lane), count: h)
                carriedGradient.row(lane).update(repeating: 0, count: h)
            }
        }
    }

    /// Gradients of all parameters from a tape that went through the pass back.
    public func accumulateGradients(_ tape: BlockTape, shards: Shards, pieces: Int) {
        nonisolated(unsafe) let remembered = UnsafeMutablePointer<[Double]>.allocate(capacity: pieces)
        remembered.initialize(repeating: [], count: pieces)
        defer {
            remembered.deinitialize(count: pieces)
            remembered.deallocate()
        }
        output.nameLearned(tape)
        input.nameLearned(tape.inputs)
        let inputGradients = tape.gates.columns(cell.layout.input)
        shards.forEach(pieces) { piece in
            if let memory = self.memory {
                remembered[piece] = memory.gradient(tape.memory, logitGradients: tape.proportions, piece: piece, of: pieces)
            }
            self.output.accumulate(tape, piece: piece, of: pieces)
            self.cell.accumulate(
                previousHidden: tape.previousHidden, gateGradients: tape.gates, piece: piece, of: pieces)
            self.input.accumulate(pass: 0, inputs: tape.inputs, gateGradients: inputGradients, piece: piece, of: pieces)
        }
        for pass in 1..<max(1, input.passes) {
            shards.forEach(pieces) {
                self.input.accumulate(pass: pass, inputs: tape.inputs, gateGradients: inputGradients, piece: $0, of: pieces)
            }
        }
        memory?.takeGradients((0..<pieces).map { remembered[$0] })
    }
}
