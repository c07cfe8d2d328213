import Foundation
import Kernels
import Testing
@testable import StochasticEM

/// A search of 8, 4 and 2 candidates, and a score that is made up.
enum FakeSearch {
    static func search(seed: UInt64 = 1, candidates: Int = 8, epochs: Int = 12) throws -> SettingsSearch {
        var base = FitSettings()
        (base.seed, base.epochs) = (seed, epochs)
        return try SettingsSearch(
            space: SearchSpace(base: base, pinned: [.dropout]), candidates: candidates, reduction: 2, minEpochs: 3)
    }

    /// Better with more epochs, and best at 100 topics; one in four candidates fails.
    static func score(_ settings: FitSettings) -> Double? {
        if settings.memory == .long, settings.variant == .word { return .nan }
        return 50 + abs(log(Double(settings.topics) / 100)) * 20 + 30 / Double(settings.epochs) + 1000 * settings.adam.rate
    }

    struct Cut: Error {}

    /// A score that is cut off after so many fits.
    static func score(for fits: Int) -> (FitSettings) throws -> Double? {
        var left = fits
        return { settings in
            guard left > 0 else { throw Cut() }
            left -= 1
            return score(settings)
        }
    }
}

/// Trials in memory.
final class TrialList: TrialLog {
    var trials: [Trial]
    struct Contradiction: Error, Equatable { let number: Int }

    init(_ trials: [Trial] = []) { self.trials = trials }
    func append(_ trial: Trial) { trials.append(trial) }
    func contradiction(_ number: Int) -> any Error { Contradiction(number: number) }
}

/// A folder of a test's own.
final class TuningFolder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("lla-tuning-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
    func bytes(_ name: String) throws -> Data { try Data(contentsOf: url.appendingPathComponent(name)) }
    func write(_ name: String, _ bytes: Data) throws { try bytes.write(to: url.appendingPathComponent(name)) }
    func entries() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
}

@Suite struct SettingsSearchTests {
    /// By hand, from the scores alone: who is in which round, and who wins.
    @Test func theBestOfEachRoundGoOn() throws {
        let search = try FakeSearch.search(), log = TrialList()
        var told: [Int] = []
        let result = try search.run(log, score: FakeSearch.score) { number, trial in
            told.append(number)
            #expect(trial == log.trials[number - 1])
        }
        #expect(search.halving.rungs == [(8, 3), (4, 6), (2, 12)].map(SuccessiveHalving.Rung.init(candidates:epochs:)))
        #expect(told == Array(1...14))
        var expected = Array(0..<8)
        for (round, rung) in search.halving.rungs.enumerated() {
            expected = Array(expected.prefix(rung.candidates))
            let trials = log.trials.filter { $0.round == round + 1 }
            #expect(trials.map(\.candidate) == expected.map { $0 + 1 })
            #expect(trials.allSatisfy { $0.settings.epochs == rung.epochs })
            func score(_ candidate: Int) -> Double {
                var settings = search.candidates[candidate]
                settings.epochs = rung.epochs
                let score = FakeSearch.score(settings) ?? .infinity
                return score.isNaN ? .infinity : score
            }
            expected.sort { (score($0), $0) < (score($1), $1) }
        }
        #expect(result.best?.candidate == expected[0] + 1 && result.best?.settings.epochs == 12)
        #expect(result.ranking.map(\.candidate).sorted() == Array(1...8))
        let perplexities = result.ranking.map { $0.perplexity ?? .infinity }
        #expect(perplexities == perplexities.sorted())
        #expect(Set(perplexities).count > 5)
    }

    /// A fit that gets worse with more epochs wins by its short trial.
    @Test func trialsOfAllRoundsCompete() throws {
        let search = try FakeSearch.search()
        let result = try search.run(TrialList(), score: { Double($0.topics + 1000 * $0.epochs) })
        #expect(result.best?.round == 1)
        #expect(result.best?.settings.topics == search.candidates.map(\.topics).min())
        #expect(result.ranking.allSatisfy { $0.round == 1 })
    }

    @Test func withoutAPerplexityThereIsNoBest() throws {
        let result = try FakeSearch.search().run(TrialList(), score: { _ in nil })
        #expect(result.best == nil && result.ranking.count == 8)
        #expect(result.ranking.map(\.candidate) == Array(1...8))
        #expect(try FakeSearch.search().run(TrialList(), score: { _ in .infinity }) == result)
    }

    /// A trial that is not of this search would lead it elsewhere.
    @Test func trialsOfAnotherSearchAreSeen() throws {
        let log = TrialList()
        _ = try FakeSearch.search().run(log, score: FakeSearch.score)
        let good = log.trials
        #expect(try FakeSearch.search().run(TrialList(good), score: { _ in throw FakeSearch.Cut() }).best != nil)
        func refused(_ spoil: (inout [Trial]) -> Void) -> Int? {
            var trials = good
            spoil(&trials)
            do {
                _ = try FakeSearch.search().run(TrialList(trials), score: FakeSearch.score)
                return nil
            } catch let error as TrialList.Contradiction {
                return error.number
            } catch {
                return -1
            }
        }
        #expect(refused { _ in } == nil)
        #expect(refused { $0.swapAt(2, 3) } == 2)
        #expect(refused { $0.remove(at: 5) } == 5)
        #expect(refused {
            var settings = $0[4].settings
            settings.beta *= 1.0000001
            $0[4] = Trial(round: 1, candidate: 5, perplexity: $0[4].perplexity, settings: settings)
        } == 4)
        // Another score changes who goes on.
        #expect(refused { $0[0] = Trial(round: 1, candidate: 1, perplexity: 1, settings: $0[0].settings) } == 8)
    }

    @Test func thereMustBeSomethingToCompare() throws {
        var base = FitSettings()
        base.epochs = 4
        func name(pinned: Set<TunedSetting>, candidates: Int) throws -> String {
            let space = try SearchSpace(base: base, pinned: pinned)
            let error = try #require(throws: InvalidSetting.self) {
                try SettingsSearch(space: space, candidates: candidates, reduction: 3, minEpochs: 1)
            }
            return "\(error.name): \(error.remedy)"
        }
        #expect(try name(pinned: [], candidates: 1).contains("at least 2"))
        #expect(try name(pinned: Set(TunedSetting.allCases), candidates: 9).contains("leave out an option"))
        #expect(try name(pinned: [], candidates: 0).hasPrefix("candidates: choose between"))
    }

    /// The real thing, on a small log: cut off, gone on with on another number of threads, the same to the byte.
    @Test func aRealSearchGoesOnToTheSameEnd() throws {
        let corpus = try SmallFit.log().corpus
        var bounds = SearchBounds()
        (bounds.topics, bounds.hidden) = (3...8, 8...16)
        let base = SmallFit.settings { ($0.embedding, $0.epochs) = (6, 4) }
        let search = try SettingsSearch(
            space: SearchSpace(base: base, bounds: bounds, pinned: [.beta]), candidates: 5, reduction: 2, minEpochs: 2)
        let header = SearchHeader(search, corpus: corpus), folder = try TuningFolder()
        func run(_ name: String, threads: Int, fits: Int) throws -> SearchResult {
            var left = fits
            let trials = try TrialsFile(folder.path(name), header: header)
            return try search.run(trials) { settings in
                guard left > 0 else { throw FakeSearch.Cut() }
                left -= 1
                return try Fit(settings: settings, shards: Shards(threads: threads)).bestPerplexity(corpus) { _ in }
            }
        }
        let whole = try run("whole", threads: 1, fits: .max)
        #expect(throws: FakeSearch.Cut.self) { try run("cut", threads: 2, fits: 3) }
        #expect(throws: FakeSearch.Cut.self) { try run("cut", threads: 1, fits: 2) }
        #expect(try run("cut", threads: 2, fits: 2) == whole)
        #expect(try folder.bytes("cut") == folder.bytes("whole"))
        // A trial is a fit like any other, and scored as that is.
        let best = try #require(whole.best)
        let epochs = try SmallFit.run(corpus, best.settings).epochs
        #expect(epochs.compactMap(\.validationPerplexity).min() == best.perplexity)
        #expect(base.validation(of: corpus) == search.candidates[0].validation(of: corpus))
        #expect(base.validation(of: corpus).sequences == 8)
    }
}
