import Kernels

/// An input that reads names besides: rows behind those of another, which were made from the spelling of what that does not know.
///
/// For reading alone: nothing is learned from it.
final class NamedInput: InputTransform, @unchecked Sendable {
    private let base: any InputTransform
    private let contributions: MatrixView  // (n, G)
    private let buffer: FloatBuffer

    /// - Parameter contributions: to the gates, of each name, `width` floats.
    init(_ base: any InputTransform, contributions buffer: FloatBuffer, names: Int) {
        self.base = base
        self.buffer = buffer
        contributions = buffer.matrix(names, names == 0 ? 0 : buffer.count / names)
    }

    var rows: Int { base.rows }
    var table: Parameters.Slot? { base.table }
    var spelled: SpelledRows? { base.spelled }

    func write(_ inputs: InputMixtures, row: Int, to gates: UnsafeMutablePointer<Float>) {
        let index = Int(inputs.indices[row * inputs.entries])
        guard index >= base.rows else { return base.write(inputs, row: row, to: gates) }
        gates.update(from: contributions.row(index - base.rows), count: contributions.columns)
    }

    func prepare(for use: InputUse) { base.prepare(for: use) }
    func use(rows: [Int32]) { base.use(rows: rows) }
    func beginBlock(pieces: Int) { base.beginBlock(pieces: pieces) }
    func prepareBlock(piece: Int, of pieces: Int) { base.prepareBlock(piece: piece, of: pieces) }
    var passes: Int { base.passes }

    func accumulate(pass: Int, inputs: InputMixtures, gateGradients: MatrixView, piece: Int, of pieces: Int) {
        preconditionFailure("nothing is learned from what is no item")
    }

    func twin() -> any InputTransform {
        NamedInput(base.twin(), contributions: buffer, names: contributions.rows)
    }

    func reading(_ names: [String], shards: Shards) -> any InputTransform { base.reading(names, shards: shards) }
}
