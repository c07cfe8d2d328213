import Kernels

/// A table of embeddings, and the weights that take them to the gates: x·A + a with x a row of (rows, E), or a mean of such rows. G: columns of the gates that the input takes, 4H for an LSTM.
///
/// The product of the rows in use with A is made once a block: a step then copies rows. All rows are in use unless a block
/// says which; those of a vocabulary are many, and a block reads few.
public final class EmbeddingInput: InputTransform, @unchecked Sendable {
    public let embedding: Parameters.Slot  // (rows, E)
    public let projection: Parameters.Slot  // (E, G)
    public let bias: Parameters.Slot  // (1, G)
    private let parameters: Parameters
    /// The n rows in use, and each one's place among them.
    private var active: [Int32]
    private var places: [Int32]
    /// (n, G): embedding · projection + bias while a block runs forward, its gradient while it runs back.
    private var contributions: FloatBuffer
    private var contributionGradients: FloatBuffer
    /// (E): 0 for a unit that is dropped, else what keeps the mean; and the embeddings in use under it, (n, E).
    private let mask: FloatBuffer
    private var masked: FloatBuffer

    public var rows: Int { embedding.rows }

    init(embedding: Parameters.Slot, projection: Parameters.Slot, bias: Parameters.Slot, parameters: Parameters) {
        self.embedding = embedding
        self.projection = projection
        self.bias = bias
        self.parameters = parameters
        active = (0..<embedding.rows).map { Int32($0) }
        places = active
        contributions = FloatBuffer(count: 0)
        contributionGradients = FloatBuffer(count: 0)
        masked = FloatBuffer(count: 0)
        mask = FloatBuffer(count: embedding.columns)
        mask.base.update(repeating: 1, count: embedding.columns)
    }

    /// (n, columns) of a buffer that holds at least as many rows.
    private func inUse(_ buffer: FloatBuffer, _ columns: Int) -> MatrixView { buffer.matrix(active.count, columns) }

    public func write(_ inputs: InputMixtures, row: Int, to gates: UnsafeMutablePointer<Float>) {
        VectorMath.mean(inputs, row: row, into: gates, count: projection.columns) { index in
            contributions.base + Int(places[index]) * projection.columns
        }
    }

    public func drop(_ mask: DropoutMask?, key: UInt32) {
        if let mask {
            mask.fill(self.mask.base, count: self.mask.count, key: key)
        } else {
            self.mask.base.update(repeating: 1, count: self.mask.count)
        }
    }

    public func use(rows: [Int32]) {
        active = rows
        for (place, row) in rows.enumerated() { places[Int(row)] = Int32(place) }
        parameters.touch(embedding, rows: rows)
    }

    public func beginBlock() {
        // Room grows to the most rows that any block reads.
        guard contributions.count < active.count * projection.columns else { return }
        contributions = FloatBuffer(count: active.count * projection.columns)
        contributionGradients = FloatBuffer(count: active.count * projection.columns)
        masked = FloatBuffer(count: active.count * embedding.columns)
    }

    public func prepareBlock(piece: Int, of pieces: Int) {
        let mine = Shards.slice(piece, of: pieces, total: active.count)
        let embeddings = parameters.value(embedding), kept = inUse(masked, embedding.columns).rows(mine)
        for r in 0..<kept.rows { multiplyByMask(embeddings.row(Int(active[mine.lowerBound + r])), into: kept.row(r)) }
        let into = inUse(contributions, projection.columns).rows(mine)
        let bias = parameters.value(bias).base
        for r in 0..<into.rows { into.row(r).update(from: bias, count: into.columns) }
        GEMM.multiply(kept, parameters.value(projection), into: into, keep: 1)
    }

    public func accumulate(inputs: InputMixtures, gateGradients: MatrixView, piece: Int, of pieces: Int) {
        let columns = Shards.slice(piece, of: pieces, total: projection.columns, unit: 16)
        let into = inUse(contributionGradients, projection.columns).columns(columns), from = gateGradients.columns(columns)
        let biasGradient = parameters.gradient(bias).base + columns.lowerBound
        biasGradient.update(repeating: 0, count: columns.count)
        for r in 0..<into.rows { into.row(r).update(repeating: 0, count: columns.count) }
        for r in 0..<from.rows {
            inputs.forEach(r) { index, weight in
                VectorMath.add(from.row(r), times: weight, to: into.row(Int(places[index])), count: columns.count)
            }
        }
        // Weights of a mean sum to 1, so the rows' gradients sum to the bias's.
        for r in 0..<into.rows { VectorMath.add(into.row(r), to: biasGradient, count: columns.count) }
        GEMM.multiply(
            inUse(masked, embedding.columns), .transposed, into, .asIs, into: parameters.gradient(projection).columns(columns))
    }

    public func accumulateAfterwards(piece: Int, of pieces: Int) {
        let mine = Shards.slice(piece, of: pieces, total: active.count)
        // The rows under the mask were read for the last time: their room takes the gradients.
        let into = inUse(masked, embedding.columns).rows(mine), gradient = parameters.gradient(embedding)
        GEMM.multiply(
            inUse(contributionGradients, projection.columns).rows(mine), .asIs, parameters.value(projection), .transposed, into: into)
        for r in 0..<into.rows { multiplyByMask(into.row(r), into: gradient.row(Int(active[mine.lowerBound + r]))) }
    }

    private func multiplyByMask(_ row: UnsafeMutablePointer<Float>, into: UnsafeMutablePointer<Float>) {
        for j in stride(from: 0, to: mask.count, by: 16) {
            let n = mask.count - j
            into.setLanes(j, row.lanes(j, count: n) * mask.base.lanes(j, count: n), count: n)
        }
    }
}
