import Corpora

extension Fit {
    /// Fits, and keeps of it what a search compares: the validation perplexity of the best epoch, nil where no epoch has one.
    ///
    /// - Parameter observe: as in `run`.
    public func bestPerplexity(_ corpus: Corpus, observe: (FitEvent) throws -> Void) throws -> Double? {
        var best: Double?
        do {
            _ = try run(corpus) { event in
                if case .epoch(let record) = event, let perplexity = record.validationPerplexity, perplexity < best ?? .infinity {
                    best = perplexity
                }
                try observe(event)
            }
        } catch is Divergence {
            // What the epochs before came to counts: a search goes on with other settings.
        }
        return best
    }
}

extension FitSettings {
    /// Events and sequences of a corpus that a fit keeps aside to tell when to stop; a function of seed and share alone, so that
    /// fits that differ in other settings can be compared on them.
    public func validation(of corpus: Corpus) -> (events: Int, sequences: Int) {
        let kept = ValidationSplit(corpus.training, share: validation, seed: seed).validation
        return (kept.knownEvents, kept.count)
    }
}
