import Kernels

/// Embeddings, and the weights that take them to the gates: x·A + a with x one of the rows (·, E), or a mean of such rows.
/// G: columns of the gates that the input takes, 4H for an LSTM.
///
/// The product of the rows in use with A is made once a block: a step then copies rows. All rows are in use unless a block
/// says which; those of a vocabulary are many, and a block reads few.
public final class EmbeddingInput: InputTransform, @unchecked Sendable {
    /// Where embeddings come from.
    public let source: any EmbeddingRows
    /// A, (E, G).
    public let projection: Parameters.Slot
    /// a, (1, G).
    public let bias: Parameters.Slot
    private let parameters: Parameters
    /// How many rows are in use, and each one's place among them.
    private var active: Int
    private var places: [Int32]
    private var use = InputUse.learning()
    /// (n, G): embedding · projection + bias while a block runs forward, its gradient while it runs back.
    private var contributions: FloatBuffer
    private var contributionGradients: FloatBuffer
    /// (E): 0 for a unit that is dropped, else what keeps the mean; and the embeddings in use under it, (n, E).
    private let mask: FloatBuffer
    private var masked: FloatBuffer

    public var rows: Int { source.count }
    public var table: Parameters.Slot? { source.table }
    public var spelled: SpelledRows? { source.spelled }

    init(rows source: any EmbeddingRows, projection: Parameters.Slot, bias: Parameters.Slot, parameters: Parameters) {
        self.source = source
        self.projection = projection
        self.bias = bias
        self.parameters = parameters
        active = source.count
        places = (0..<source.count).map { Int32($0) }
        contributions = FloatBuffer(count: 0)
        contributionGradients = FloatBuffer(count: 0)
        masked = FloatBuffer(count: 0)
        mask = FloatBuffer(count: source.width)
        mask.base.update(repeating: 1, count: mask.count)
    }

    /// (n, columns) of a buffer that holds at least as many rows.
    private func inUse(_ buffer: FloatBuffer, _ columns: Int) -> MatrixView { buffer.matrix(active, columns) }

    public func write(_ inputs: InputMixtures, row: Int, to gates: UnsafeMutablePointer<Float>) {
        VectorMath.mean(inputs, row: row, into: gates, count: projection.columns) { index in
            contributions.base + Int(places[index]) * projection.columns
        }
    }

    public func prepare(for use: InputUse) {
        source.prepare(for: use)
        self.use = use
        if case .learning(let units?, let key?) = use {
            units.fill(mask.base, count: mask.count, key: key)
        } else {
            mask.base.update(repeating: 1, count: mask.count)
        }
    }

    public func use(rows: [Int32]) {
        active = rows.count
        for (place, row) in rows.enumerated() { places[Int(row)] = Int32(place) }
        source.use(rows: rows)
    }

    public func beginBlock(pieces: Int) {
        source.beginBlock(pieces: pieces)
        // Room grows to the most rows that any block reads.
        if contributions.count < active * projection.columns {
            contributions = FloatBuffer(count: active * projection.columns)
            masked = FloatBuffer(count: active * source.width)
        }
        guard case .learning = use, contributionGradients.count < contributions.count else { return }
        contributionGradients = FloatBuffer(count: contributions.count)
    }

    public func prepareBlock(piece: Int, of pieces: Int) {
        let mine = Shards.slice(piece, of: pieces, total: active)
        let kept = inUse(masked, source.width).rows(mine)
        source.write(mine, into: kept, piece: piece)
        for r in 0..<kept.rows { VectorMath.multiply(kept.row(r), mask.base, into: kept.row(r), count: mask.count) }
        multiply(kept, into: inUse(contributions, projection.columns).rows(mine))
    }

    /// x·A + a.
    private func multiply(_ embeddings: MatrixView, into: MatrixView) {
        let bias = parameters.value(bias).base
        for r in 0..<into.rows { into.row(r).update(from: bias, count: into.columns) }
        GEMM.multiply(embeddings, parameters.value(projection), into: into, keep: 1)
    }

    public var passes: Int { 2 + source.passes }

    public func accumulate(pass: Int, inputs: InputMixtures, gateGradients: MatrixView, piece: Int, of pieces: Int) {
        switch pass {
        case 0: accumulateWeights(inputs: inputs, gateGradients: gateGradients, piece: piece, of: pieces)
        case 1: accumulateRows(piece: piece, of: pieces)
        default: source.accumulate(pass: pass - 2, piece: piece, of: pieces)
        }
    }

    private func accumulateWeights(inputs: InputMixtures, gateGradients: MatrixView, piece: Int, of pieces: Int) {
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
            inUse(masked, source.width), .transposed, into, .asIs, into: parameters.gradient(projection).columns(columns))
    }

    private func accumulateRows(piece: Int, of pieces: Int) {
        let mine = Shards.slice(piece, of: pieces, total: active)
        // The rows under the mask were read for the last time: their room takes the gradients.
        let into = inUse(masked, source.width).rows(mine)
        GEMM.multiply(
            inUse(contributionGradients, projection.columns).rows(mine), .asIs, parameters.value(projection), .transposed, into: into)
        for r in 0..<into.rows { VectorMath.multiply(into.row(r), mask.base, into: into.row(r), count: mask.count) }
        source.takeGradients(mine, into)
    }

    public func twin() -> any InputTransform {
        EmbeddingInput(rows: source.twin(), projection: projection, bias: bias, parameters: parameters)
    }

    public func reading(_ names: [String], shards: Shards) -> any InputTransform {
        guard let rows = source.rows(spelling: names, shards: shards) else { return self }
        let added = FloatBuffer(count: names.count * projection.columns)
        multiply(rows.matrix(names.count, source.width), into: added.matrix(names.count, projection.columns))
        return NamedInput(self, contributions: added, names: names.count)
    }

    public func learning(_ names: [String]) -> any InputTransform {
        guard let rows = source.learning(names) else { return self }
        return EmbeddingInput(rows: rows, projection: projection, bias: bias, parameters: parameters)
    }

    public func reading(atMost rows: Int) -> any InputTransform {
        guard rows < source.count, let table = source.table else { return self }
        return EmbeddingsAsRead(embedding: table, projection: projection, bias: bias, parameters: parameters, most: rows)
    }
}
