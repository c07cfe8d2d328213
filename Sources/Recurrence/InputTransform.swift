import Kernels

/// What the previous event adds to the gates: the seam between the variants of the model.
///
/// An input is a mean of rows of a table: for topic-LLA the row of the previous topic, for word-LLA that of the previous
/// item, for char-LLA one made of how that is spelled, for belief-LLA the rows of the topics that the previous event may have had.
/// A row is learned for the first step of a sequence, which has no previous event; it is the last, but for rows of names that are no items.
public protocol InputTransform: AnyObject, Sendable {
    /// Rows of the table, that of a sequence's first step included.
    var rows: Int { get }

    /// The slot that has a row for each, where one has: the last `Shape.unknowns` + 1 stand for no item.
    var table: Parameters.Slot? { get }

    /// How rows are made of spellings, where they are.
    var spelled: SpelledRows? { get }

    /// Writes the gates' input part (G floats, those of `CellLayout.input`, bias included) for row `row` of `inputs`.
    func write(_ inputs: InputMixtures, row: Int, to gates: UnsafeMutablePointer<Float>)

    /// The same for several rows of `inputs`, to as many rows of gates. Shards may write at the same time, each its own rows.
    func write(_ inputs: InputMixtures, rows: Range<Int>, to gates: MatrixView)

    /// What the next block is for: reading, or learning with some units of the embedding dropped. Comes before `prepareBlock`.
    ///
    /// One mask serves a whole block, for the table's product with its weights is made once a block.
    func prepare(for use: InputUse)

    /// Names the rows of the table that the next block reads: no other row is prepared, nor learned from it. Comes before `prepareBlock`.
    ///
    /// Without a call all rows are. A table that is small or always read as a whole need not listen.
    func use(rows: [Int32])

    /// Comes before the pieces of `prepareBlock`, alone.
    func beginBlock(pieces: Int)

    /// Work whose result all steps of a block share; `piece` of `pieces`, which may run at the same time.
    func prepareBlock(piece: Int, of pieces: Int)

    /// Says which rows a block has taught something, where that is not known before it. Comes before the pieces of `accumulate`, alone.
    func nameLearned(_ inputs: InputMixtures)

    /// Passes of `accumulate`, each run in pieces, with a barrier between them.
    var passes: Int { get }

    /// Adds up the gradients of a block, in one of these passes, from 0 on; `piece` of `pieces`, which may run at the same time.
    ///
    /// - Parameter inputs: what each of the rows of `gateGradients`, (R, G), was fed with.
    func accumulate(pass: Int, inputs: InputMixtures, gateGradients: MatrixView, piece: Int, of pieces: Int)

    /// An input of the same parameters, held by reference, with all rows in use and room of its own for what it derives from them: to be prepared and
    /// read from while others read, or learn once it is prepared.
    func twin() -> any InputTransform

    /// An input that reads names besides, under numbers from `rows` on, as this one was prepared for its block; itself where a name says nothing.
    func reading(_ names: [String], shards: Shards) -> any InputTransform

    /// An input of the same parameters that reads names besides, under the same numbers, and learns from them as from items; itself where a
    /// name says nothing.
    func learning(_ names: [String]) -> any InputTransform

    /// An input of the same parameters for blocks that read so many rows at most, not known beforehand; itself where it would cost no less.
    func reading(atMost rows: Int) -> any InputTransform
}

extension InputTransform {
    public var spelled: SpelledRows? { nil }
    public func write(_ inputs: InputMixtures, rows: Range<Int>, to gates: MatrixView) {
        for (r, row) in rows.enumerated() { write(inputs, row: row, to: gates.row(r)) }
    }
    public func reading(atMost rows: Int) -> any InputTransform { self }
    public func nameLearned(_ inputs: InputMixtures) {}
    public func learning(_ names: [String]) -> any InputTransform { self }
    public func reading(_ names: [String], shards: Shards) -> any InputTransform { self }
}
