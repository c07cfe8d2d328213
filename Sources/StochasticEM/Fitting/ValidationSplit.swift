import Corpora
import Kernels

/// Sequences set apart to tell when to stop: chosen by the seed, never trained on.
package struct ValidationSplit: Sendable {
    package let training: Corpus
    package let validation: Corpus

    /// - Parameter share: of the sequences with at least two known items; no more than leave two of those for training, which alone have an order to
    ///   learn from, and none that has more than half of the known events.
    package init(_ corpus: Corpus, share: Double, seed: UInt64) {
        var random = RandomStream(seed: seed, purpose: .validation)
        let ordered = (0..<corpus.count).filter { corpus.knownLength($0) > 1 }, events = corpus.knownEvents
        var candidates = ordered.filter { 2 * corpus.knownLength($0) <= events }
        candidates.shuffle(using: &random)
        let wanted = share > 0 ? max(1, Int((share * Double(ordered.count)).rounded())) : 0
        let held = Set(candidates.prefix(min(wanted, max(0, ordered.count - 2))))
        training = corpus.selecting((0..<corpus.count).filter { !held.contains($0) }).withItsUnknown
        validation = corpus.selecting(held.sorted()).withItsUnknown
    }
}
