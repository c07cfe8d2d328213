import Corpora
import StochasticEM

extension LogOptions {
    /// Reads logs as a model was fitted to its own, for what draws from them: with its vocabulary, what it makes of unknown items, and the
    /// rest as it was asked for then.
    ///
    /// - Parameter remedy: what to do about a log of which the model knows nothing, besides naming another column.
    /// - Throws: `Refusal` for such a log.
    func corpus(_ logs: [String], of model: any SequenceModel, _ record: any CorpusRecord, remedy: String) throws -> Corpus {
        let options = try record.options(observe: record.observe)
        let corpus = try corpus(fittedAs: record) {
            try Corpus.read(
                logs, vocabulary: model.vocabulary, unknown: model.unknownItems, layout: layout, options: options, badRows: $0)
        }
        guard corpus.knownEvents > 0 else {
            throw Refusal(
                code: ExitCodes.badData, place: LogArguments.place(of: logs), message: "no item is one that the model knows",
                remedy: "check --item, or \(remedy)")
        }
        return corpus
    }
}
