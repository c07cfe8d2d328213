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
        nonisolated(unsafe) let scores = UnsafeMutablePointer<Double>.allocate(capacity: corpus.items.count)
        scores.initialize(repeating: 0, count: corpus.items.count)
        defer { scores.deallocate() }
        read(corpus, first: [Int](repeating: 0, count: corpus.count), shards: shards) { seen in
            for row in seen.sequences.indices {
                guard let item = seen.items[row] else { continue }
                scores[corpus.starts[seen.sequences[row]] + seen.positions[row]] =
                    log(Double(max(seen.probabilities.row(row)[item], .leastNormalMagnitude)))
            }
        }
        // Summed in the order of the corpus, whichever thread scored first.
        return exp(-(0..<corpus.items.count).reduce(0) { $0 + scores[$1] } / Double(known))
    }
}
