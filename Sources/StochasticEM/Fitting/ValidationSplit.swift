import Corpora
import Kernels

/// Sequences set apart to tell when to stop: chosen by the seed, never trained on.
package struct ValidationSplit: Sendable {
    package let training: Corpus
    package let validation: Corpus

    /// - Parameter share: of the sequences with at least two known items; no more than leave two for training.
    package init(_ corpus: Corpus, share: Double, seed: UInt64) {
        var random = RandomStream(seed: seed, purpose: .validation)
        var candidates = (0..<corpus.count).filter { corpus.knownLength($0) > 1 }
        candidates.shuffle(using: &random)
        let wanted = share > 0 ? max(1, Int((share * Double(candidates.count)).rounded())) : 0
        let held = Set(candidates.prefix(min(wanted, max(0, corpus.count - 2))))
        training = corpus.selecting((0..<corpus.count).filter { !held.contains($0) }).withItsUnknown
        validation = corpus.selecting(held.sorted()).withItsUnknown
    }
}
