import Kernels

/// A table of embeddings, and the weights that take them to the gates: x·A + a with x a row of (rows, E).
///
/// The product of the whole table with A is made once a block: a step then copies rows.
public final class EmbeddingInput: InputTransform, @unchecked Sendable {
    public let embedding: Parameters.Slot  // (rows, E)
    public let projection: Parameters.Slot  // (E, 4H)
    public let bias: Parameters.Slot  // (1, 4H)
    private let parameters: Parameters
    /// (rows, 4H): embedding · projection + bias while a block runs forward, its gradient while it runs back.
    private let contributions: FloatBuffer
    private let contributionGradients: FloatBuffer
    /// (E): 0 for a unit that is dropped, else what keeps the mean; and the embeddings under it, (rows, E).
    private let mask: FloatBuffer
    private let masked: FloatBuffer

    public var rows: Int { embedding.rows }

    init(embedding: Parameters.Slot, projection: Parameters.Slot, bias: Parameters.Slot, parameters: Parameters) {
        self.embedding = embedding
        self.projection = projection
        self.bias = bias
        self.parameters = parameters
        contributions = FloatBuffer(count: embedding.rows * projection.columns)
        contributionGradients = FloatBuffer(count: embedding.rows * projection.columns)
        mask = FloatBuffer(count: embedding.columns)
        mask.base.update(repeating: 1, count: embedding.columns)
        masked = FloatBuffer(count: embedding.rows * embedding.columns)
    }

    private var gradients: MatrixView { contributionGradients.matrix(rows, projection.columns) }

    public func write(input: Int32, to gates: UnsafeMutablePointer<Float>) {
        gates.update(from: contributions.base + Int(input) * projection.columns, count: projection.columns)
    }

    public func drop(_ mask: DropoutMask?, key: UInt32) {
        if let mask {
            mask.fill(self.mask.base, count: self.mask.count, key: key)
        } else {
            self.mask.base.update(repeating: 1, count: self.mask.count)
        }
    }

    public func prepareBlock(piece: Int, of pieces: Int) {
        let mine = Shards.slice(piece, of: pieces, total: rows)
        let embeddings = parameters.value(embedding).rows(mine), kept = masked.matrix(rows, embedding.columns).rows(mine)
        for r in 0..<kept.rows { multiplyByMask(embeddings.row(r), into: kept.row(r)) }
        let into = contributions.matrix(rows, projection.columns).rows(mine)
        let bias = parameters.value(bias).base
        for r in 0..<into.rows { into.row(r).update(from: bias, count: into.columns) }
        GEMM.multiply(kept, parameters.value(projection), into: into, keep: 1)
    }

    public func accumulate(inputs: UnsafePointer<Int32>, gateGradients: MatrixView, piece: Int, of pieces: Int) {
        let columns = Shards.slice(piece, of: pieces, total: projection.columns, unit: 16)
        let into = gradients.columns(columns), from = gateGradients.columns(columns)
        let biasGradient = parameters.gradient(bias).base + columns.lowerBound
        biasGradient.update(repeating: 0, count: columns.count)
        for r in 0..<into.rows { into.row(r).update(repeating: 0, count: columns.count) }
        for r in 0..<from.rows { VectorMath.add(from.row(r), to: into.row(Int(inputs[r])), count: columns.count) }
        for r in 0..<into.rows { VectorMath.add(into.row(r), to: biasGradient, count: columns.count) }
        GEMM.multiply(
            masked.matrix(rows, embedding.columns), .transposed, into, .asIs, into: parameters.gradient(projection).columns(columns))
    }

    public func accumulateAfterwards(piece: Int, of pieces: Int) {
        let mine = Shards.slice(piece, of: pieces, total: rows)
        let into = parameters.gradient(embedding).rows(mine)
        GEMM.multiply(gradients.rows(mine), .asIs, parameters.value(projection), .transposed, into: into)
        for r in 0..<into.rows { multiplyByMask(into.row(r), into: into.row(r)) }
    }

    private func multiplyByMask(_ row: UnsafeMutablePointer<Float>, into: UnsafeMutablePointer<Float>) {
        for j in stride(from: 0, to: mask.count, by: 16) {
            let n = mask.count - j
            into.setLanes(j, row.lanes(j, count: n) * mask.base.lanes(j, count: n), count: n)
        }
    }
}
