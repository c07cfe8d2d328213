import Corpora
import Kernels
@testable import StochasticEM

/// Keeps the last checkpoint in memory.
final class CheckpointInMemory: CheckpointStore {
    private(set) var last: FitCheckpoint?
    private(set) var kept = 0
    var isDue = false

    func keep(_ checkpoint: FitCheckpoint) {
        last = checkpoint
        kept += 1
    }
}

/// Fits that are stopped, and all that is to be compared of those that go on.
enum StoppedFit {
    struct Stop: Error {}

    /// What a fit comes to, to the bit, with all that it tells but its speed.
    struct Outcome: Equatable {
        var model: [UInt32] = []
        var beta: UInt64 = 0
        var told: [String] = []

        mutating func note(_ event: FitEvent) {
            switch event {
            case .epoch(var record):
                record.tokensPerSecond = 0
                told.append("\(record)")
            case .collapse(let collapse): told.append("\(collapse)")
            case .resuming, .preparing, .progress: break
            }
        }
    }

    /// Goes on to the end, or begins at the beginning. `blocks` is how many there were.
    static func end(
        _ log: Corpus, _ settings: FitSettings, from checkpoint: FitCheckpoint? = nil, told: [String] = [], warmStart: WarmStart? = nil,
        threads: Int = 2
    ) throws -> (outcome: Outcome, blocks: Int) {
        var outcome = Outcome(told: told), blocks = 0
        let fit = try Fit(settings: settings, shards: Shards(threads: threads), warmStart: warmStart)
        let model = try fit.run(log, from: checkpoint) { event in
            if case .progress = event { blocks += 1 }
            outcome.note(event)
        }
        outcome.model = SmallFit.bits(model)
        outcome.beta = model.settings.beta.bitPattern
        return (outcome, blocks)
    }

    /// Stops after so many blocks, counted from where it began; the checkpoint, and what was told so far.
    static func stop(
        _ log: Corpus, _ settings: FitSettings, from checkpoint: FitCheckpoint? = nil, after count: Int, warmStart: WarmStart? = nil,
        threads: Int = 1
    ) throws -> (checkpoint: FitCheckpoint, told: [String]) {
        let store = CheckpointInMemory()
        var outcome = Outcome(), blocks = 0
        do {
            let fit = try Fit(settings: settings, shards: Shards(threads: threads), warmStart: warmStart)
            _ = try fit.run(log, from: checkpoint, keeping: store) { event in
                outcome.note(event)
                guard case .progress = event else { return }
                blocks += 1
                if blocks == count { throw Stop() }
            }
        } catch is Stop {}
        guard let last = store.last else { throw Stop() }
        return (last, outcome.told)
    }
}
