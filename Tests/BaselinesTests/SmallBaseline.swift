import Corpora
import Foundation
import Kernels
import StochasticEM
import TestSupport
@testable import Baselines

/// A log, and settings with which every baseline is fitted in a fraction of a second.
enum SmallBaseline {
    static let names = BaselineRegister.all.map { $0.name }

    static func type(_ name: String) throws -> any Baseline.Type {
        guard let type = BaselineRegister.baseline(named: name) else { throw NotThere(name: name) }
        return type
    }

    struct NotThere: Error {
        let name: String
    }

    /// 5 topics over 24 items, 60 sequences of 3 to 20 events, of which the first two thirds are observed.
    static func log(seed: UInt32 = 1) throws -> Corpus {
        var settings = SyntheticSettings()
        (settings.topics, settings.items, settings.sequences, settings.lengths) = (5, 24, 60, 3...20)
        settings.support = 0.3
        settings.dynamics = .markov(successors: 2, stay: 0.2)
        (settings.observe, settings.seed) = (0.67, seed)
        return try SyntheticCorpus(settings).corpus
    }

    /// 400 events without order, fewer than a step of Adam has by default.
    static var oneBlock: Corpus {
        var random = RandomStream(seed: 1, purpose: .other)
        return StepwiseLaws.makeCorpus((0..<40).map { _ in (0..<10).map { _ in UInt32(random.index(below: 8)) } }, items: 8)
    }

    /// What is given to each that takes it.
    static let given = [
        GivenOption("topics", 4), GivenOption("hidden", 6), GivenOption("embedding", 5), GivenOption("sweeps", 4), GivenOption("epochs", 2),
        GivenOption("alpha", 0.2), GivenOption("beta", 0.05), GivenOption("lanes", 4), GivenOption("steps", 8), GivenOption("shards", 2),
        GivenOption("validation", 0.1), GivenOption("start", FitSettings.Start.clusters), GivenOption("character-embedding", 3), GivenOption("character-hidden", 4),
    ]

    static func settings<Model: Baseline>(of type: Model.Type, seed: UInt64 = 3, more: [GivenOption] = []) throws -> Model.Settings {
        let names = Model.Settings.options.map(\.name)
        return try Model.Settings((given + [GivenOption("seed", seed)] + more).filter { names.contains($0.name) }, model: Model.name)
    }

    static func fitted<Model: Baseline>(
        _ type: Model.Type, to log: Corpus? = nil, threads: Int = 2, seed: UInt64 = 3, more: [GivenOption] = [],
        observe: (BaselineEvent) throws -> Void = { _ in }
    ) throws -> Model {
        try Model.fitted(
            to: log ?? self.log(), settings: settings(of: type, seed: seed, more: more), shards: Shards(threads: threads), observe: observe)
    }

    /// All that a model says of a corpus, position by position, to the bit.
    static func reading(_ model: any SequenceModel, _ corpus: Corpus, threads: Int = 2) -> [[UInt32]] {
        let found = Locked<[Int: [UInt32]]>([:])
        model.read(corpus, first: [Int](repeating: 0, count: corpus.count), shards: Shards(threads: threads)) { seen in
            for row in seen.sequences.indices {
                let values = (0..<seen.probabilities.columns).map { seen.probabilities.row(row)[$0].bitPattern }
                let place = corpus.starts[seen.sequences[row]] + seen.sequences[row] + seen.positions[row]
                found.withLock { $0[place] = values }
            }
        }
        return found.withLock { found in found.keys.sorted().map { found[$0] ?? [] } }
    }

    /// All that a model has learned, to the bit.
    static func bits(_ model: some Baseline) -> [String] {
        model.tensors.map { "\($0.name) \($0.shape) \($0.values)" }
    }
}

/// A folder for one test, which goes when the test ends.
final class BaselineFolder {
    let path = NSTemporaryDirectory() + "lla-baseline-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
