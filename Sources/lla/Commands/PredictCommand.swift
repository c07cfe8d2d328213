import ArgumentParser
import Baselines
import Corpora
import Foundation
import StochasticEM
import TopicHierarchies

struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Predict each user's next topics and next items, as JSON lines.",
        discussion: """
            One line a user, in the order of the log, with the user's own name; where the
            model was fitted on sessions, one a session. Items that the model does not
            know are left out, or read as its --unknown-items says; of a user with nothing
            that it reads, the model expects what it expects of a new user.

            The log is read as it comes, a user at a time, so that it may be of any
            length; the rows of a user have to be together. --gather reads all of it
            first, and brings them together.

              zcat clicks.tsv.gz | lla predict clicks.model - -k 5
            """)

    @OptionGroup var input: ModelArgument
    @OptionGroup var logs: LogArguments

    @Option(name: [.customShort("k"), .customLong("count")], help: ArgumentHelp("Topics, and items, to list for each user.", valueName: "count"))
    var count = 10

    @Flag(help: "Read the whole log before anything is predicted: for logs with users mixed.")
    var gather = false

    @OptionGroup(title: "Log") var log: LogOptions
    @OptionGroup var filter: FilterOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var memory: MemoryOptions

    /// Users that are predicted for at a time: enough to keep all threads busy.
    private static let batch = 256

    mutating func validate() throws {
        if !(1...1_000_000).contains(count) { throw ValidationError("-k \(count) cannot be (choose between 1 and 1,000,000)") }
    }

    func run() throws {
        let stored = try filter.load(input.model, memory: memory), model = stored.model
        let options = try stored.corpus.options().forPrediction
        let predictor = Predictor(model, count: count, shards: threads.shards)
        if gather {
            let corpus = try log.corpus(fittedAs: stored.corpus) {
                try Corpus.read(
                    logs.logs, vocabulary: model.vocabulary, unknown: model.unknownItems, layout: log.layout, options: options,
                    badRows: $0)
            }
            for first in stride(from: 0, to: corpus.count, by: Self.batch) {
                try write(predictor.predict(corpus.selecting(Array(first..<min(first + Self.batch, corpus.count))).withItsUnknown))
            }
        } else {
            try log.reading { try stream(stored, options: options, badRows: $0, to: predictor) }
        }
    }

    /// What was read without error is predicted, even if an error follows.
    private func stream(_ stored: StoredModel, options: CorpusOptions, badRows: BadRows, to predictor: Predictor) throws {
        let vocabulary = stored.model.vocabulary
        let users = try UserStream(
            logs.logs, vocabulary: vocabulary, unknown: stored.model.unknownItems, layout: log.layout, options: options, badRows: badRows)
        var seen = SeenUsers(), batch: [UserEvents] = []
        do {
            var next = try users.next()
            // Known by now, and the end may be far.
            log.form.warn(of: users.times, fittedAs: stored.corpus)
            while let user = next {
                try seen.check(ExactName(user.user), at: users.place)
                batch.append(user)
                if batch.count == Self.batch {
                    try write(predictor.predict(Corpus(batch, vocabulary: vocabulary)))
                    batch.removeAll(keepingCapacity: true)
                }
                next = try users.next()
            }
        } catch let error where !(error is ReaderLeft) {
            try write(predictor.predict(Corpus(batch, vocabulary: vocabulary)))
            throw error
        }
        try write(predictor.predict(Corpus(batch, vocabulary: vocabulary)))
    }

    private func write(_ predictions: [Prediction]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var lines: [UInt8] = []
        for prediction in predictions {
            lines.append(contentsOf: try encoder.encode(prediction))
            lines.append(UInt8(ascii: "\n"))
        }
        try StandardOutput.write(lines)
    }
}

/// Tells a user who comes back, of whom the stream has forgotten what came before.
private struct SeenUsers {
    /// Of the first million users; more are not kept, so that memory stays as it is.
    private var hashes: Set<Int> = []
    private var last: ExactName?
    private static let most = 1 << 20

    /// - Parameter place: where the user begins.
    /// - Throws: a `Refusal` for a user who was there before another.
    mutating func check(_ user: ExactName, at place: String?) throws {
        if user == last { return }
        last = user
        if hashes.count < Self.most ? hashes.insert(user.hashValue).inserted : !hashes.contains(user.hashValue) { return }
        throw Refusal(
            code: ExitCodes.badData, place: place, message: "user \"\(user.text.printable)\" comes back after others",
            remedy: "sort the log by user, or give --gather to read all of it first")
    }
}

extension Corpus {
    /// Users from a stream.
    fileprivate init(_ users: [UserEvents], vocabulary: Vocabulary) {
        var items: [UInt32] = [], starts = [0], unknown: [String] = [], numbers: [ExactName: UInt32] = [:]
        let known = UInt32(vocabulary.count)
        for user in users {
            // Each user's unknown items have numbers of their own; of the same name they are one here.
            let taken = user.unknown.map { name in
                if let number = numbers[ExactName(name)] { return number }
                let number = known + UInt32(unknown.count)
                numbers[ExactName(name)] = number
                unknown.append(name)
                return number
            }
            items.append(contentsOf: user.items.map { $0 < known ? $0 : taken[Int($0 - known)] })
            starts.append(items.count)
        }
        self.init(vocabulary: vocabulary, users: users.map(\.user), items: items, starts: starts, unknown: unknown)
    }
}
