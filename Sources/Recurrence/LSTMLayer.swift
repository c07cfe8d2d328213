import Kernels

/// A long short-term memory layer over a batch of rows.
///
///     (i f g o) = x_gates + s_{t-1} U,   c_t = σ(f) c_{t-1} + σ(i) tanh(g),   s_t = σ(o) tanh(c_t)
///
/// The input's part of the gates, bias included, is written by an ``InputTransform``
/// before; gates stand as i, f, g, o in blocks of H (PyTorch's order).
public final class LSTMLayer: @unchecked Sendable {
    /// H.
    public let width: Int
    public let recurrent: Parameters.Slot  // (H, 4H)
    private let parameters: Parameters
    private let products: any WeightProducts  // of U

    init(width: Int, recurrent: Parameters.Slot, parameters: Parameters, precision: Precision) {
        self.width = width
        self.recurrent = recurrent
        self.parameters = parameters
        products = precision.products.init(of: recurrent, inputs: width, keep: 1, parameters: parameters)
    }

    /// The same weights, multiplied otherwise.
    func with(_ precision: Precision) -> LSTMLayer {
        LSTMLayer(width: width, recurrent: recurrent, parameters: parameters, precision: precision)
    }

    /// Room for what the pieces and shards of a block do at the same time; alone.
    func beginBlock(pieces: Int) { products.beginBlock(pieces: pieces) }

    /// Work whose result all steps of a block share; `piece` of `pieces`.
    func prepareBlock(piece: Int, of pieces: Int) { products.prepareBlock(piece: piece, of: pieces) }

    /// One step forward.
    ///
    /// - Parameters:
    ///   - gates: (R, 4H), holding the input's part; left as σ(i), σ(f), tanh(g), σ(o).
    ///   - previousHidden, previousCell: (R, H).
    ///   - cell, squashedCell, hidden: (R, H), written: c_t, tanh c_t, s_t.
    ///   - shard: whose rows they are, below the block's pieces.
    public func forward(
        gates: MatrixView, previousHidden: MatrixView, previousCell: MatrixView,
        cell: MatrixView, squashedCell: MatrixView, hidden: MatrixView, shard: Int
    ) {
        products.forward(previousHidden, into: gates, shard: shard)
        let h = width
        for r in 0..<gates.rows {
            let g = gates.row(r)
            let before = previousCell.row(r), c = cell.row(r), squashed = squashedCell.row(r), s = hidden.row(r)
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

    /// One step back.
    ///
    /// - Parameters:
    ///   - gates: (R, 4H) as ``forward`` left them; overwritten by the gradient of the gates before their non-linearity.
    ///   - hiddenGradient: (R, H), d loss / d s_t.
    ///   - cellGradient: (R, H), what flows back into c_t from t + 1; overwritten by what flows into c_{t-1}.
    func backward(
        gates: MatrixView, previousCell: MatrixView, squashedCell: MatrixView,
        hiddenGradient: MatrixView, cellGradient: MatrixView
    ) {
        let h = width
        for r in 0..<gates.rows {
            let g = gates.row(r)
            let before = previousCell.row(r), squashed = squashedCell.row(r)
            let ds = hiddenGradient.row(r), dc = cellGradient.row(r)
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

    /// d loss / d s_{t-1} (R, H) += what flows back through the gates, (R, 4H) as ``backward`` left them.
    func hiddenGradient(_ gateGradients: MatrixView, addedTo previous: MatrixView, shard: Int) {
        products.back(gateGradients, into: previous, shard: shard)
    }

    /// dU ← Σ s_{t-1}ᵀ d gates over all rows of a block, the columns of one piece: one product a block.
    func accumulate(previousHidden: MatrixView, gateGradients: MatrixView, piece: Int, of pieces: Int) {
        products.accumulate(previousHidden, gateGradients, piece: piece, of: pieces)
    }
}
