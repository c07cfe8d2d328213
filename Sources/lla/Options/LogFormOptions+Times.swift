import Corpora
import StochasticEM

/// Whether a log says when its events were, and whether the log of the model that reads it did: said on standard error, since a log without
/// times may be in order as it stands.
extension LogFormOptions {
    /// Reads logs into a corpus, and says what is odd about their times.
    ///
    /// - Parameter record: of the model that reads them, or that a fit goes on from; nil where a fit begins.
    func corpus(fittedAs record: (any CorpusRecord)?, _ read: (BadRows) throws -> Corpus) throws -> Corpus {
        let corpus = try reading(read)
        warn(of: corpus.times, fittedAs: record)
        return corpus
    }

    /// The same for logs that are read in another way.
    func warn(of times: LogTimes?, fittedAs record: (any CorpusRecord)?) {
        guard let times, let words = Self.warning(of: times, fittedAs: record) else { return }
        StandardError.shared.line("lla: warning: \(words)")
    }

    private static func warning(of times: LogTimes, fittedAs record: (any CorpusRecord)?) -> String? {
        guard let record else { return times.warning }
        // A model of before this was kept: nobody knows.
        guard let hadTimes = record.hasTimes, hadTimes != times.areThere else { return nil }
        guard case .fileOrder(let unread) = times else {
            return "the model was fitted on events in the order of their file, and those of this log are read in the order of their times; "
                + "fit it again with --time if its log has times"
        }
        return "the model was fitted on events in the order of their times, and those of this log, which has no column \"time\", are read in the order of "
            + "the file: \(TimeNames.option(for: unread) ?? "name the column of times with --time if there is one")"
    }
}
