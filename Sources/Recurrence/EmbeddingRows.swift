import Kernels

/// Where the rows of an ``EmbeddingInput`` come from: the seam between a table that is learned, and rows made from how items are spelled.
///
/// Rows have numbers; the last is that of a sequence's first step, but for rows of names that are no items. Those in use in a block have places.
public protocol EmbeddingRows: AnyObject, Sendable {
    /// Rows that there are.
    var count: Int { get }
    /// E.
    var width: Int { get }
    /// The slot that has them, where one has.
    var table: Parameters.Slot? { get }

    /// These themselves, where they are made of spellings.
    var spelled: SpelledRows? { get }

    /// Names the rows in use from now on, in the order of their places.
    func use(rows: [Int32])

    /// What for the next block is prepared. Comes before `beginBlock`.
    func prepare(for use: InputUse)

    /// Comes before the pieces of `write`, alone.
    func beginBlock(pieces: Int)

    /// Writes the rows in use that have the places of a piece; those of all pieces follow one another.
    ///
    /// - Parameter rows: (places.count, E).
    func write(_ places: Range<Int>, into rows: MatrixView, piece: Int)

    /// Takes the gradients of rows in use, in whatever ranges of places.
    func takeGradients(_ places: Range<Int>, _ gradients: MatrixView)

    /// How often the pieces have to come by once all gradients were taken, with a barrier before each time.
    var passes: Int { get }

    /// One of these passes, from 0 on: what the gradients taken say of the parameters; `piece` of `pieces`, which may run at the same time.
    func accumulate(pass: Int, piece: Int, of pieces: Int)

    /// The same rows, all of them in use, with room of its own for what is derived from the parameters.
    func twin() -> any EmbeddingRows

    /// Rows (n, E) of names that are no items, with parameters as of the last `beginBlock`; nil where a name says nothing.
    func rows(spelling names: [String], shards: Shards) -> FloatBuffer?

    /// The same rows, made from the same parameters, and behind them those of names that are no items; nil where a name says nothing.
    func learning(_ names: [String]) -> (any EmbeddingRows)?
}

extension EmbeddingRows {
    public var spelled: SpelledRows? { nil }
    public func prepare(for use: InputUse) {}
    public func beginBlock(pieces: Int) {}
    public var passes: Int { 0 }
    public func accumulate(pass: Int, piece: Int, of pieces: Int) {}
    public func rows(spelling names: [String], shards: Shards) -> FloatBuffer? { nil }
    public func learning(_ names: [String]) -> (any EmbeddingRows)? { nil }
}

/// The rows of a table, (count, E), each learned by itself.
public final class TableRows: EmbeddingRows, @unchecked Sendable {
    private let embedding: Parameters.Slot
    private let parameters: Parameters
    private var active: [Int32]
    private let gradients: Gradients

    /// What becomes of a row's gradient.
    enum Gradients { case alone, addedToOthers }

    /// - Parameter gradients: whether there are others that read the table, and have left theirs already.
    init(_ embedding: Parameters.Slot, parameters: Parameters, gradients: Gradients = .alone) {
        self.embedding = embedding
        self.parameters = parameters
        self.gradients = gradients
        active = (0..<embedding.rows).map { Int32($0) }
    }

    public var count: Int { embedding.rows }
    public var width: Int { embedding.columns }
    public var table: Parameters.Slot? { embedding }

    public func twin() -> any EmbeddingRows { TableRows(embedding, parameters: parameters, gradients: gradients) }

    public func use(rows: [Int32]) {
        active = rows
        parameters.touch(embedding, rows: rows)
    }

    public func write(_ places: Range<Int>, into rows: MatrixView, piece: Int) {
        let values = parameters.value(embedding)
        for (r, place) in places.enumerated() { rows.row(r).update(from: values.row(Int(active[place])), count: width) }
    }

    public func takeGradients(_ places: Range<Int>, _ gradients: MatrixView) {
        let all = parameters.gradient(embedding)
        for (r, place) in places.enumerated() {
            let row = all.row(Int(active[place]))
            switch self.gradients {
            case .alone: row.update(from: gradients.row(r), count: width)
            case .addedToOthers: VectorMath.add(gradients.row(r), to: row, count: width)
            }
        }
    }
}
