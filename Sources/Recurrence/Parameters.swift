import Kernels

/// All weights of a network in one run of floats, with names.
///
/// One run means that the optimizer, the clipping of gradients, a checkpoint and a test
/// by finite differences each are one loop, whatever the network is made of.
public final class Parameters: @unchecked Sendable {
    /// A named (rows, columns) matrix inside the run.
    public struct Slot: Sendable {
        /// Names the matrix in model files; no two in a run are alike.
        public let name: String
        /// Rows of the matrix.
        public let rows: Int
        /// Columns of the matrix, and floats from one row to the next.
        public let columns: Int
        /// Floats before it in the run: a multiple of 16, unless it stands under another.
        public let offset: Int
        /// Weights in the matrix, padding left out.
        public var count: Int { rows * columns }
    }

    /// Hands out the slots before the memory exists.
    public struct Layout {
        /// In the order in which they were added.
        public private(set) var slots: [Slot] = []
        /// Floats handed out so far, padding between slots included.
        public private(set) var count = 0

        /// No slots yet.
        public init() {}

        /// Room for a (rows, columns) matrix, aligned to 64 bytes.
        public mutating func add(_ name: String, _ rows: Int, _ columns: Int) -> Slot {
            let slot = Slot(name: name, rows: rows, columns: columns, offset: count)
            slots.append(slot)
            count += (slot.count + 15) / 16 * 16
            return slot
        }

        /// Room for two matrices of which the second, a single row, stands under the first: one matrix of rows + 1 for whoever
        /// multiplies, two names for whoever reads a model.
        public mutating func add(_ name: String, _ rows: Int, _ columns: Int, above last: String) -> (both: Slot, first: Slot, last: Slot) {
            let both = Slot(name: name, rows: rows + 1, columns: columns, offset: count)
            let first = Slot(name: name, rows: rows, columns: columns, offset: count)
            let row = Slot(name: last, rows: 1, columns: columns, offset: count + rows * columns)
            slots += [first, row]
            count += (both.count + 15) / 16 * 16
            return (both, first, row)
        }
    }

    /// In the order of the layout.
    public let slots: [Slot]
    /// The weights, laid out by `slots`.
    public let values: FloatBuffer
    /// The loss's gradient in each weight, laid out as `values`; each block's pass back overwrites it.
    public let gradients: FloatBuffer

    /// The slots of which a block touches a few rows only, if there are any: the last of the run.
    public let sparse: [Slot]
    /// For each of `sparse` the rows whose gradients the block at hand leaves, each once; no other row of it is learned.
    public private(set) var touched: [[Int32]]
    /// Floats of the run before `sparse`: those whose gradients are always there.
    public var dense: Int { sparse.first?.offset ?? count }

    /// Makes room for what the layout handed out, all zeros.
    ///
    /// - Parameter sparse: the last slots of the layout, in its order, where they are to be learned row by row.
    public init(_ layout: Layout, sparse: [Slot] = []) {
        self.sparse = sparse
        touched = sparse.map { _ in [] }
        slots = layout.slots
        values = FloatBuffer(count: layout.count)
        gradients = FloatBuffer(count: layout.count)
    }

    /// Floats in the run, padding between slots included.
    public var count: Int { values.count }

    /// Weights that are learned.
    public var learned: Int { slots.reduce(0) { $0 + $1.count } }

    /// The weights of a slot, (rows, columns). Valid for as long as the parameters live.
    public func value(_ slot: Slot) -> MatrixView { values.matrix(slot.rows, slot.columns, from: slot.offset) }
    /// Their gradient, in the same shape.
    public func gradient(_ slot: Slot) -> MatrixView { gradients.matrix(slot.rows, slot.columns, from: slot.offset) }

    /// Whether a slot is learned row by row.
    public func isSparse(_ slot: Slot) -> Bool { sparse.contains { $0.offset == slot.offset } }

    /// Names the rows of a slot whose gradients the block at hand leaves. A slot that is always learned as a whole takes no notice.
    public func touch(_ slot: Slot, rows: [Int32]) {
        guard let place = sparse.firstIndex(where: { $0.offset == slot.offset }) else { return }
        touched[place] = rows
    }

    /// Uniform on ±bound, as PyTorch starts its recurrent layers (bound = 1/√H).
    public func drawUniform(_ slot: Slot, bound: Float, seed: UInt64) {
        var random = RandomStream(seed: seed, purpose: .parameters, sequence: slot.offset)
        let values = value(slot).base
        for i in 0..<slot.count { values[i] = (2 * random.uniform() - 1) * bound }
    }
}
