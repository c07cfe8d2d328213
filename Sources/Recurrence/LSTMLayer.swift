import Kernels

/// A long short-term memory layer over a batch of rows.
///
///     (i f g o) = x_gates + s_{t-1} U,   c_t = σ(f) c_{t-1} + σ(i) tanh(g),   s_t = σ(o) tanh(c_t)
///
/// The input's part of the gates, bias included, is written by an ``InputTransform``
/// before; gates stand as i, f, g, o in blocks of H (PyTorch's order).
public final class LSTMLayer: RecurrentCell, @unchecked Sendable {
    public let layout: CellLayout
    /// U, (H, 4H).
    public let recurrent: Parameters.Slot
    private let parameters: Parameters
    private let products: any WeightProducts  // of U

    init(width: Int, recurrent: Parameters.Slot, parameters: Parameters, precision: Precision) {
        layout = CellKind.lstm.layout(hidden: width)
        self.recurrent = recurrent
        self.parameters = parameters
        products = precision.products.init(of: recurrent, inputs: width, keep: 1, parameters: parameters)
    }

    public func with(_ precision: Precision) -> any RecurrentCell {
        LSTMLayer(width: layout.hidden, recurrent: recurrent, parameters: parameters, precision: precision)
    }

    public func beginBlock(pieces: Int) { products.beginBlock(pieces: pieces) }

    public func prepareBlock(piece: Int, of pieces: Int) { products.prepareBlock(piece: piece, of: pieces) }

    /// Gates are left as σ(i), σ(f), tanh(g), σ(o).
    public func forward(_ rows: CellRows, shard: Int) {
        products.forward(rows.previousHidden, into: rows.gates, shard: shard)
        let h = layout.hidden
        for r in 0..<rows.gates.rows {
            let g = rows.gates.row(r)
            let before = rows.previousCell.row(r), c = rows.cell.row(r), squashed = rows.squashedCell.row(r), s = rows.hidden.row(r)
            for j in stride(from: 0, to: h, by: 16) {
                let n = h - j
                let i = Elementwise.sigmoid(g.lanes(j, count: n))
                let f = Elementwise.sigmoid(g.lanes(h + j, count: n))
                let candidate = Elementwise.tanh(g.lanes(2 * h + j, count: n))
                let o = Elementwise.sigmoid(g.lanes(3 * h + j, count: n))
                let now = f * before.lanes(j, count: n) + i * candidate
                let tanhNow = Elementwise.tanh(now)
                g.setLanes(j, i, count: n)
                g.setLanes(h + j, f, count: n)
                g.setLanes(2 * h + j, candidate, count: n)
                g.setLanes(3 * h + j, o, count: n)
                c.setLanes(j, now, count: n)
                squashed.setLanes(j, tanhNow, count: n)
                s.setLanes(j, o * tanhNow, count: n)
            }
        }
    }

    /// `carriedGradient` is that of c.
    public func backward(_ rows: CellRows, hiddenGradient: MatrixView, carriedGradient: MatrixView) {
        let h = layout.hidden
        for r in 0..<rows.gates.rows {
            let g = rows.gates.row(r)
            let before = rows.previousCell.row(r), squashed = rows.squashedCell.row(r)
            let ds = hiddenGradient.row(r), dc = carriedGradient.row(r)
            for j in stride(from: 0, to: h, by: 16) {
                let n = h - j
                let i = g.lanes(j, count: n), f = g.lanes(h + j, count: n)
                let candidate = g.lanes(2 * h + j, count: n), o = g.lanes(3 * h + j, count: n)
                let tanhNow = squashed.lanes(j, count: n), dHidden = ds.lanes(j, count: n)
                let dCell = dc.lanes(j, count: n) + dHidden * o * (1 - tanhNow * tanhNow)
                g.setLanes(j, dCell * candidate * i * (1 - i), count: n)
                g.setLanes(h + j, dCell * before.lanes(j, count: n) * f * (1 - f), count: n)
                g.setLanes(2 * h + j, dCell * i * (1 - candidate * candidate), count: n)
                g.setLanes(3 * h + j, dHidden * tanhNow * o * (1 - o), count: n)
                dc.setLanes(j, dCell * f, count: n)
            }
        }
    }

    public func hiddenGradient(_ gateGradients: MatrixView, addedTo previous: MatrixView, shard: Int) {
        products.back(gateGradients, into: previous, shard: shard)
    }

    /// dU ← Σ s_{t-1}ᵀ d gates.
    public func accumulate(previousHidden: MatrixView, gateGradients: MatrixView, piece: Int, of pieces: Int) {
        products.accumulate(previousHidden, gateGradients, piece: piece, of: pieces)
    }
}
