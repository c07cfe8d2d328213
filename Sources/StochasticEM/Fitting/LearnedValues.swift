import Kernels
import Recurrence
import TopicSampling

/// All that was learned up to a moment, as plain values: they outlive the network and the counts that they come from.
struct LearnedValues: Sendable {
    /// The weights, laid out as the network's.
    private var weights: [Float]
    /// n_wk (V, K).
    private var table: [Int32]
    /// β, which may move as well.
    private var concentration: Float

    init(_ network: RecurrentNetwork, _ counts: TopicCounts) {
        weights = network.parameters.values.array
        table = counts.snapshot()
        concentration = counts.concentration
    }

    /// Puts the values into a network and counts of the same shapes.
    func put(into network: RecurrentNetwork, _ counts: TopicCounts) {
        network.parameters.values.base.update(from: weights, count: weights.count)
        counts.restore(table)
        counts.setConcentration(concentration)
    }

    func save(to state: inout StateWriter) {
        state.add("weights", weights)
        state.add("table", SparseTable(table))
        state.add("concentration", [concentration])
    }

    /// Network and counts: of the shapes that the values are to fit.
    init(from state: StateReader, _ network: RecurrentNetwork, _ counts: TopicCounts) throws {
        weights = try state.numbers("weights", count: network.parameters.count)
        table = try SparseTable(from: state.part("table"), cells: counts.items * counts.topics).dense
        concentration = try state.numbers("concentration", count: 1, in: .leastNormalMagnitude ... .greatestFiniteMagnitude)[0]
    }
}
