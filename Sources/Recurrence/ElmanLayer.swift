import Kernels

/// The simple recurrent layer of Elman (1990) over a batch of rows: s_t = tanh(x + s_{t-1} U).
public final class ElmanLayer: RecurrentCell, @unchecked Sendable {
    public let layout: CellLayout
    /// U, (H, H).
    public let recurrent: Parameters.Slot
    private let parameters: Parameters
    private let products: any WeightProducts  // of U

    init(width: Int, recurrent: Parameters.Slot, parameters: Parameters, precision: Precision) {
        layout = CellKind.elman.layout(hidden: width)
        self.recurrent = recurrent
        self.parameters = parameters
        products = precision.products.init(of: recurrent, inputs: width, keep: 1, parameters: parameters)
    }

    public func with(_ precision: Precision) -> any RecurrentCell {
        ElmanLayer(width: layout.hidden, recurrent: recurrent, parameters: parameters, precision: precision)
    }

    public func beginBlock(pieces: Int) { products.beginBlock(pieces: pieces) }

    public func prepareBlock(piece: Int, of pieces: Int) { products.prepareBlock(piece: piece, of: pieces) }

    /// The gate is left as s_t.
    public func forward(_ rows: CellRows, shard: Int) {
        products.forward(rows.previousHidden, into: rows.gates, shard: shard)
        let h = layout.hidden
        for r in 0..<rows.gates.rows {
            let g = rows.gates.row(r), s = rows.hidden.row(r)
            for j in stride(from: 0, to: h, by: 16) {
                let now = Elementwise.tanh(g.lanes(j, count: h - j))
                g.setLanes(j, now, count: h - j)
                s.setLanes(j, now, count: h - j)
            }
        }
    }

    /// Nothing flows past the gate: `carriedGradient` stays zero.
    public func backward(_ rows: CellRows, hiddenGradient: MatrixView, carriedGradient: MatrixView) {
        let h = layout.hidden
        for r in 0..<rows.gates.rows {
            let g = rows.gates.row(r), ds = hiddenGradient.row(r)
            for j in stride(from: 0, to: h, by: 16) {
                let s = g.lanes(j, count: h - j)
                g.setLanes(j, ds.lanes(j, count: h - j) * (1 - s * s), count: h - j)
            }
        }
    }

    public func hiddenGradient(_ gateGradients: MatrixView, addedTo previous: MatrixView, shard: Int) {
        products.back(gateGradients, into: previous, shard: shard)
    }

    /// dU ← Σ s_{t-1}ᵀ d gate.
    public func accumulate(previousHidden: MatrixView, gateGradients: MatrixView, piece: Int, of pieces: Int) {
        products.accumulate(previousHidden, gateGradients, piece: piece, of: pieces)
    }
}
