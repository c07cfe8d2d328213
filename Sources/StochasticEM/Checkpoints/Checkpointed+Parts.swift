import Kernels
import Recurrence
import TopicSampling

// What parts from other modules carry from block to block. Gradients, derived matrices and room to work in are made anew by each block.

/// The weights; the layout follows from the settings.
extension Parameters: Checkpointed {
    func save(to state: inout StateWriter) { state.add("values", values) }

    func restore(from state: StateReader) throws { try state.read("values", into: values) }
}

/// Both means, and how many steps they come from.
extension AdamOptimizer: Checkpointed {
    func save(to state: inout StateWriter) {
        state.add("mean", mean)
        state.add("square", square)
        state.add("steps", steps)
    }

    func restore(from state: StateReader) throws {
        try state.read("mean", into: mean)
        try state.read("square", into: square)
        steps = try state.whole("steps", in: 0...Int(Int64.max))
    }
}

/// n_wk and β. The counts are kept although they are those of some topics: of which, depends on the schedule and on where in it a
/// fit stands.
extension TopicCounts: Checkpointed {
    func save(to state: inout StateWriter) {
        state.add("table", SparseTable(snapshot()))
        state.add("concentration", [concentration])
    }

    func restore(from state: StateReader) throws {
        restore(try SparseTable(from: state.part("table"), cells: items * topics).dense)
        setConcentration(try state.numbers("concentration", count: 1, in: .leastNormalMagnitude ... .greatestFiniteMagnitude)[0])
    }
}

/// What each row is fed with.
extension InputMixtures {
    func save(to state: inout StateWriter) {
        state.add("indices", Array(UnsafeBufferPointer(start: indices, count: rows * entries)))
        state.add("weights", Array(UnsafeBufferPointer(start: weights, count: rows * entries)))
    }

    /// - Parameter table: rows of the input table.
    func restore(from state: StateReader, table: Int) throws {
        indices.update(from: try state.numbers("indices", count: rows * entries, in: 0...Int32(table - 1)), count: rows * entries)
        weights.update(from: try state.numbers("weights", count: rows * entries, as: Float.self), count: rows * entries)
    }
}

/// A table of counts, most of them zero, as the cells that are not: no more of them than there are events.
struct SparseTable: Checkpointed {
    private var places: [Int64] = []
    private var values: [Int32] = []
    private let cells: Int

    init(_ dense: [Int32]) {
        cells = dense.count
        for (place, value) in dense.enumerated() where value != 0 {
            places.append(Int64(place))
            values.append(value)
        }
    }

    /// - Parameter cells: how many there are, zeros included.
    init(from state: StateReader, cells: Int) throws {
        self.cells = cells
        try restore(from: state)
    }

    var dense: [Int32] {
        var dense = [Int32](repeating: 0, count: cells)
        for (place, value) in zip(places, values) { dense[Int(place)] = value }
        return dense
    }

    func save(to state: inout StateWriter) {
        state.add("places", places)
        state.add("values", values)
    }

    mutating func restore(from state: StateReader) throws {
        places = try state.numbers("places", count: nil, in: 0...Int64(cells - 1))
        values = try state.numbers("values", count: places.count, in: 0...Int32.max)
    }
}
