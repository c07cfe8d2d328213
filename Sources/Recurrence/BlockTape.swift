import Kernels

/// What one block's forward pass leaves for the pass back. A row is one cell of the block: a step of a lane.
///
/// Rows of a shard stand together, and in it those of a step: row = first + step · width + place.
/// So a step of a shard is one matrix, and a block one matrix, whatever the shards.
public final class BlockTape: @unchecked Sendable {
    /// R: cells of a block, or P for each cell where copies are kept.
    public let rows: Int
    /// H.
    public let width: Int
    /// Where what stands in `gates`, and what a step hands on besides s.
    public let layout: CellLayout
    /// C, floats of a row of `proportions`: K, or fewer where a loss looks at few classes.
    public let classes: Int
    /// For each row a class whose gradient stands behind those that all rows share (`SampledSoftmaxLayer`); negative: none.
    public let ownClasses: UnsafeMutablePointer<Int32>

    /// What each row was fed with.
    public let inputs: InputMixtures
    /// F·K, floats of a row of `memory`.
    public let features: Int

    /// (rows, `layout.width`): gates after their non-linearity; their gradients once the pass back has gone by.
    public let gates: MatrixView
    /// (rows, H): s_{t-1}, zero where a sequence starts.
    public let previousHidden: MatrixView
    /// (rows, `layout.kept`): c_{t-1}, zero where a sequence starts.
    public let previousCell: MatrixView
    /// (rows, `layout.kept`): c_t.
    public let cell: MatrixView
    /// (rows, `layout.kept`): tanh c_t.
    public let squashedCell: MatrixView
    /// (rows, H): s_t.
    public let hidden: MatrixView
    /// (rows, H): the dropout mask, where there is one.
    public let mask: MatrixView?
    /// (rows, H + 1): s_t, after the mask where there is one, and a 1 for the bias: what the softmax layer reads.
    public let output: MatrixView
    /// (rows, C): logits, then θ, then the gradient of the logits.
    public let proportions: MatrixView
    /// (rows, F·K): log(1 + n/α) of the running counts before the event, one run of K for each kind of count.
    public let memory: MatrixView
    /// What the views look at. Views are kept rather than made: steps ask for them row by row.
    private let buffers: [FloatBuffer]

    /// All zeros, but for the ones behind the softmax layer's input. Takes R · (G + 2 H + 3 c + C + 1) floats, which it owns, G being
    /// those of a row of gates and c those that a cell keeps, and with a mask 2 H + 1 more.
    ///
    /// - Parameters:
    ///   - cell: whose gates and states are kept.
    ///   - entries: M, rows of the input table that an input is made of at most.
    ///   - features: F·K, floats that the memory writes for each row; 0 without one.
    ///   - mask: R · H floats, where hidden states are dropped on their way to the softmax layer.
    public init(
        rows: Int, width: Int, classes: Int, cell: CellKind = .lstm, entries: Int = 1, features: Int = 0, mask: FloatBuffer? = nil
    ) {
        layout = cell.layout(hidden: width)
        self.rows = rows
        self.width = width
        self.classes = classes
        self.features = features
        inputs = InputMixtures(rows: rows, entries: entries)
        var buffers: [FloatBuffer] = []
        func view(_ columns: Int) -> MatrixView {
            buffers.append(FloatBuffer(count: rows * columns))
            return buffers[buffers.count - 1].matrix(rows, columns)
        }
        memory = view(features)
        gates = view(layout.width)
        previousHidden = view(width)
        previousCell = view(layout.kept)
        self.cell = view(layout.kept)
        squashedCell = view(layout.kept)
        let states = view(width + 1)
        hidden = states.columns(0..<width)
        self.mask = mask?.matrix(rows, width)
        output = mask == nil ? states : view(width + 1)
        proportions = view(classes)
        if let mask { buffers.append(mask) }
        self.buffers = buffers
        ownClasses = .allocate(capacity: max(1, rows))
        ownClasses.initialize(repeating: -1, count: max(1, rows))
        for r in 0..<rows { output.row(r)[width] = 1 }
    }

    deinit { ownClasses.deallocate() }

    /// Some rows, as the recurrent layer reads and writes them.
    func cells(_ rows: Range<Int>) -> CellRows {
        CellRows(
            gates: gates.rows(rows), previousHidden: previousHidden.rows(rows), hidden: hidden.rows(rows),
            previousCell: previousCell.rows(rows), cell: cell.rows(rows), squashedCell: squashedCell.rows(rows))
    }

    /// Copies what the pass back reads of row `from` of another tape to row `to` of this one.
    public func copyRow(_ from: Int, of other: BlockTape, to: Int) {
        inputs.copy(from, of: other.inputs, to: to)
        memory.row(to).update(from: other.memory.row(from), count: features)
        gates.row(to).update(from: other.gates.row(from), count: layout.width)
        previousHidden.row(to).update(from: other.previousHidden.row(from), count: width)
        previousCell.row(to).update(from: other.previousCell.row(from), count: layout.kept)
        squashedCell.row(to).update(from: other.squashedCell.row(from), count: layout.kept)
        output.row(to).update(from: other.output.row(from), count: width + 1)
        if let mask, let others = other.mask { mask.row(to).update(from: others.row(from), count: width) }
        proportions.row(to).update(from: other.proportions.row(from), count: classes)
    }
}
