import ArgumentParser
import Corpora
import Evaluation
import StochasticEM

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Say how well a model expects what comes next in a log.",
        discussion: """
            What lies behind the observed share of each sequence is scored, each event
            given all events before it: by perplexity, and by the rank of the item that
            came among all items.

              lla fit clicks.tsv -o clicks.model --observe 0.6
              lla evaluate clicks.model clicks.tsv

            A model that was fitted on whole sequences has seen all of them: it can be
            scored on a log of others alone, with --observe.

              lla evaluate clicks.model newcomers.tsv --observe 0.6
            """)

    @OptionGroup var input: ModelArgument
    @OptionGroup var logs: LogArguments

    @Option(help: ArgumentHelp(
        "The share of each sequence, from its start, that is not scored. (default: what the model was fitted on)", valueName: "share"))
    var observe: Double?

    @Flag(help: "Leave recall and mrr out: they take all items' probabilities, which is most of the work where topics and items are many.")
    var withoutRanking = false

    @Flag(help: "Write JSON.")
    var json = false

    @OptionGroup(title: "Log") var log: LogOptions
    @OptionGroup var filter: FilterOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var memory: MemoryOptions

    func run() throws {
        // A share that is none is refused before the model, which may be large, is read.
        if let observe { _ = try CorpusOptions(observe: observe) }
        let stored = try filter.load(input.model, memory: memory), model = stored.model
        let options = try stored.corpus.options(observe: observe ?? stored.corpus.observe)
        let corpus = try log.corpus(fittedAs: stored.corpus) {
            try Corpus.read(
                logs.logs, vocabulary: model.vocabulary, unknown: model.unknownItems, layout: log.layout, options: options, badRows: $0)
        }
        let observed = observe ?? stored.corpus.observe
        let evaluator = Evaluator(shards: threads.shards)
        let report = withoutRanking ? evaluator.evaluateWithoutRanking(model, on: corpus) : evaluator.evaluate(model, on: corpus)
        guard report.perplexity.tokens > 0 else { throw nothingToScore(corpus, observed: observed, fitted: stored.corpus.observe) }
        if observed < stored.corpus.observe { warn(observed: observed, fitted: stored.corpus.observe) }
        if json { return try StandardOutput.write(line: report) }
        try StandardOutput.write(table(report))
    }

    /// What is scored may be what the model learned from. It does not say of which log it is, so that nobody can know.
    private func warn(observed: Double, fitted: Double) {
        StandardError.shared.line(
            "lla: warning: the model was fitted with --observe \(fitted): if this is the log that it was fitted on, it learned from events that are scored "
                + "here, behind \(observed) of each sequence, and looks better than it is (fit with --observe \(observed), or name a log of other users)")
    }

    /// - Parameters:
    ///   - observed: share of each sequence that is not scored.
    ///   - fitted: the one that the model was fitted on.
    private func nothingToScore(_ corpus: Corpus, observed: Double, fitted: Double) -> Refusal {
        if corpus.outOfVocabulary > 0 {
            return Refusal(
                code: ExitCodes.badData, place: logs.place, message: "no item behind the observed share of a sequence is one that the model knows",
                remedy: "check --item, or fit a model on such a log")
        }
        return Refusal(
            code: ExitCodes.badData, place: logs.place,
            message: "no event lies behind the observed share of a sequence, \(observed), so that there is nothing to score",
            remedy: fitted < observed ? "observe less: the model was fitted with --observe \(fitted)"
                : fitted < 1 ? "name a log with longer sequences"
                : "fit with --observe 0.6, which leaves the rest to be scored, or name a log that the model was not fitted on, with --observe 0.6")
    }

    private func table(_ report: EvaluationReport) -> String {
        let error = report.perplexity.standardError.map { " ± \($0.shortly)" } ?? ""
        var lines = [
            ("tokens", "\(report.perplexity.tokens) scored, \(report.perplexity.outOfVocabulary) of unknown items left out"),
            ("perplexity", (report.perplexity.perplexity?.shortly ?? "–") + error),
        ]
        if let behind = report.afterUnknown.perplexity {
            lines.append(("", "\(behind.shortly) of the \(report.afterUnknown.tokens) that came right behind unknown items"))
        }
        lines += report.particles.map { [("particles", "\($0)")] } ?? []
        let parameters = report.parameters
        lines.append(
            ("parameters", "\(parameters.total): \(parameters.learned) weights, \(parameters.counts) counts that are not zero"))
        if let ranking = report.ranking {
            lines.append(("among first", NextItemRanking.cutoffs.map { "\($0)".right(to: 8) }.joined()))
            for (name, measure) in [("recall", ranking.recall(at:)), ("mrr", ranking.meanReciprocalRank(at:))] {
                lines.append((name, NextItemRanking.cutoffs.map { (measure($0)?.fixed(4) ?? "–").right(to: 8) }.joined()))
            }
        }
        return lines.map { $0.0.padded(to: 12) + $0.1 + "\n" }.joined()
    }
}
