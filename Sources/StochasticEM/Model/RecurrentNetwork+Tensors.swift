import Recurrence

extension RecurrentNetwork {
    /// All weights, each matrix under its name.
    package var tensors: [Tensor] {
        parameters.slots.map { slot in
            Tensor(
                slot.name, shape: [slot.rows, slot.columns],
                Array(UnsafeBufferPointer(start: parameters.value(slot).base, count: slot.count)))
        }
    }

    /// Takes on all weights.
    ///
    /// - Parameter weights: the numbers of the matrix of that name and shape.
    package func takeWeights(_ weights: (_ name: String, _ rows: Int, _ columns: Int) throws -> [Float]) rethrows {
        for slot in parameters.slots {
            parameters.value(slot).base.update(from: try weights(slot.name, slot.rows, slot.columns), count: slot.count)
        }
    }
}
