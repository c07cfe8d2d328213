import Recurrence

/// Keeps the weights that were best on validation, and tells when to stop.
package struct BestWeights {
    /// Of the best epoch; infinite before the first offer, or where nothing is kept aside.
    package private(set) var perplexity = Double.infinity
    private var epoch = 0
    private var last = 0
    private var weights: [Float] = []

    package init() {}

    /// Takes a copy where this epoch is better than all before it.
    ///
    /// - Parameter perplexity: nil where nothing is kept aside; then the last epoch is the best.
    package mutating func offer(_ perplexity: Double?, epoch: Int, _ parameters: Parameters) {
        last = epoch
        guard let perplexity else {
            self.epoch = epoch
            return
        }
        guard perplexity < self.perplexity else { return }
        (self.perplexity, self.epoch, weights) = (perplexity, epoch, parameters.values.array)
    }

    /// Whether so many epochs were no better.
    package func isOver(patience: Int) -> Bool { last - epoch >= patience }

    /// Puts the best epoch's weights back.
    package func restore(_ parameters: Parameters) {
        if !weights.isEmpty { parameters.values.base.update(from: weights, count: weights.count) }
    }
}
