import Baselines
import Corpora
import Logging
import StochasticEM

extension FitCommand {
    /// Fits a rival of LLA.
    func fit<Model: Baseline>(_ type: Model.Type) throws {
        let settings = try Model.Settings(fitting.given(size, rival) + unusual, model: Model.name)
        let options = try sequences.options(for: log)
        try CheckpointFolder.checkCanOpen(model: output)
        try CheckpointFolder.checkHasNone(model: output)
        let logger = Logger.ofProgram(quiet: quiet)
        let interruption = Interruption()

        let corpus = try read(options, unknown: settings.unknownItemsPolicy), training = corpus.training
        logger.info("\(Self.size(training)), \(corpus.vocabulary.count) items")
        try input.checkOrder(training)
        try memory.check(Memory.shortage(Model.memory(for: training, settings: settings), ofBaseline: Model.name))

        // Kept open so that no second fit writes to the same folder meanwhile; baselines leave no checkpoint in it.
        let folder = try CheckpointFolder(model: output, minutes: checkpoints.minutes)
        defer { folder.close() }
        // Another fit may have come and gone while the log was read.
        try CheckpointFolder.checkHasNone(model: output)
        interruption.beforeTheEnd { folder.close() }
        let progress = BaselineProgress(quiet: quiet)
        var epochs: [BaselineEpoch] = []
        let model = try Model.fitted(to: corpus, settings: settings, shards: threads.shards) { event in
            progress.show(event)
            if case .epoch(let record) = event { epochs.append(record) }
        }
        interruption.end()
        try model.save(to: output, options: options, times: corpus.times, training: epochs)
        logger.info("The model is in \(output). \(next(options))")
    }

    /// What to do with the model. Where all was observed there is nothing to score.
    private func next(_ options: CorpusOptions) -> String {
        // How the log is read is told anew to each command; sessions and the like are in the model.
        let words = (([output] + input.logs).map(Words.quoted) + log.given.map(\.words)).joined(separator: " ")
        return options.observe < 1 ? "Score it: lla evaluate \(words)" : "See what it expects next: lla predict \(words) --gather"
    }

    /// Options of the command itself that speak of LLA alone.
    private var unusual: [GivenOption] {
        let all: [(String, Bool)] = [
            ("settings", settingsFile != nil), ("warm-start", warmStart != nil), ("resume", checkpoints.resume),
            ("checkpoint-minutes", checkpoints.checkpointMinutes != nil),
        ]
        return all.filter(\.1).map { GivenOption($0.0, true) }
    }
}
