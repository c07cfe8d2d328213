import Corpora
import StochasticEM

extension CorpusRecord {
    /// How logs become sequences for a model that was fitted so: sessions, repeats, short sequences and stop words are treated in the same way.
    ///
    /// - Throws: `LogError` for a share that is none.
    ///
    /// - Parameter observe: nil: as the fit did.
    func options(observe: Double? = nil) throws(LogError) -> CorpusOptions {
        let observe = observe ?? self.observe
        return try CorpusOptions(
            minCount: minCount, vocabularySize: vocabularySize, observe: observe, sessionGap: sessionGap, dropRepeats: dropRepeats,
            minLength: minLength ?? 0, stopWords: StopWords(stopWords ?? []))
    }
}
