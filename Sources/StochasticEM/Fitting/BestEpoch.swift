import Recurrence
import TopicSampling

/// Keeps what was best on validation.
struct BestEpoch {
    /// 0 where there is none yet, or none was better than what a warm start brought.
    private(set) var epoch = 0
    private(set) var perplexity = Double.infinity
    /// nil before the first offer.
    private(set) var values: LearnedValues?

    /// Takes a copy where this epoch is better than all before it.
    mutating func offer(_ perplexity: Double, epoch: Int, network: RecurrentNetwork, counts: TopicCounts) {
        guard perplexity < self.perplexity else { return }
        self.perplexity = perplexity
        self.epoch = epoch
        values = LearnedValues(network, counts)
    }

    /// Puts the best epoch's values back; without validation nothing was kept and the last epoch stands.
    func restore(network: RecurrentNetwork, counts: TopicCounts) { values?.put(into: network, counts) }

    func save(to state: inout StateWriter) {
        state.add("epoch", epoch)
        state.add("perplexity", perplexity)
        if let values { state.inside("values") { values.save(to: &$0) } }
    }

    init() {}

    /// Network and counts: of the shapes that the values are to fit.
    init(from state: StateReader, network: RecurrentNetwork, counts: TopicCounts) throws {
        epoch = try state.whole("epoch", in: 0...Int(Int32.max))
        perplexity = try state.number("perplexity")
        if state.has("values/weights") { values = try LearnedValues(from: state.part("values"), network, counts) }
    }
}
