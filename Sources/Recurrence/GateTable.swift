import Kernels

/// The table of gate contributions itself is what is learned: (rows, G), G being 4H for an LSTM.
///
/// A product of embedding and input weights, (rows, E)·(E, G), says no more than this
/// when E = G, and has to be multiplied out for each block.
public final class GateTable: InputTransform, @unchecked Sendable {
    private let contributions: Parameters.Slot  // (rows, G)
    private let parameters: Parameters
    /// Rows whose gradients a block leaves, each once: all of them, unless the table is learned row by row.
    private var learned: RowSet

    public var rows: Int { contributions.rows }
    public var table: Parameters.Slot? { contributions }

    init(table: Parameters.Slot, parameters: Parameters) {
        contributions = table
        self.parameters = parameters
        learned = RowSet(of: table.rows)
        for row in 0..<table.rows { learned.insert(Int32(row)) }
    }

    public func write(_ inputs: InputMixtures, row: Int, to gates: UnsafeMutablePointer<Float>) {
        let values = parameters.value(contributions)
        VectorMath.mean(inputs, row: row, into: gates, count: contributions.columns) { values.row($0) }
    }

    public func twin() -> any InputTransform { GateTable(table: contributions, parameters: parameters) }

    /// There is no embedding here whose units could be dropped; settings refuse the combination.
    public func prepare(for use: InputUse) {}

    public func use(rows: [Int32]) {}

    public func beginBlock(pieces: Int) {}

    public func prepareBlock(piece: Int, of pieces: Int) {}

    public func nameLearned(_ inputs: InputMixtures) {
        guard parameters.isSparse(contributions) else { return }
        learned.removeAll()
        learned.insert(readBy: inputs)
        parameters.touch(contributions, rows: learned.rows)
    }

    public var passes: Int { 1 }

    public func accumulate(pass: Int, inputs: InputMixtures, gateGradients: MatrixView, piece: Int, of pieces: Int) {
        let columns = Shards.slice(piece, of: pieces, total: contributions.columns, unit: 16)
        let into = parameters.gradient(contributions).columns(columns), from = gateGradients.columns(columns)
        for r in learned.rows { into.row(Int(r)).update(repeating: 0, count: columns.count) }
        for r in 0..<from.rows {
            inputs.forEach(r) { index, weight in
                VectorMath.add(from.row(r), times: weight, to: into.row(index), count: columns.count)
            }
        }
    }
}
