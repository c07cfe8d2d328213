import Corpora
import StochasticEM

extension ModelDescription {
    /// How logs become sequences for a model that was fitted so: sessions and repeats are treated in the same way.
    ///
    /// - Throws: `LogError` for a share that is none.
    func options(observe: Double) throws(LogError) -> CorpusOptions {
        try CorpusOptions(minCount: minCount, observe: observe, sessionGap: sessionGap, dropRepeats: dropRepeats)
    }
}
