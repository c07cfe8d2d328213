import Kernels
import Recurrence
import TopicSampling

/// Keeps what was best on validation.
struct BestEpoch {
    private(set) var epoch = 0
    private(set) var perplexity = Double.infinity
    private var parameters: [Float] = []
    private var table: [Int32] = []
    /// β, which may have moved since.
    private var concentration: Float?

    /// Takes a copy where this epoch is better than all before it.
    mutating func offer(_ perplexity: Double, epoch: Int, network: RecurrentNetwork, counts: TopicCounts) {
        guard perplexity < self.perplexity else { return }
        self.perplexity = perplexity
        self.epoch = epoch
        parameters = network.parameters.values.array
        table = counts.snapshot()
        concentration = counts.concentration
    }

    /// Puts the best epoch's values back; without validation nothing was kept and the last epoch stands.
    func restore(network: RecurrentNetwork, counts: TopicCounts) {
        guard epoch > 0 else { return }
        for (i, value) in parameters.enumerated() { network.parameters.values.base[i] = value }
        counts.restore(table)
        if let concentration { counts.setConcentration(concentration) }
    }
}
