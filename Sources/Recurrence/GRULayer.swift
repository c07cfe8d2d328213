import Kernels

/// A layer of gated recurrent units over a batch of rows, as PyTorch has it:
///
///     m = s_{t-1} U_n + b_n,   (r z) = x_rz + s_{t-1} U_rz,   n = tanh(x_n + σ(r) m),   s_t = (1 − σ(z)) n + σ(z) s_{t-1}
///
/// (Cho et al., 2014, with the reset gate behind the product with s_{t-1}, and a bias of its own there.)
/// Gates stand as n, r, z, m in blocks of H: the input's part takes the first three, s_{t-1} U the last three, each in one product.
public final class GRULayer: RecurrentCell, @unchecked Sendable {
    public let layout: CellLayout
    /// U, (H, 3H): for r, z and m.
    public let recurrent: Parameters.Slot
    /// b_n, (1, H).
    public let bias: Parameters.Slot
    private let parameters: Parameters
    private let products: any WeightProducts  // of U

    init(width: Int, recurrent: Parameters.Slot, bias: Parameters.Slot, parameters: Parameters, precision: Precision) {
        layout = CellKind.gru.layout(hidden: width)
        self.recurrent = recurrent
        self.bias = bias
        self.parameters = parameters
        products = precision.products.init(of: recurrent, inputs: width, keep: 1, parameters: parameters)
    }

    public func with(_ precision: Precision) -> any RecurrentCell {
        GRULayer(width: layout.hidden, recurrent: recurrent, bias: bias, parameters: parameters, precision: precision)
    }

    public func beginBlock(pieces: Int) { products.beginBlock(pieces: pieces) }

    public func prepareBlock(piece: Int, of pieces: Int) { products.prepareBlock(piece: piece, of: pieces) }

    /// Gates are left as n, σ(r), σ(z), m.
    public func forward(_ rows: CellRows, shard: Int) {
        let h = layout.hidden, bias = parameters.value(bias).base
        for r in 0..<rows.gates.rows { (rows.gates.row(r) + 3 * h).update(from: bias, count: h) }
        products.forward(rows.previousHidden, into: rows.gates.columns(layout.recurrent), shard: shard)
        for row in 0..<rows.gates.rows {
            let g = rows.gates.row(row), before = rows.previousHidden.row(row), s = rows.hidden.row(row)
            for j in stride(from: 0, to: h, by: 16) {
                let count = h - j
                let r = Elementwise.sigmoid(g.lanes(h + j, count: count)), z = Elementwise.sigmoid(g.lanes(2 * h + j, count: count))
                let n = Elementwise.tanh(g.lanes(j, count: count) + r * g.lanes(3 * h + j, count: count))
                g.setLanes(j, n, count: count)
                g.setLanes(h + j, r, count: count)
                g.setLanes(2 * h + j, z, count: count)
                s.setLanes(j, (1 - z) * n + z * before.lanes(j, count: count), count: count)
            }
        }
    }

    /// `carriedGradient` is what the update gate lets through to s_{t-1}.
    public func backward(_ rows: CellRows, hiddenGradient: MatrixView, carriedGradient: MatrixView) {
        let h = layout.hidden
        for row in 0..<rows.gates.rows {
            let g = rows.gates.row(row), before = rows.previousHidden.row(row)
            let ds = hiddenGradient.row(row), carried = carriedGradient.row(row)
            for j in stride(from: 0, to: h, by: 16) {
                let count = h - j
                let n = g.lanes(j, count: count), r = g.lanes(h + j, count: count)
                let z = g.lanes(2 * h + j, count: count), m = g.lanes(3 * h + j, count: count)
                let dHidden = ds.lanes(j, count: count) + carried.lanes(j, count: count)
                let dCandidate = dHidden * (1 - z) * (1 - n * n)
                g.setLanes(j, dCandidate, count: count)
                g.setLanes(h + j, dCandidate * m * r * (1 - r), count: count)
                g.setLanes(2 * h + j, dHidden * (before.lanes(j, count: count) - n) * z * (1 - z), count: count)
                g.setLanes(3 * h + j, dCandidate * r, count: count)
                carried.setLanes(j, dHidden * z, count: count)
            }
        }
    }

    public func hiddenGradient(_ gateGradients: MatrixView, addedTo previous: MatrixView, shard: Int) {
        products.back(gateGradients.columns(layout.recurrent), into: previous, shard: shard)
    }

    /// dU ← Σ s_{t-1}ᵀ d(r z m), db_n ← Σ dm.
    public func accumulate(previousHidden: MatrixView, gateGradients: MatrixView, piece: Int, of pieces: Int) {
        products.accumulate(previousHidden, gateGradients.columns(layout.recurrent), piece: piece, of: pieces)
        let h = layout.hidden, mine = Shards.slice(piece, of: pieces, total: h, unit: 16)
        let sum = parameters.gradient(bias).base + mine.lowerBound
        sum.update(repeating: 0, count: mine.count)
        let of = gateGradients.columns(3 * h + mine.lowerBound..<3 * h + mine.upperBound)
        for r in 0..<of.rows { VectorMath.add(of.row(r), to: sum, count: mine.count) }
    }
}
