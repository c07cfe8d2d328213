import Kernels

/// What the previous event adds to the gates: the seam between the variants of the model.
///
/// An input is a row of a table, named by its number: for topic-LLA the previous topic.
/// The last row is learned for the first step of a sequence, which has no previous event.
public protocol InputTransform: AnyObject, Sendable {
    /// Rows of the table, that of a sequence's first step included.
    var rows: Int { get }

    /// Writes the gates' input part (4H floats, bias included) of row `input` of the table.
    func write(input: Int32, to gates: UnsafeMutablePointer<Float>)

    /// Units of the embedding that are dropped from now on, for all rows alike; nil: none. Comes before `prepareBlock`.
    ///
    /// One mask serves a whole block, for the table's product with its weights is made once a block.
    func drop(_ mask: DropoutMask?, key: UInt32)

    /// Work whose result all steps of a block share; `piece` of `pieces`, which may run at the same time.
    func prepareBlock(piece: Int, of pieces: Int)

    /// Adds up the gradients of a block. `inputs` names the table row of each of the rows of `gateGradients`.
    ///
    /// Two passes, each run in pieces, with a barrier between them.
    func accumulate(inputs: UnsafePointer<Int32>, gateGradients: MatrixView, piece: Int, of pieces: Int)
    func accumulateAfterwards(piece: Int, of pieces: Int)
}

/// The table of gate contributions itself is what is learned: (rows, 4H).
///
/// A product of embedding and input weights, (rows, E)·(E, 4H), says no more than this
/// when E = 4H, and has to be multiplied out for each block.
public final class GateTable: InputTransform, @unchecked Sendable {
    public let table: Parameters.Slot  // (rows, 4H)
    private let parameters: Parameters

    public var rows: Int { table.rows }

    init(table: Parameters.Slot, parameters: Parameters) {
        self.table = table
        self.parameters = parameters
    }

    public func write(input: Int32, to gates: UnsafeMutablePointer<Float>) {
        gates.update(from: parameters.value(table).row(Int(input)), count: table.columns)
    }

    /// There is no embedding here whose units could be dropped; settings refuse the combination.
    public func drop(_ mask: DropoutMask?, key: UInt32) {}

    public func prepareBlock(piece: Int, of pieces: Int) {}

    public func accumulate(inputs: UnsafePointer<Int32>, gateGradients: MatrixView, piece: Int, of pieces: Int) {
        let columns = Shards.slice(piece, of: pieces, total: table.columns, unit: 16)
        let into = parameters.gradient(table).columns(columns), from = gateGradients.columns(columns)
        for r in 0..<into.rows { into.row(r).update(repeating: 0, count: columns.count) }
        for r in 0..<from.rows {
            VectorMath.add(from.row(r), to: into.row(Int(inputs[r])), count: columns.count)
        }
    }

    public func accumulateAfterwards(piece: Int, of pieces: Int) {}
}
