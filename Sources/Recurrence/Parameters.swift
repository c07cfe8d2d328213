import Kernels

/// All weights of a network in one run of floats, with names.
///
/// One run means that the optimizer, the clipping of gradients, a checkpoint and a test
/// by finite differences each are one loop, whatever the network is made of.
public final class Parameters: @unchecked Sendable {
    /// A named (rows, columns) matrix inside the run.
    public struct Slot: Sendable {
        public let name: String
        public let rows: Int
        public let columns: Int
        public let offset: Int
        public var count: Int { rows * columns }
    }

    /// Hands out the slots before the memory exists.
    public struct Layout {
        public private(set) var slots: [Slot] = []
        public private(set) var count = 0

        public init() {}

        /// Room for a (rows, columns) matrix, aligned to 64 bytes.
        public mutating func add(_ name: String, _ rows: Int, _ columns: Int) -> Slot {
            let slot = Slot(name: name, rows: rows, columns: columns, offset: count)
            slots.append(slot)
            count += (slot.count + 15) / 16 * 16
            return slot
        }
    }

    public let slots: [Slot]
    public let values: FloatBuffer
    public let gradients: FloatBuffer

    public init(_ layout: Layout) {
        slots = layout.slots
        values = FloatBuffer(count: layout.count)
        gradients = FloatBuffer(count: layout.count)
    }

    /// Floats in the run, padding between slots included.
    public var count: Int { values.count }

    /// Weights that are learned.
    public var learned: Int { slots.reduce(0) { $0 + $1.count } }

    public func value(_ slot: Slot) -> MatrixView { values.matrix(slot.rows, slot.columns, from: slot.offset) }
    public func gradient(_ slot: Slot) -> MatrixView { gradients.matrix(slot.rows, slot.columns, from: slot.offset) }

    /// Uniform on ±bound, as PyTorch starts its recurrent layers (bound = 1/√H).
    public func drawUniform(_ slot: Slot, bound: Float, seed: UInt64) {
        var random = RandomStream(seed: seed, purpose: .parameters, sequence: slot.offset)
        let values = value(slot).base
        for i in 0..<slot.count { values[i] = (2 * random.uniform() - 1) * bound }
    }
}
