import Kernels

/// A recurrent layer that reads words character by character, from one end to the other; what is wanted of it is its last state.
final class SpellingReader: @unchecked Sendable {
    /// Which end it begins at.
    enum Direction { case forward, backward }

    let direction: Direction
    private let input: EmbeddingInput  // of characters
    private let cell: any RecurrentCell
    /// The words of a block in batches, one a piece, and the row of the tape that each begins with.
    private var batches: [(batch: SpellingBatch, first: Int)] = []
    /// A row for each node of all batches, batch after batch, and in each step after step.
    private var tape: BlockTape
    private var length = 0

    /// The room that its weights have.
    struct Slots {
        let projection, bias: Parameters.Slot
        let layer: CellSlots

        init(characters width: Int, hidden: Int, prefix: String, in layout: inout Parameters.Layout) {
            let kind = CellKind.lstm, gates = kind.layout(hidden: hidden).input.count
            layer = kind.slots(hidden: hidden, prefix: prefix, in: &layout)
            projection = layout.add(prefix + "input", width, gates)
            bias = layout.add(prefix + "gate_bias", 1, gates)
        }
    }

    init(_ direction: Direction, _ slots: Slots, characters: TableRows, parameters: Parameters) {
        self.direction = direction
        input = EmbeddingInput(rows: characters, projection: slots.projection, bias: slots.bias, parameters: parameters)
        cell = slots.layer.layer(parameters, precision: .single)
        tape = BlockTape(rows: 0, width: cell.layout.hidden, classes: 0, cell: slots.layer.kind)
    }

    /// Random weights, as those of a network.
    static func drawUniform(_ slots: Slots, parameters: Parameters, seed: UInt64) {
        let hidden = slots.layer.recurrent.rows, bound = 1 / Float(hidden).squareRoot()
        parameters.drawUniform(slots.projection, bound: bound, seed: seed)
        parameters.drawUniform(slots.layer.recurrent, bound: bound, seed: seed)
        for j in slots.layer.kind.layout(hidden: hidden).keeping { parameters.value(slots.bias).base[j] = 1 }
    }

    /// Derives what all words share, and makes room; alone.
    ///
    /// - Parameter pieces: words of each piece of a block that are to be learned from, and the places of their states.
    func beginBlock(_ pieces: [[(place: Int, word: [Int32])]] = []) {
        input.beginBlock(pieces: 1)
        input.prepareBlock(piece: 0, of: 1)
        cell.beginBlock(pieces: 1)
        cell.prepareBlock(piece: 0, of: 1)
        length = 0
        batches = pieces.map { words in
            let batch = SpellingBatch(words, direction)
            defer { length += batch.length }
            return (batch, length)
        }
        // Room grows to the most that any block reads.
        if tape.rows < length { tape = BlockTape(rows: length, width: cell.layout.hidden, classes: 0, cell: .lstm) }
    }

    /// The last states of a piece's words, to be learned from.
    ///
    /// - Parameter states: (·, H), written at the words' places: zeros for a word without characters.
    func read(piece: Int, into states: MatrixView) { read(batches[piece].batch, on: tape, from: batches[piece].first, into: states) }

    /// The same of any words, when nothing is to be learned.
    func read(_ words: [(place: Int, word: [Int32])], into states: MatrixView) {
        let batch = SpellingBatch(words, direction)
        read(batch, on: BlockTape(rows: batch.length, width: cell.layout.hidden, classes: 0, cell: .lstm), from: 0, into: states)
    }

    private func read(_ batch: SpellingBatch, on tape: BlockTape, from first: Int, into states: MatrixView) {
        let h = cell.layout.hidden, kept = cell.layout.kept
        for place in batch.places { states.row(place).update(repeating: 0, count: h) }
        for (nodes, endings) in zip(batch.steps, batch.endings) {
            for node in nodes {
                let row = first + node, parent = Int(batch.parents[node])
                let hidden = tape.previousHidden.row(row), state = tape.previousCell.row(row)
                if parent < 0 {
                    hidden.update(repeating: 0, count: h)
                    state.update(repeating: 0, count: kept)
                } else {
                    hidden.update(from: tape.hidden.row(first + parent), count: h)
                    state.update(from: tape.cell.row(first + parent), count: kept)
                }
                tape.inputs.set(row, to: batch.characters[node])
                input.write(tape.inputs, row: row, to: tape.gates.row(row))
            }
            cell.forward(tape.cells(first + nodes.lowerBound..<first + nodes.upperBound), shard: 0)
            for end in batch.ends[endings] { states.row(end.place).update(from: tape.hidden.row(first + end.node), count: h) }
        }
    }

    /// The way back through a piece that was read: its rows of gates are left as gradients.
    ///
    /// - Parameter gradients: of the last states, (·, H), by place.
    func readBack(piece: Int, gradients: MatrixView) {
        let (batch, first) = batches[piece]
        let h = cell.layout.hidden, kept = cell.layout.kept, width = h + kept
        let room = FloatBuffer(count: 2 * batch.widest * width)
        // (nodes of a step, H) and (nodes, `kept`): gradients of s and of what is carried, in turns for a step and the one before.
        func halves(_ nodes: Range<Int>, turn: Int) -> (hidden: MatrixView, carried: MatrixView) {
            let both = room.matrix(nodes.count, width, from: turn % 2 * batch.widest * width)
            return (both.columns(0..<h), both.columns(h..<width))
        }
        for (turn, step) in batch.steps.indices.reversed().enumerated() {
            let nodes = batch.steps[step], rows = first + nodes.lowerBound..<first + nodes.upperBound
            let (hidden, carried) = halves(nodes, turn: turn)
            for end in batch.ends[batch.endings[step]] {
                VectorMath.add(gradients.row(end.place), to: hidden.row(end.node - nodes.lowerBound), count: h)
            }
            cell.backward(tape.cells(rows), hiddenGradient: hidden, carriedGradient: carried)
            guard step > 0 else { break }
            for row in 0..<nodes.count { hidden.row(row).update(repeating: 0, count: h) }
            cell.hiddenGradient(tape.gates.rows(rows), addedTo: hidden, shard: 0)
            // What goes back to a node is the sum over those behind it.
            let before = batch.steps[step - 1], sums = halves(before, turn: turn + 1)
            sums.hidden.base.update(repeating: 0, count: before.count * width)
            for node in nodes {
                let parent = Int(batch.parents[node]) - before.lowerBound, row = node - nodes.lowerBound
                VectorMath.add(hidden.row(row), to: sums.hidden.row(parent), count: h)
                VectorMath.add(carried.row(row), to: sums.carried.row(parent), count: kept)
            }
        }
        withExtendedLifetime(room) {}
    }

    /// Gradients of all weights from batches that went through the way back, and then those of the characters.
    func accumulate(piece: Int, of pieces: Int) {
        let rows = 0..<length
        cell.accumulate(
            previousHidden: tape.previousHidden.rows(rows), gateGradients: tape.gates.rows(rows), piece: piece, of: pieces)
        input.accumulate(
            pass: 0, inputs: tape.inputs, gateGradients: tape.gates.columns(cell.layout.input).rows(rows), piece: piece, of: pieces)
    }

    func accumulateCharacters(piece: Int, of pieces: Int) {
        input.accumulate(
            pass: 1, inputs: tape.inputs, gateGradients: tape.gates.columns(cell.layout.input).rows(0..<length), piece: piece, of: pieces)
    }
}
