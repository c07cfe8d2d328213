import Kernels

/// Rows made of how items are spelled: e = D_f s_f + D_b s_b + d, s_f and s_b the last states of two LSTMs that read an item's characters
/// from either end (the paper's char-LLA; Paper-notes M2c). The first step of a sequence, which has no item before it, has a learned row of its own.
///
/// Of a block's items each distinct one is read once, and in a piece what several begin or end with. Behind the row of a first step there may be
/// those of names that are no items, which are spelled with the items' characters and learned from as items are.
public final class SpelledRows: EmbeddingRows, @unchecked Sendable {
    /// Of the items, by their numbers.
    public let spelling: Spelling
    /// The characters of names that are no items.
    private let strangers: [[Int32]]
    private let parameters: Parameters
    private let forward, backward: SpellingReader
    private let mix: Parameters.Slot  // (2H + 1, E): D_f over D_b over d
    private let start: Parameters.Slot  // (1, E)
    private let states: Int  // 2H
    private let layout: Slots
    /// All of its parameters.
    var slots: [Parameters.Slot] { layout.all }
    /// The n rows in use.
    private var active: [Int32]
    /// Pieces of the block that are learned from.
    private var pieces = 0
    private var use = InputUse.learning()
    /// (n, 2H + 1): both last states and a 1; (n, 2H) and (n, E): gradients of the states, and of the rows that are spelled.
    private var stateBuffer = FloatBuffer(count: 0)
    private var stateGradients = FloatBuffer(count: 0)
    private var rowGradients = FloatBuffer(count: 0)

    /// α of ``isBlurred(_:item:place:key:)``.
    public static let blur: Float = 0.25
    /// Words that are read side by side where nothing is learned.
    private static let side = 256

    /// Sizes.
    public struct Shape: Codable, Sendable, Equatable {
        /// A: rows of the table of characters, of which row 0 stands for those that no item has.
        public var characters: Int
        /// Width of a character's row.
        public var embedding: Int
        /// Units of each of the two LSTMs.
        public var hidden: Int

        /// - Parameter characters: A of the items' spelling (`Spelling.alphabet`).
        public init(characters: Int, embedding: Int, hidden: Int) {
            self.characters = characters
            self.embedding = embedding
            self.hidden = hidden
        }
    }

    /// The room that its weights have.
    struct Slots {
        let characters, mix, weights, bias, start: Parameters.Slot
        let all: [Parameters.Slot]
        let forward, backward: SpellingReader.Slots

        init(_ shape: Shape, width: Int, in layout: inout Parameters.Layout) {
            let before = layout.slots.count
            characters = layout.add("character_embedding", shape.characters, shape.embedding)
            forward = SpellingReader.Slots(characters: shape.embedding, hidden: shape.hidden, prefix: "forward_", in: &layout)
            backward = SpellingReader.Slots(characters: shape.embedding, hidden: shape.hidden, prefix: "backward_", in: &layout)
            (mix, weights, bias) = layout.add("spelling", 2 * shape.hidden, width, above: "spelling_bias")
            start = layout.add("start_row", 1, width)
            all = Array(layout.slots[before...])
        }
    }

    init(_ slots: Slots, spelling: Spelling, strangers: [[Int32]] = [], parameters: Parameters) {
        precondition(spelling.alphabet == slots.characters.rows, "a row for each character")
        self.spelling = spelling
        self.strangers = strangers
        self.parameters = parameters
        forward = SpellingReader(
            .forward, slots.forward, characters: TableRows(slots.characters, parameters: parameters), parameters: parameters)
        backward = SpellingReader(
            .backward, slots.backward, characters: TableRows(slots.characters, parameters: parameters, gradients: .addedToOthers),
            parameters: parameters)
        (mix, start, states) = (slots.mix, slots.start, slots.weights.rows)
        layout = slots
        active = (0..<spelling.count + 1 + strangers.count).map { Int32($0) }
    }

    /// Random weights: rows as far apart as those of a table would be, or what tells items apart is learned slowly.
    static func drawUniform(_ slots: Slots, parameters: Parameters, seed: UInt64) {
        parameters.drawUniform(slots.characters, bound: 1, seed: seed)
        SpellingReader.drawUniform(slots.forward, parameters: parameters, seed: seed)
        SpellingReader.drawUniform(slots.backward, parameters: parameters, seed: seed)
        parameters.drawUniform(slots.weights, bound: 4 / Float(slots.weights.rows).squareRoot(), seed: seed)
        parameters.drawUniform(slots.start, bound: 1, seed: seed)
    }

    public var count: Int { spelling.count + 1 + strangers.count }
    /// The row of a sequence's first step.
    private var startRow: Int { spelling.count }
    public var width: Int { mix.columns }
    public var table: Parameters.Slot? { nil }
    public var spelled: SpelledRows? { self }

    public func use(rows: [Int32]) { active = rows }

    public func prepare(for use: InputUse) { self.use = use }

    public func beginBlock(pieces: Int) {
        let n = active.count
        guard case .learning = use else {
            forward.beginBlock()
            backward.beginBlock()
            return
        }
        self.pieces = pieces
        let read = (0..<pieces).map { words(Shards.slice($0, of: pieces, total: n)) }
        forward.beginBlock(read)
        backward.beginBlock(read)
        parameters.gradient(start).base.update(repeating: 0, count: width)
        // Room grows to the most rows that any block reads.
        guard stateBuffer.count < n * (states + 1) else { return }
        stateBuffer = FloatBuffer(count: n * (states + 1))
        stateGradients = FloatBuffer(count: n * states)
        rowGradients = FloatBuffer(count: n * width)
    }

    /// The words at some places.
    private func words(_ places: Range<Int>) -> [(place: Int, word: [Int32])] {
        places.compactMap { place in
            let row = Int(active[place])
            return row == startRow ? nil : (place, word(row))
        }
    }

    /// A row's characters, some of them taken for unknown ones where a block is learned from.
    private func word(_ row: Int) -> [Int32] {
        let characters = row < startRow ? Array(spelling[row]) : strangers[row - startRow - 1]
        guard case .learning(_, let key?) = use else { return characters }
        return characters.enumerated().map { place, character in
            isBlurred(character, item: row, place: place, key: key) ? 0 : character
        }
    }

    /// Whether a block takes a character for an unknown one: with probability α / (α + n), n being the items that have it, so that its row is
    /// learned, and most from what is nearly unknown (as Kiperwasser and Goldberg, 2016, do with words). The bits are an integer hash.
    private func isBlurred(_ character: Int32, item: Int, place: Int, key: UInt32) -> Bool {
        var x = key &+ UInt32(truncatingIfNeeded: item) &* 0x9E37_79B9 &+ UInt32(truncatingIfNeeded: place) &* 0x85EB_CA6B
        x = (x ^ (x >> 16)) &* 0x7FEB_352D
        x = (x ^ (x >> 15)) &* 0x846C_A68B
        x ^= x >> 16
        return Float(x >> 8) * 0x1p-24 < Self.blur / (Self.blur + Float(spelling.holders[Int(character)]))
    }

    public func write(_ places: Range<Int>, into rows: MatrixView, piece: Int) {
        switch use {
        case .learning:
            let into = stateBuffer.matrix(active.count, states + 1)
            forward.read(piece: piece, into: into)
            backward.read(piece: piece, into: into.columns(states / 2..<states))
            mixed(into.rows(places), into: rows)
        case .reading:
            // No more is kept than a few words take.
            for lower in stride(from: places.lowerBound, to: places.upperBound, by: Self.side) {
                let some = lower..<min(lower + Self.side, places.upperBound)
                let words = some.enumerated().compactMap { r, place in
                    active[place] == startRow ? nil : (r, word(Int(active[place])))
                }
                read(words, into: rows.rows(lower - places.lowerBound..<some.upperBound - places.lowerBound))
            }
        }
        for (r, place) in places.enumerated() where active[place] == startRow {
            rows.row(r).update(from: parameters.value(start).base, count: width)
        }
    }

    /// Words whose rows are wanted, and nothing else.
    private func read(_ words: [(place: Int, word: [Int32])], into rows: MatrixView) {
        let room = FloatBuffer(count: rows.rows * (states + 1))
        let into = room.matrix(rows.rows, states + 1)
        forward.read(words, into: into)
        backward.read(words, into: into.columns(states / 2..<states))
        mixed(into, into: rows)
    }

    /// e = D_f s_f + D_b s_b + d.
    private func mixed(_ states: MatrixView, into rows: MatrixView) {
        for r in 0..<states.rows { states.row(r)[self.states] = 1 }
        GEMM.multiply(states, parameters.value(mix), into: rows)
    }

    public func takeGradients(_ places: Range<Int>, _ gradients: MatrixView) {
        let kept = rowGradients.matrix(active.count, width).rows(places)
        for (r, place) in places.enumerated() {
            if active[place] == startRow {
                // Of its own parameters, and of no spelling.
                parameters.gradient(start).base.update(from: gradients.row(r), count: width)
                kept.row(r).update(repeating: 0, count: width)
            } else {
                kept.row(r).update(from: gradients.row(r), count: width)
            }
        }
        GEMM.multiply(
            kept, .asIs, parameters.value(mix).rows(0..<states), .transposed,
            into: stateGradients.matrix(active.count, states).rows(places))
    }

    public var passes: Int { 3 }

    public func accumulate(pass: Int, piece: Int, of pieces: Int) {
        switch pass {
        case 0:
            let gradients = stateGradients.matrix(active.count, states)
            for read in Shards.slice(piece, of: pieces, total: self.pieces) {
                forward.readBack(piece: read, gradients: gradients)
                backward.readBack(piece: read, gradients: gradients.columns(states / 2..<states))
            }
        case 1:
            forward.accumulate(piece: piece, of: pieces)
            backward.accumulate(piece: piece, of: pieces)
            let columns = Shards.slice(piece, of: pieces, total: width, unit: 16)
            GEMM.multiply(
                stateBuffer.matrix(active.count, states + 1), .transposed, rowGradients.matrix(active.count, width).columns(columns), .asIs,
                into: parameters.gradient(mix).columns(columns))
        default:
            // In this order: the second adds to what the first has left.
            forward.accumulateCharacters(piece: piece, of: pieces)
            backward.accumulateCharacters(piece: piece, of: pieces)
        }
    }

    /// All rows, (count, E), as the parameters are now; all of them have to be in use, as they are of a twin, and are prepared for reading then.
    func all(shards: Shards) -> FloatBuffer {
        let rows = FloatBuffer(count: count * width), pieces = 8
        prepare(for: .reading)
        beginBlock(pieces: pieces)
        shards.forEach(pieces) { piece in
            let mine = Shards.slice(piece, of: pieces, total: self.count)
            self.write(mine, into: rows.matrix(self.count, self.width).rows(mine), piece: piece)
        }
        return rows
    }

    public func rows(spelling names: [String], shards: Shards) -> FloatBuffer? {
        let rows = FloatBuffer(count: names.count * width), pieces = 8
        shards.forEach(pieces) { piece in
            let mine = Shards.slice(piece, of: pieces, total: names.count)
            for lower in stride(from: mine.lowerBound, to: mine.upperBound, by: Self.side) {
                let some = lower..<min(lower + Self.side, mine.upperBound)
                self.read(
                    some.map { ($0 - lower, self.spelling.characters(of: names[$0])) },
                    into: rows.matrix(names.count, self.width).rows(some))
            }
        }
        return rows
    }

    public func twin() -> any EmbeddingRows { SpelledRows(layout, spelling: spelling, strangers: strangers, parameters: parameters) }

    public func learning(_ names: [String]) -> (any EmbeddingRows)? {
        SpelledRows(layout, spelling: spelling, strangers: names.map(spelling.characters(of:)), parameters: parameters)
    }
}
