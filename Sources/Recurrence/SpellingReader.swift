import Kernels

/// A recurrent layer that reads words character by character, from one end to the other; what is wanted of it is its last state.
final class SpellingReader: @unchecked Sendable {
    /// Which end it begins at.
    enum Direction { case forward, backward }

    let direction: Direction
    private let input: EmbeddingInput  // of characters
    private let cell: any RecurrentCell
    /// A row for each character of all words of a block, batch after batch, and in each step after step.
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

    /// Derives what all words share; alone.
    ///
    /// - Parameter length: characters of all words that are to be learned from.
    func beginBlock(length: Int) {
        input.beginBlock(pieces: 1)
        input.prepareBlock(piece: 0, of: 1)
        cell.beginBlock(pieces: 1)
        cell.prepareBlock(piece: 0, of: 1)
        self.length = length
        // Room grows to the most that any block reads.
        if tape.rows < length { tape = BlockTape(rows: length, width: cell.layout.hidden, classes: 0, cell: .lstm) }
    }

    /// The last states of a batch's words, to be learned from.
    ///
    /// - Parameters:
    ///   - first: of its rows.
    ///   - states: (·, H), written at the words' places: zeros for a word without characters.
    func read(_ batch: SpellingBatch, from first: Int, into states: MatrixView) { read(batch, on: tape, from: first, into: states) }

    /// The same, when nothing is to be learned.
    func read(_ batch: SpellingBatch, into states: MatrixView) {
        read(batch, on: BlockTape(rows: batch.length, width: cell.layout.hidden, classes: 0, cell: .lstm), from: 0, into: states)
    }

    private func read(_ batch: SpellingBatch, on tape: BlockTape, from first: Int, into states: MatrixView) {
        let h = cell.layout.hidden, kept = cell.layout.kept
        for place in batch.places { states.row(place).update(repeating: 0, count: h) }
        var row = first, before = first
        for (step, going) in batch.going.enumerated() {
            for word in 0..<going {
                let hidden = tape.previousHidden.row(row + word), state = tape.previousCell.row(row + word)
                if step == 0 {
                    hidden.update(repeating: 0, count: h)
                    state.update(repeating: 0, count: kept)
                } else {
                    hidden.update(from: tape.hidden.row(before + word), count: h)
                    state.update(from: tape.cell.row(before + word), count: kept)
                }
                tape.inputs.set(row + word, to: batch.character(word, at: step, direction))
                input.write(tape.inputs, row: row + word, to: tape.gates.row(row + word))
            }
            cell.forward(tape.cells(row..<row + going), shard: 0)
            for word in batch.ending(at: step) {
                states.row(batch.places[word]).update(from: tape.hidden.row(row + word), count: h)
            }
            (before, row) = (row, row + going)
        }
    }

    /// The way back through a batch that was read: its rows of gates are left as gradients.
    ///
    /// - Parameter gradients: of the last states, (·, H), by place.
    func readBack(_ batch: SpellingBatch, from first: Int, gradients: MatrixView) {
        let h = cell.layout.hidden
        let room = FloatBuffer(count: 2 * batch.count * h)
        let hidden = room.matrix(batch.count, h), carried = room.matrix(batch.count, h, from: batch.count * h)
        var row = first + batch.length
        for (step, going) in batch.going.enumerated().reversed() {
            row -= going
            for word in batch.ending(at: step) { hidden.row(word).update(from: gradients.row(batch.places[word]), count: h) }
            cell.backward(tape.cells(row..<row + going), hiddenGradient: hidden.rows(0..<going), carriedGradient: carried.rows(0..<going))
            hidden.base.update(repeating: 0, count: going * h)
            if step > 0 { cell.hiddenGradient(tape.gates.rows(row..<row + going), addedTo: hidden.rows(0..<going), shard: 0) }
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
