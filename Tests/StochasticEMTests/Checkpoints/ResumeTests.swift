import Corpora
import Foundation
import Kernels
import Testing
@testable import StochasticEM

/// A fit that was stopped and goes on comes to the model of one that was not. A failure here means that something that a fit carries
/// from block to block is not in its checkpoints.
@Suite struct ResumeTests {
    private static let more: [(name: String, change: @Sendable (inout FitSettings) -> Void)] = [
        ("three restarts", { ($0.restarts, $0.epochs) = (3, 3) }),
        ("counts of four copies, embedding", { ($0.memory, $0.embedding, $0.inputDropout) = (.both, 5, 0.2) }),
        ("an early end", { ($0.patience, $0.epochs, $0.warmUp, $0.finalRate, $0.adam.rate) = (1, 12, 0, 1, 0.05) }),
        ("a start that the log chooses", { ($0.start, $0.warmUp, $0.epochs) = (.auto, nil, 3) }),
    ]
    static let ways = ReproducibilityTests.ways + more

    /// Stopped with one thread in the warm-up, within two of the joint epochs, and after the last block; resumed with two.
    @Test(arguments: ways.indices)
    func stoppedFitsEndAlike(way: Int) throws {
        let log = try SmallFit.log().corpus
        let settings = SmallFit.settings(ResumeTests.ways[way].change)
        let whole = try StoppedFit.end(log, settings)
        for count in [whole.blocks / 5, whole.blocks * 2 / 3, whole.blocks * 9 / 10, whole.blocks] {
            let (checkpoint, told) = try StoppedFit.stop(log, settings, after: count)
            let resumed = try StoppedFit.end(log, settings, from: checkpoint, told: told)
            #expect(resumed.outcome == whole.outcome, "\(ResumeTests.ways[way].name), after \(count) blocks of \(whole.blocks)")
            #expect(resumed.blocks == whole.blocks - count)
        }
    }

    /// Stopped again and again, with another number of threads each time, through a real folder.
    @Test(arguments: ["full schedule", "three restarts", "Metropolis-Hastings", "a beam of four", "one of four copies kept"])
    func stoppedManyTimes(name: String) throws {
        let way = try #require(ResumeTests.ways.first(where: { $0.name == name }))
        let log = try SmallFit.log().corpus
        let settings = SmallFit.settings(way.change)
        let whole = try StoppedFit.end(log, settings)
        let temporary = try TemporaryFolder()
        let folder = try CheckpointFolder(model: temporary.path + "/model")
        var told: [String] = [], stops = 0
        while whole.blocks - 13 * stops > 13 {
            let (checkpoint, more) = try StoppedFit.stop(log, settings, from: folder.latest(), after: 13, threads: stops % 3 + 1)
            try folder.keep(checkpoint)
            told += more
            stops += 1
            #expect(try folder.latest()?.epochs.count == checkpoint.epochs.count)
        }
        #expect(stops >= 4)
        #expect(try StoppedFit.end(log, settings, from: folder.latest(), told: told).outcome == whole.outcome)
    }

    /// Checkpoints come at each epoch's end, and after blocks when they are due; keeping them changes nothing.
    @Test func checkpointsComeWhenTheyAreDue() throws {
        let log = try SmallFit.log().corpus, settings = SmallFit.settings()
        let whole = try StoppedFit.end(log, settings)
        for isDue in [false, true] {
            let store = CheckpointInMemory()
            store.isDue = isDue
            let model = try Fit(settings: settings, shards: Shards(threads: 2)).run(log, keeping: store) { _ in }
            #expect(SmallFit.bits(model) == whole.outcome.model)
            #expect(store.kept == settings.epochs + (isDue ? whole.blocks : 0))
            // The last one has nothing left to do but to hand over the model.
            let last = try #require(store.last)
            #expect(last.epochs.map(\.epoch) == [1, 2, 3, 4])
            let end = try StoppedFit.end(log, settings, from: last, told: whole.outcome.told)
            #expect(end.blocks == 0 && end.outcome == whole.outcome)
        }
    }

    /// A stop where an epoch is told of loses nothing of it; what went before is told on going on.
    @Test func stoppedBetweenEpochs() throws {
        let log = try SmallFit.log().corpus, settings = SmallFit.settings()
        let whole = try StoppedFit.end(log, settings)
        let store = CheckpointInMemory()
        var records: [EpochRecord] = []
        #expect(throws: StoppedFit.Stop.self) {
            _ = try Fit(settings: settings, shards: Shards(threads: 1)).run(log, keeping: store) {
                guard case .epoch(let record) = $0 else { return }
                records.append(record)
                if record.epoch == 2 { throw StoppedFit.Stop() }
            }
        }
        var before: [EpochRecord]?, phases: [String] = []
        let model = try Fit(settings: settings, shards: Shards(threads: 2)).run(log, from: store.last) { event in
            switch event {
            case .resuming(let epochs): before = epochs
            case .preparing: Issue.record("the start is behind it")
            case .epoch(let record): phases.append("\(record.epoch)")
            case .progress, .collapse: break
            }
        }
        #expect(before == records && phases == ["3", "4"])
        #expect(SmallFit.bits(model) == whole.outcome.model)
    }

    /// Before the first block there is nothing to keep.
    @Test func stoppedWithinTheStart() throws {
        let log = try SmallFit.log().corpus, store = CheckpointInMemory()
        #expect(throws: StoppedFit.Stop.self) {
            _ = try Fit(settings: SmallFit.settings(), shards: Shards(threads: 1)).run(log, keeping: store) {
                if case .preparing = $0 { throw StoppedFit.Stop() }
            }
        }
        #expect(store.last == nil)
    }

    @Test func anotherFitsCheckpointIsRefused() throws {
        let log = try SmallFit.log().corpus, settings = SmallFit.settings()
        let (checkpoint, _) = try StoppedFit.stop(log, settings, after: 3)
        func mismatch(_ log: Corpus, _ change: (inout FitSettings) -> Void) throws -> String? {
            let fit = try Fit(settings: SmallFit.settings(change), shards: Shards(threads: 1))
            let error = #expect(throws: CheckpointMismatch.self) { _ = try fit.run(log, from: checkpoint) { _ in } }
            return error?.differences.joined(separator: "; ")
        }
        #expect(try mismatch(log) { $0.topics = 5 } == "topics is 6 there and 5 here")
        #expect(try mismatch(log) { ($0.seed, $0.embedding) = (2, 7) } == "embedding is none there and 7 here; seed is 1 there and 2 here")
        #expect(try mismatch(log) { $0.adam.rate = 0.25 } == "rate is 0.003 there and 0.25 here")
        let other = try #require(try mismatch(SmallFit.log(seed: 2).corpus) { _ in })
        #expect(other.hasPrefix("the log is another: \(log.items.count) events of 80 sequences, "))
        // As long, and with other names.
        let vocabulary = Vocabulary(items: log.vocabulary.items.reversed(), counts: log.vocabulary.counts)
        let renamed = Corpus(vocabulary: vocabulary, users: log.users, items: log.items, starts: log.starts)
        #expect(try #require(try mismatch(renamed) { _ in }).hasSuffix(", with other contents"))
    }
}
