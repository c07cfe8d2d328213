import Kernels

/// A table of embeddings, and the weights that take them to the gates, multiplied as they are read: x·A + a with x the mean of a row's
/// embeddings.
///
/// For blocks that read fewer rows than the table has, and do not know which beforehand, as topics are drawn on the way: there
/// ``EmbeddingInput``, which multiplies the whole table once a block, would do most of its work for nobody. Parameters and sums are the
/// same; rounding differs.
final class EmbeddingsAsRead: InputTransform, @unchecked Sendable {
    private let embedding: Parameters.Slot  // (rows, E)
    private let projection: Parameters.Slot  // (E, G)
    private let bias: Parameters.Slot  // (1, G)
    private let parameters: Parameters
    /// (E): 0 for a unit that is dropped, else what keeps the mean.
    private let mask: FloatBuffer
    /// (R, E) at most: of each row of a tape the mean of its embeddings under the mask; on the way back its gradient.
    private let read: FloatBuffer
    /// Rows of the table that a block has taught something, each once, where those alone are learned.
    private var learned: RowSet

    var rows: Int { embedding.rows }
    var table: Parameters.Slot? { embedding }

    /// - Parameter most: R, rows that a tape has at most.
    init(embedding: Parameters.Slot, projection: Parameters.Slot, bias: Parameters.Slot, parameters: Parameters, most: Int) {
        (self.embedding, self.projection, self.bias, self.parameters) = (embedding, projection, bias, parameters)
        mask = FloatBuffer(count: embedding.columns)
        mask.base.update(repeating: 1, count: mask.count)
        read = FloatBuffer(count: most * embedding.columns)
        learned = RowSet(of: embedding.rows)
    }

    private func read(_ rows: Range<Int>) -> MatrixView {
        read.matrix(read.count / embedding.columns, embedding.columns).rows(rows)
    }

    func write(_ inputs: InputMixtures, row: Int, to gates: UnsafeMutablePointer<Float>) {
        write(inputs, rows: row..<row + 1, to: MatrixView(gates, rows: 1, columns: projection.columns))
    }

    func write(_ inputs: InputMixtures, rows: Range<Int>, to gates: MatrixView) {
        gather(inputs, rows)
        for r in 0..<gates.rows { gates.row(r).update(from: parameters.value(bias).base, count: projection.columns) }
        GEMM.multiply(read(rows), parameters.value(projection), into: gates, keep: 1)
    }

    private func gather(_ inputs: InputMixtures, _ rows: Range<Int>) {
        let values = parameters.value(embedding), means = read(rows)
        for (r, row) in rows.enumerated() {
            VectorMath.mean(inputs, row: row, into: means.row(r), count: embedding.columns) { values.row($0) }
            VectorMath.multiply(means.row(r), mask.base, into: means.row(r), count: embedding.columns)
        }
    }

    func prepare(for use: InputUse) {
        if case .learning(let units?, let key?) = use {
            units.fill(mask.base, count: mask.count, key: key)
        } else {
            mask.base.update(repeating: 1, count: mask.count)
        }
    }

    func twin() -> any InputTransform {
        EmbeddingsAsRead(
            embedding: embedding, projection: projection, bias: bias, parameters: parameters, most: read.count / embedding.columns)
    }

    /// Rows are read as they come.
    func use(rows: [Int32]) {}
    func beginBlock(pieces: Int) {}
    func prepareBlock(piece: Int, of pieces: Int) {}

    /// The means of the paths that were picked: rows of another tape than those that were written, where there were several copies.
    func nameLearned(_ inputs: InputMixtures) {
        gather(inputs, 0..<inputs.rows)
        guard parameters.isSparse(embedding) else { return }
        learned.removeAll()
        learned.insert(readBy: inputs)
        parameters.touch(embedding, rows: learned.rows)
    }

    var passes: Int { 3 }

    func accumulate(pass: Int, inputs: InputMixtures, gateGradients: MatrixView, piece: Int, of pieces: Int) {
        switch pass {
        case 0: accumulateWeights(gateGradients, piece: piece, of: pieces)
        case 1: takeBack(gateGradients, piece: piece, of: pieces)
        default: accumulateRows(inputs, piece: piece, of: pieces)
        }
    }

    /// dA ← Σ xᵀ d gates and da ← Σ d gates, the columns of a piece.
    private func accumulateWeights(_ gateGradients: MatrixView, piece: Int, of pieces: Int) {
        let columns = Shards.slice(piece, of: pieces, total: projection.columns, unit: 16)
        guard !columns.isEmpty else { return }
        let from = gateGradients.columns(columns), biasGradient = parameters.gradient(bias).base + columns.lowerBound
        biasGradient.update(repeating: 0, count: columns.count)
        for r in 0..<from.rows { VectorMath.add(from.row(r), to: biasGradient, count: columns.count) }
        GEMM.multiply(
            read(0..<from.rows), .transposed, from, .asIs, into: parameters.gradient(projection).columns(columns))
    }

    /// dx ← d gates Aᵀ under the mask, the rows of a piece: the means were read for the last time.
    private func takeBack(_ gateGradients: MatrixView, piece: Int, of pieces: Int) {
        let mine = Shards.slice(piece, of: pieces, total: gateGradients.rows), into = read(mine)
        GEMM.multiply(gateGradients.rows(mine), .asIs, parameters.value(projection), .transposed, into: into)
        for r in 0..<into.rows { VectorMath.multiply(into.row(r), mask.base, into: into.row(r), count: mask.count) }
    }

    /// Pieces share out the columns: of what a mean hands to its rows, no two pieces add to one place.
    private func accumulateRows(_ inputs: InputMixtures, piece: Int, of pieces: Int) {
        let columns = Shards.slice(piece, of: pieces, total: embedding.columns, unit: 16)
        guard !columns.isEmpty else { return }
        let into = parameters.gradient(embedding).columns(columns), from = read(0..<inputs.rows).columns(columns)
        if parameters.isSparse(embedding) {
            for index in learned.rows { into.row(Int(index)).update(repeating: 0, count: columns.count) }
        } else {
            for index in 0..<into.rows { into.row(index).update(repeating: 0, count: columns.count) }
        }
        for row in 0..<inputs.rows {
            inputs.forEach(row) { index, weight in
                VectorMath.add(from.row(row), times: weight, to: into.row(index), count: columns.count)
            }
        }
    }
}
