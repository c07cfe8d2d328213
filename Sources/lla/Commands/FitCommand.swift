import ArgumentParser
import Corpora
import Foundation
import Logging
import StochasticEM

struct FitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Fit a model to a log.",
        discussion: """
            MODEL becomes a folder; a model that is there already is replaced, once the new one is done.
            With equal settings, logs and seeds the same model comes out, whatever the number of threads.

              lla fit clicks.tsv -o clicks.model --topics 200 --observe 0.6
            """)

    @OptionGroup var input: LogArguments

    @Option(name: [.short, .long], help: ArgumentHelp("The folder to write the model to.", valueName: "model"), completion: .directory)
    var output: String

    @Option(
        name: .customLong("settings"),
        help: ArgumentHelp(
            "A file of settings, as lla tune writes it, that takes the place of the defaults below; options given here go before it. (default: none)",
            valueName: "file"),
        completion: .file())
    var settingsFile: String?

    @OptionGroup(title: "Model") var size: SizeOptions
    @OptionGroup(title: "Fitting") var fitting: FitOptions
    @OptionGroup(title: "Log") var log: LogOptions
    @OptionGroup(title: "Sequences") var sequences: CorpusArguments
    @OptionGroup var threads: ThreadOptions

    @Flag(name: [.short, .long], help: "Say nothing but warnings and errors.")
    var quiet = false

    func run() throws {
        let defaults = try settingsFile.map { try SettingsFile.read($0) } ?? FitSettings()
        let settings = try fitting.settings(size, defaults: defaults), options = try sequences.options()
        try ModelFolder.checkCanWrite(to: output)
        let logger = Logger.ofProgram(quiet: quiet)
        let interruption = Interruption()

        let corpus = try log.reading { try Corpus.read(input.logs, layout: log.layout, options: options, badRows: $0) }
        let training = corpus.training
        logger.info("\(training.items.count) events of \(training.count) sequences to learn from, \(corpus.vocabulary.count) items")
        try input.checkOrder(training)
        try Memory.check(
            FitCost.estimate(
                events: corpus.items.count, sequences: corpus.count, items: corpus.vocabulary.count, settings: settings))

        let bar = ProgressBar(topics: settings.topics, quiet: quiet)
        var epochs: [EpochRecord] = []
        let model = try Fit(settings: settings, shards: threads.shards).run(corpus) { event in
            switch event {
            case .epoch(let record): epochs.append(record)
            case .collapse(let collapse): logger.warning("\(collapse)")
            case .preparing, .progress: break
            }
            bar.show(event)
        }
        interruption.end()
        try model.save(to: output, options: options, training: epochs)
        logger.info("The model is in \(output). See its topics: lla topics \(output)")
    }
}
