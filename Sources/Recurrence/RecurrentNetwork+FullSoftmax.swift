import Kernels

extension RecurrentNetwork {
    /// The same function with a softmax layer that learns all classes, which is how models are kept; itself where it is that already.
    public func withFullSoftmax() -> RecurrentNetwork {
        guard let sampled = output as? SampledSoftmaxLayer else { return self }
        var full = shape
        full.negatives = nil
        let copy = RecurrentNetwork(full, spelling: spelling, seed: 0)
        for slot in copy.parameters.slots {
            let to = copy.parameters.value(slot)
            switch slot.name {
            case "output": VectorMath.transpose(sampled.classRows.columns(0..<shape.hidden), into: to)
            case "output_bias": VectorMath.transpose(sampled.classRows.columns(shape.hidden..<shape.hidden + 1), into: to)
            default:
                guard let from = parameters.slots.first(where: { $0.name == slot.name }) else {
                    preconditionFailure("both have the same layers but for the last")
                }
                to.base.update(from: parameters.value(from).base, count: slot.count)
            }
        }
        return copy
    }

    /// The other way round: the weights of a full softmax layer, class by class.
    func takeClassRows(from other: RecurrentNetwork) {
        guard let sampled = output as? SampledSoftmaxLayer, let full = other.output as? SoftmaxLayer else {
            preconditionFailure("both have the same layers but for the last")
        }
        let rows = sampled.classRows
        VectorMath.transpose(other.parameters.value(full.weights), into: rows.columns(0..<shape.hidden))
        VectorMath.transpose(other.parameters.value(full.bias), into: rows.columns(shape.hidden..<shape.hidden + 1))
    }
}
