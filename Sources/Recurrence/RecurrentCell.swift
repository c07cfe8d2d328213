import Kernels

/// s_t from s_{t-1} and the input's part of the gates, over a batch of rows: the seam between kinds of recurrent layers.
///
/// The input's part, bias included, is written by an ``InputTransform`` before a step forward. What a step leaves in its rows is what
/// the step back reads; in which columns of the gates what stands, ``CellLayout`` says.
public protocol RecurrentCell: AnyObject, Sendable {
    /// In which columns of the gates what stands, and what a step hands on besides s.
    var layout: CellLayout { get }

    /// U: what s_{t-1} is multiplied by, (H, `layout.recurrent.count`).
    var recurrent: Parameters.Slot { get }

    /// The same weights, multiplied otherwise.
    func with(_ precision: Precision) -> any RecurrentCell

    /// Room for what the pieces and shards of a block do at the same time; alone.
    func beginBlock(pieces: Int)

    /// Work whose result all steps of a block share; `piece` of `pieces`, which may run at the same time.
    func prepareBlock(piece: Int, of pieces: Int)

    /// One step forward: the gates hold the input's part; they are left after their non-linearity, and all else is written.
    ///
    /// - Parameter shard: whose rows they are, below the block's pieces; shards may run at the same time.
    func forward(_ rows: CellRows, shard: Int)

    /// One step back: the gates are overwritten by their gradient before their non-linearity.
    ///
    /// - Parameters:
    ///   - hiddenGradient: (R, H), d loss / d s_t as far as it flows through what reads s_t and through the gates of t + 1.
    ///   - carriedGradient: (R, H), what flows back from t + 1 past its gates: into c_t, or into s_t itself. Overwritten by what flows
    ///     so into t - 1; zeros behind the last step.
    func backward(_ rows: CellRows, hiddenGradient: MatrixView, carriedGradient: MatrixView)

    /// d loss / d s_{t-1} (R, H) += what flows back through the gates' recurrent part, gradients as ``backward`` left them.
    func hiddenGradient(_ gateGradients: MatrixView, addedTo previous: MatrixView, shard: Int)

    /// The gradients of the layer's weights over all rows of a block, one piece of them: one product a block.
    func accumulate(previousHidden: MatrixView, gateGradients: MatrixView, piece: Int, of pieces: Int)
}

/// Some rows of a tape, as a cell's step reads and writes them.
public struct CellRows {
    /// (R, `CellLayout.width`): the input's part; then gates after their non-linearity; then their gradients.
    public let gates: MatrixView
    /// (R, H): s_{t-1}.
    public let previousHidden: MatrixView
    /// (R, H): s_t.
    public let hidden: MatrixView
    /// (R, `CellLayout.kept`): c_{t-1}, of cells that have one.
    public let previousCell: MatrixView
    /// (R, `CellLayout.kept`): c_t, of cells that have one.
    public let cell: MatrixView
    /// (R, `CellLayout.kept`): tanh c_t, of cells that have one.
    public let squashedCell: MatrixView

    /// Views of the same R rows. Whoever owns the memory has to outlive them.
    public init(
        gates: MatrixView, previousHidden: MatrixView, hidden: MatrixView, previousCell: MatrixView, cell: MatrixView,
        squashedCell: MatrixView
    ) {
        self.gates = gates
        self.previousHidden = previousHidden
        self.hidden = hidden
        self.previousCell = previousCell
        self.cell = cell
        self.squashedCell = squashedCell
    }
}

/// Where what stands in a row of gates.
public struct CellLayout: Sendable, Equatable {
    /// H.
    public let hidden: Int
    /// Floats of a row of gates.
    public let width: Int
    /// Columns that the input's part takes, from the first on. So it is with their gradients.
    public let input: Range<Int>
    /// Columns that s_{t-1} U is added to. So it is with their gradients.
    public let recurrent: Range<Int>
    /// Columns of the gate that keeps what was: its bias begins with 1, so that memory is kept at first.
    public let keeping: Range<Int>
    /// Floats of c: H, or 0 where s is all that a step hands on.
    public let kept: Int
}

/// Kinds of recurrent layers.
public enum CellKind: String, Codable, Sendable, CaseIterable {
    /// ``LSTMLayer``, ``GRULayer``, ``ElmanLayer``.
    case lstm, gru, elman

    /// - Parameter h: H.
    public func layout(hidden h: Int) -> CellLayout {
        switch self {
        case .lstm: CellLayout(hidden: h, width: 4 * h, input: 0..<4 * h, recurrent: 0..<4 * h, keeping: h..<2 * h, kept: h)
        case .gru: CellLayout(hidden: h, width: 4 * h, input: 0..<3 * h, recurrent: h..<4 * h, keeping: 2 * h..<3 * h, kept: 0)
        case .elman: CellLayout(hidden: h, width: h, input: 0..<h, recurrent: 0..<h, keeping: 0..<0, kept: 0)
        }
    }

    /// Whether its products can be made in a precision: rounded factors want sums that stand without gaps (`WeightProducts`).
    public func takes(_ precision: Precision) -> Bool { precision == .single || self != .gru }

    /// Weights of the layer besides U.
    public func biases(hidden h: Int) -> Int { self == .gru ? h : 0 }

    /// Makes room for the layer's weights. What a kind needs besides U stands right behind it.
    func slots(hidden h: Int, prefix: String = "", in layout: inout Parameters.Layout) -> CellSlots {
        let recurrent = layout.add(prefix + "recurrent", h, self.layout(hidden: h).recurrent.count)
        return CellSlots(kind: self, recurrent: recurrent, bias: self == .gru ? layout.add(prefix + "candidate_bias", 1, h) : nil)
    }
}

/// The room that a layer's weights have.
struct CellSlots {
    let kind: CellKind
    let recurrent: Parameters.Slot
    let bias: Parameters.Slot?

    /// The layer, its weights as they are.
    func layer(_ parameters: Parameters, precision: Precision) -> any RecurrentCell {
        let h = recurrent.rows
        switch kind {
        case .lstm: return LSTMLayer(width: h, recurrent: recurrent, parameters: parameters, precision: precision)
        case .elman: return ElmanLayer(width: h, recurrent: recurrent, parameters: parameters, precision: precision)
        case .gru:
            guard let bias else { preconditionFailure("its layout has room for the bias") }
            return GRULayer(width: h, recurrent: recurrent, bias: bias, parameters: parameters, precision: precision)
        }
    }
}
