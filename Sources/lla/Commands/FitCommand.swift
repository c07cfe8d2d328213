import ArgumentParser
import Baselines
import Corpora
import Foundation
import Logging
import StochasticEM

struct FitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Fit a model to a log.",
        discussion: """
            MODEL becomes a folder; a model that is there already is replaced, once the
            new one is done. With equal settings, logs and seeds the same model comes out,
            whatever the number of threads.

            A checkpoint is kept in MODEL while the fit is under way, so that one that was
            stopped or killed goes on with --resume, and comes to the same model.

              lla fit clicks.tsv -o clicks.model --topics 200 --observe 0.6

            --warm-start goes on from a fitted model with logs of what happened since, and
            writes another model. Topics and items keep their numbers, and new items come
            behind the old ones. All events that the model was fitted on stay counted, as
            if they had been in these logs: give each event once. Options that are not
            given are those of the model, without a warm-up; --topics, --hidden,
            --embedding, --cell, --variant and --memory cannot change.

              lla fit june.tsv -o june.model --warm-start may.model

            --model fits a rival of LLA instead, which lla evaluate, predict and verify
            take like any model, and lla topics where it has topics (lda, ddlda, hmm).
            independent is LLA's own kind of model, which all verbs take. Options that a
            rival has no use for are refused.

            \(FittedKind.list)

              lla fit clicks.tsv -o chain.model --model markov --observe 0.6
            """)

    @OptionGroup var input: LogArguments

    @Option(name: [.short, .long], help: ArgumentHelp("The folder to write the model to.", valueName: "model"), completion: .directory)
    var output: String

    @Option(
        name: .customLong("settings"),
        help: ArgumentHelp(
            "A file of settings, as lla tune writes it, that takes the place of the defaults named here; options given go before it. (default: none)",
            valueName: "file"),
        completion: .file())
    var settingsFile: String?

    @Option(
        help: ArgumentHelp(
            "A fitted model to go on from, whose settings take the place of the defaults named here. (default: none)", valueName: "model"),
        completion: .directory)
    var warmStart: String?

    @OptionGroup(title: "Rivals") var rival: BaselineOptions
    @OptionGroup(title: "Model") var size: SizeOptions
    @OptionGroup(title: "Fitting") var fitting: FitOptions
    @OptionGroup(title: "Checkpoints") var checkpoints: CheckpointOptions
    @OptionGroup(title: "Log") var log: LogOptions
    @OptionGroup(title: "Sequences") var sequences: CorpusArguments
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var memory: MemoryOptions

    @Flag(name: [.short, .long], help: "Say nothing but warnings and errors.")
    var quiet = false

    mutating func validate() throws {
        if output == "-" { throw ValidationError("--output - cannot be: a model is a folder (name one; \"./-\" for one of that name)") }
        guard let warmStart else { return }
        if settingsFile != nil { throw ValidationError("--settings and --warm-start each bring settings (leave one of them out)") }
        if fitting.start != nil { throw ValidationError("--start has no say where --warm-start brings topics (leave one of them out)") }
        // A fit that was killed at its very end could not tell that it has counted its events already.
        if Paths.areSame(warmStart, output) {
            throw ValidationError("--warm-start cannot be the model that is written (name another folder with -o)")
        }
    }

    func run() throws {
        switch rival.kind ?? .lla {
        case .baseline(let baseline): try fit(baseline)
        case .independent:
            if warmStart != nil { throw UnusedOption(name: "warm-start", model: IndependentLearner.name, remedy: "leave it out: topics are LDA's") }
            try IndependentLearner.check(fitting.given(size, rival))
            try fitLLA(IndependentLearner.settings)
        case .lla:
            if let option = rival.given.first {
                throw UnusedOption(name: option.name, model: ModelDescription.lla, remedy: "leave it out; it is for rivals, which --model names")
            }
            try fitLLA { $0 }
        }
    }

    /// - Parameter assembled: settings of the fit, from those that were asked for.
    private func fitLLA(_ assembled: (FitSettings) -> FitSettings) throws {
        let before = try warmStart.map { try LatentLSTMAllocation.load($0) }, warmStart = before.map { WarmStart($0.model) }
        let defaults = try warmStart?.settings ?? settingsFile.map { try SettingsFile.read($0) } ?? FitSettings()
        if let warmStart { try fitting.check(goingOnFrom: warmStart) }
        let settings = try fitting.settings(size, defaults: defaults)
        try fitting.check(for: settings.variant)
        let fit = try Fit(settings: assembled(settings), shards: threads.shards, warmStart: warmStart)
        let options = try sequences.options(for: log, defaults: before?.description.options() ?? .standard)
        try CheckpointFolder.checkCanOpen(model: output)
        let logger = Logger.ofProgram(quiet: quiet)
        let interruption = Interruption()

        let corpus = try read(
            options, extending: before?.model.vocabulary, fittedAs: before?.description, unknown: fit.settings.unknownItemsPolicy)
        let training = corpus.training
        let new = before.map { ", \(corpus.vocabulary.count - $0.model.vocabulary.count) of them new" } ?? ""
        logger.info("\(Self.size(training)), \(corpus.vocabulary.count) items\(new)")
        try input.checkOrder(training)
        let cost = FitCost.estimate(for: corpus, settings: fit.settings, warmStart: warmStart)
        try memory.check(Memory.shortage(for: cost))
        logger.info("about \(bytes(cost.total)) of memory")

        let folder = try CheckpointFolder(model: output, minutes: checkpoints.minutes)
        defer { folder.close() }
        interruption.beforeTheEnd { folder.close() }
        let checkpoint = try checkpoint(in: folder, logger)
        let (model, epochs) = try carry(fit, through: corpus, from: checkpoint, keeping: folder, interruption, logger)
        interruption.end()
        try model.save(to: output, options: options, times: corpus.times, training: epochs, warmStart: warmStart, checkpoint: .dropped)
        logger.info("The model is in \(output). See its topics: lla topics \(Words.quoted(output))")
    }

    /// - Parameter vocabulary, record: of the model that the fit goes on from, if there is one.
    func read(
        _ options: CorpusOptions, extending vocabulary: Vocabulary? = nil, fittedAs record: (any CorpusRecord)? = nil, unknown: UnknownItems
    ) throws -> Corpus {
        try log.corpus(fittedAs: record) { badRows in
            if let vocabulary {
                return try Corpus.read(
                    input.logs, extending: vocabulary, unknown: unknown, layout: log.layout, options: options, badRows: badRows)
            }
            return try Corpus.read(input.logs, unknown: unknown, layout: log.layout, options: options, badRows: badRows)
        }
    }

    /// What there is to learn from, in words.
    static func size(_ training: Corpus) -> String {
        let known = training.knownEvents, others = training.items.count - known
        return "\(known) events of \(training.count) sequences to learn from\(others > 0 ? " and \(others) of rarer items to read" : "")"
    }

    /// Where to go on from, if that was asked for.
    private func checkpoint(in folder: CheckpointFolder, _ logger: Logger) throws -> FitCheckpoint? {
        if checkpoints.resume {
            let checkpoint = try folder.latest()
            if checkpoint == nil { logger.info("there is no checkpoint in \(output): the fit begins anew") }
            return checkpoint
        }
        if folder.hasCheckpoint {
            logger.warning("the checkpoint in \(folder.path) will be replaced; stop now and add --resume to go on from it")
        }
        return nil
    }

    /// The model, and its epochs; those before the checkpoint included.
    private func carry(
        _ fit: Fit, through corpus: Corpus, from checkpoint: FitCheckpoint?, keeping folder: CheckpointFolder,
        _ interruption: Interruption, _ logger: Logger
    ) throws -> (LatentLSTMAllocation, [EpochRecord]) {
        let goOn = "go on with: \(Words.commandLine(with: "--resume"))"
        let stands = "the last checkpoint is in \(folder.path); \(goOn)"
        if folder.hasCheckpoint { interruption.endAtOnce(farewell: stands) }
        // What ends a fit without being asked to leaves the last checkpoint as it was.
        func saying<Result>(_ work: () throws -> Result) throws -> Result {
            do { return try work() } catch let error as ModelFolderError {
                if folder.hasCheckpoint { StandardError.shared.line("lla: \(stands)") }
                throw error
            }
        }
        let bar = ProgressBar(topics: fit.settings.topics, quiet: quiet)
        var epochs: [EpochRecord] = []
        let model = try saying {
            try fit.run(corpus, from: checkpoint, keeping: folder) { event in
                bar.show(event)
                switch event {
                case .resuming(let before): epochs = before
                case .preparing:
                    // Behind a fit that is done there is a checkpoint; within a start there is nothing to add to it.
                    if !epochs.isEmpty { interruption.endAtOnce(farewell: stands) }
                case .progress:
                    // From the first block on there is something to keep.
                    interruption.waitForCheck(farewell: goOn)
                    try interruption.check()
                case .epoch(let record):
                    epochs.append(record)
                    try interruption.check()
                case .collapse(let collapse): logger.warning("\(collapse)")
                }
            }
        }
        return (model, epochs)
    }
}
