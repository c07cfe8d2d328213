import Corpora
import Foundation
import Kernels
import Testing
@testable import StochasticEM

/// The twin of `ResumeTests`: with any one tensor wiped out of its checkpoint, a fit must come to something else. It says what those tests
/// can see, and that a checkpoint holds nothing that nobody needs.
@Suite struct CheckpointPartsTests {
    struct Case: Sendable {
        let name: String
        let change: @Sendable (inout FitSettings) -> Void
        /// Blocks behind which it is stopped, as a share of all.
        let share: Double
    }

    /// Between them, each part has something to lose.
    static let cases = [
        Case(name: "warm-up", change: { ($0.memory, $0.epochs, $0.warmUp) = (.both, 2, 0.5) }, share: 0.25),
        Case(name: "joint", change: { ($0.memory, $0.epochs, $0.warmUp) = (.both, 2, 0.5) }, share: 0.75),
        Case(
            name: "mh", change: { ($0.sampler, $0.particles, $0.epochs, $0.warmUp, $0.beta, $0.adam.rate) = (.mh, 1, 4, 0.5, 1, 0.03) },
            share: 0.7),
        Case(
            name: "sample of topics", change: { ($0.sampler, $0.particles, $0.negatives, $0.epochs, $0.warmUp, $0.beta) = (.mh, 1, 3, 4, 0.5, 1) },
            share: 0.7),
        // Blocks so small that a stand-in outlives them, and steps so large that its scale is not that of a beginning.
        Case(
            name: "old stand-in",
            change: {
                ($0.sampler, $0.particles, $0.lanes, $0.steps, $0.shards) = (.mh, 1, 2, 2, 1)
                ($0.epochs, $0.warmUp, $0.beta, $0.adam.rate, $0.finalRate) = (2, 0.5, 10, 0.1, 1)
            }, share: 0.706),
        Case(name: "minka", change: { ($0.betaUpdate, $0.epochs, $0.warmUp) = (.minka, 2, 0) }, share: 0.75),
        Case(name: "full, drawing", change: { ($0.schedule, $0.epochs, $0.warmUp) = (.full, 1, 0) }, share: 0.25),
        Case(name: "full, learning", change: { ($0.schedule, $0.epochs, $0.warmUp) = (.full, 1, 0) }, share: 0.75),
        Case(name: "best", change: { ($0.epochs, $0.warmUp, $0.adam.rate, $0.finalRate, $0.betaUpdate) = (3, 0.34, 0.3, 1, .minka) }, share: 0.9),
        // Epochs that are all better than the one before, and a patience that would be at its end had the first been the best.
        Case(name: "patience", change: { ($0.epochs, $0.warmUp, $0.patience) = (4, 0.25, 2) }, share: 0.9),
        // The best of three is not the last with one seed of these at least.
        Case(name: "restarts", change: { ($0.restarts, $0.epochs, $0.warmUp, $0.seed, $0.betaUpdate) = (3, 2, 0, 1, .minka) }, share: 0.9),
        Case(name: "restarts", change: { ($0.restarts, $0.epochs, $0.warmUp, $0.seed, $0.betaUpdate) = (3, 2, 0, 2, .minka) }, share: 0.9),
        Case(name: "restarts", change: { ($0.restarts, $0.epochs, $0.warmUp, $0.seed, $0.betaUpdate) = (3, 2, 0, 3, .minka) }, share: 0.9),
        Case(name: "collapse", change: { ($0.start, $0.beta, $0.epochs, $0.warmUp) = (.random, 100, 3, 0) }, share: 0.5),
        Case(name: "swallowed", change: { ($0.epochs, $0.warmUp, $0.adam.rate, $0.beta) = (2, 0.5, 1e3, 0.001) }, share: 0.25),
    ]
    /// Clocks alone depend on it.
    static let inVain: Set = ["fit/place/seconds"]

    @Test func nothingThatIsKeptIsKeptInVain() throws {
        var names: Set<String> = [], missed: Set<String> = []
        let log = try SmallFit.log().corpus.selecting(Array(0..<40))
        for one in CheckpointPartsTests.cases {
            let settings = SmallFit.settings(one.change)
            let whole = try StoppedFit.end(log, settings)
            let (checkpoint, told) = try StoppedFit.stop(log, settings, after: Int(Double(whole.blocks) * one.share))
            #expect(try StoppedFit.end(log, settings, from: checkpoint, told: told).outcome == whole.outcome, "\(one.name)")
            for (place, tensor) in checkpoint.tensors.enumerated() {
                names.insert(tensor.name)
                // What was found once need not be found again.
                if missed.contains(tensor.name) { continue }
                var spoiled = checkpoint
                spoiled.tensors[place] = tensor.wiped
                // A wiped tensor may also be refused.
                let outcome = try? StoppedFit.end(log, settings, from: spoiled, told: told).outcome
                if outcome != whole.outcome { missed.insert(tensor.name) }
            }
        }
        #expect(names.subtracting(missed).sorted() == CheckpointPartsTests.inVain.sorted())
        #expect(names.count > 40)
    }

    /// A tensor that is not there, of another type, or of another length is refused, never guessed.
    @Test func whatDoesNotFitIsRefused() throws {
        let log = try SmallFit.log().corpus
        let settings = SmallFit.settings { ($0.memory, $0.restarts, $0.epochs) = (.both, 2, 2) }
        let blocks = try StoppedFit.end(log, settings).blocks
        let (checkpoint, _) = try StoppedFit.stop(log, settings, after: blocks * 3 / 4)
        let fit = try Fit(settings: settings, shards: Shards(threads: 1))
        func refuses(_ spoil: (Tensor) -> Tensor?) {
            for (place, tensor) in checkpoint.tensors.enumerated() {
                var spoiled = checkpoint
                if let other = spoil(tensor) { spoiled.tensors[place] = other } else { spoiled.tensors.remove(at: place) }
                do {
                    // It must not even begin.
                    _ = try fit.run(log, from: spoiled) { if case .progress = $0 { throw StoppedFit.Stop() } }
                    Issue.record("\(tensor.name) is taken")
                } catch let error as ModelFolderError {
                    #expect(error.kind == .damaged)
                } catch {
                    // The best of the restarts before may have no weights yet; that is no fault.
                    if !tensor.name.hasPrefix("best_restart/values") { Issue.record("\(tensor.name) is taken") }
                }
            }
        }
        refuses { _ in nil }
        refuses { Tensor($0.name, shape: [1], [UInt32(0)]) }
        refuses { Tensor($0.name, shape: [3], [Int64](repeating: -7, count: 3)) }
    }
}

extension Tensor {
    /// As it would be had nobody kept it.
    fileprivate var wiped: Tensor {
        switch values {
        case .float32(let numbers): Tensor(name, shape: shape, [Float](repeating: 0, count: numbers.count))
        case .float64(let numbers): Tensor(name, shape: shape, [Double](repeating: 0, count: numbers.count))
        case .int32(let numbers): Tensor(name, shape: shape, [Int32](repeating: 0, count: numbers.count))
        case .uint32(let numbers): Tensor(name, shape: shape, [UInt32](repeating: 0, count: numbers.count))
        case .int64(let numbers): Tensor(name, shape: shape, [Int64](repeating: 0, count: numbers.count))
        }
    }
}
