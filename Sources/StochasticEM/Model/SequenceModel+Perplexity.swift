import Corpora
import Kernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension SequenceModel {
    /// exp(−mean log p(w_t | past)) of all known items of sequences that were kept aside from a fit; infinite where there are none.
    package func perplexity(on corpus: Corpus, shards: Shards) -> Double {
        let known = corpus.knownEvents
        guard known > 0 else { return .infinity }
        // Summed in the order of the corpus, whichever thread scored first.
        return exp(-logProbabilities(of: corpus, first: [Int](repeating: 0, count: corpus.count), shards: shards).reduce(0, +) / Double(known))
    }
}
