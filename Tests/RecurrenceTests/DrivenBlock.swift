import Foundation
import Kernels
@testable import Recurrence
import TestSupport

/// Takes one block of known cells through a network and back, as the block loop does it, on a tape of its own.
final class DrivenBlock: @unchecked Sendable {
    /// Something done wrong on purpose: what a checker must notice.
    enum Fault: CaseIterable {
        /// Sequences start with the state of the one before.
        case stateCrossesStarts
        /// Gradients flow back over the start of a sequence.
        case gradientCrossesStarts
        /// The forget gate's gradient lacks its factor c_{t-1}.
        case forgetGateWithoutPreviousCell
        /// Dropout on the way forward only.
        case maskForgottenOnTheWayBack
        /// Idle cells teach.
        case idleCellsTeach
        /// dU is made with s_t for s_{t-1}.
        case recurrentGradientFromPresentState
        /// Of a mean of rows the heaviest alone is read.
        case heaviestRowOnly
        /// The rows of a mean share its gradient evenly.
        case sharesForgottenOnTheWayBack
        /// Running counts say nothing.
        case memoryForgotten
        /// λ and log α learn from other counts than those that were read.
        case memoryOfAnotherCell
    }

    let block: NaiveNetwork.Block
    let network: RecurrentNetwork
    let tape: BlockTape
    let shards: Int
    private(set) var loss = 0.0
    private(set) var logits: [Float] = []
    private let starts: UnsafeMutablePointer<Bool>
    private let fault: Fault?

    init(_ block: NaiveNetwork.Block, network: RecurrentNetwork, shards: Int = 1, fault: Fault? = nil) {
        self.block = block
        self.network = network
        self.shards = shards
        self.fault = fault
        let cells = block.steps * block.lanes
        tape = BlockTape(
            rows: cells, width: network.shape.hidden, classes: network.shape.classes, cell: network.shape.cell,
            entries: block.inputs.map(\.count).max() ?? 1, features: network.shape.memories * network.shape.classes,
            mask: block.mask.allSatisfy { $0 == 1 } ? nil : FloatBuffer(count: cells * network.shape.hidden))
        starts = .allocate(capacity: cells)
        for t in 0..<block.steps {
            for lane in 0..<block.lanes { starts[row(t, lane)] = block.starts[t * block.lanes + lane] }
        }
    }

    deinit { starts.deallocate() }

    /// Forward, loss, back, and the gradients of all parameters.
    ///
    /// - Parameter gathered: another tape, which takes over the rows for the way back.
    func run(threads: Int = 1, pieces: Int = 1, gathered: BlockTape? = nil) {
        let workers = Shards(threads: threads)
        network.prepareBlock(shards: workers, pieces: max(pieces, shards))
        workers.forEach(shards) { shard in
            for t in 0..<self.block.steps { self.forward(step: t, shard: shard) }
        }
        logits = rowsInOrder(tape.proportions)
        loss = takeLoss()
        let last = gathered ?? tape
        if let gathered {
            for row in 0..<tape.rows { gathered.copyRow(row, of: tape, to: row) }
        }
        workers.forEach(shards) { self.backward(shard: $0, on: last) }
        network.accumulateGradients(last, shards: workers, pieces: pieces)
    }

    /// The rows of a tape's matrix, step after step and lane after lane, whatever the shards.
    func rowsInOrder(_ matrix: MatrixView) -> [Float] {
        (0..<block.steps).flatMap { t in
            (0..<block.lanes).flatMap { lane in
                UnsafeBufferPointer(start: matrix.row(self.row(t, lane)), count: matrix.columns)
            }
        }
    }

    private func lanes(of shard: Int) -> Range<Int> { Shards.slice(shard, of: shards, total: block.lanes) }

    private func row(_ t: Int, _ lane: Int) -> Int {
        let mine = (0..<shards).map(lanes).first { $0.contains(lane) }!
        return mine.lowerBound * block.steps + t * mine.count + lane - mine.lowerBound
    }

    private func forward(step t: Int, shard: Int) {
        let h = tape.width, lanes = lanes(of: shard)
        for lane in lanes {
            let cell = t * block.lanes + lane, row = row(t, lane)
            feed(block.inputs[cell], row: row)
            if let memory = network.memory {
                let nothing = [Float](repeating: 0, count: tape.features), counts = block.counts[cell].map(Float.init)
                memory.write(counts.isEmpty ? nothing : counts, to: tape.memory.row(row))
            }
            for j in 0..<h {
                var s = 0.0, c = 0.0
                if !block.starts[cell] || fault == .stateCrossesStarts {
                    s = t == 0 ? block.carriedHidden[lane * h + j] : Double(tape.hidden.row(self.row(t - 1, lane))[j])
                    c = tape.layout.kept == 0 ? 0 : t == 0 ? block.carriedCell[lane * h + j] : Double(tape.cell.row(self.row(t - 1, lane))[j])
                }
                tape.previousHidden.row(row)[j] = Float(s)
                if tape.layout.kept > 0 { tape.previousCell.row(row)[j] = Float(c) }
                tape.mask?.row(row)[j] = Float(block.mask[cell * h + j])
            }
        }
        let rows = row(t, lanes.lowerBound)..<row(t, lanes.lowerBound) + lanes.count
        network.forward(tape, rows: rows, shard: shard)
        if fault == .memoryForgotten {
            network.output.logits(of: tape.output.rows(rows), into: tape.proportions.rows(rows), shard: shard)
        } else {
            network.logits(tape, rows: rows, shard: shard)
        }
    }

    private func feed(_ shares: [NaiveNetwork.Block.Share], row: Int) {
        let inputs = tape.inputs
        inputs.set(row, to: Int32(shares[0].row))
        guard shares.count > 1, fault != .heaviestRowOnly else { return }
        for entry in 0..<inputs.entries {
            // Behind the last share nothing is read: neither the weight nor the row behind it means anything.
            inputs.indices[row * inputs.entries + entry] = entry < shares.count ? Int32(shares[entry].row) : -1
            inputs.weights[row * inputs.entries + entry] = entry < shares.count ? Float(shares[entry].weight) : 0
        }
    }

    /// Logits → θ → gradient of the logits. Returns the loss.
    private func takeLoss() -> Double {
        let k = network.shape.classes
        var loss = 0.0
        for t in 0..<block.steps {
            for lane in 0..<block.lanes {
                let cell = t * block.lanes + lane, row = tape.proportions.row(row(t, lane))
                var weight = block.weights[cell]
                if weight == 0 && fault == .idleCellsTeach { weight = 0.1 }
                guard weight > 0 else {
                    row.update(repeating: 0, count: k)
                    continue
                }
                let exponentials = (0..<k).map { exp(Double(row[$0])) }
                let sum = exponentials.reduce(0, +)
                for j in 0..<k { row[j] = Float(exponentials[j] / sum) }
                loss -= block.weights[cell] * SoftmaxLayer.lossGradient(
                    row, target: block.targets[cell], weight: Float(weight), count: k)
            }
        }
        return loss
    }

    private func backward(shard: Int, on tape: BlockTape) {
        let lanes = lanes(of: shard)
        let rows = lanes.lowerBound * block.steps..<lanes.upperBound * block.steps
        injectFault(rows)
        let scratch = FloatBuffer(count: (rows.count + lanes.count) * tape.width)
        network.backward(
            tape, shard: shard, rows: rows, steps: block.steps, lanes: lanes.count, starts: starts, scratch: scratch.base)
        if fault == .recurrentGradientFromPresentState {
            for row in rows { tape.previousHidden.row(row).update(from: tape.hidden.row(row), count: tape.width) }
        }
    }

    private func injectFault(_ rows: Range<Int>) {
        let floats = rows.count * tape.width
        switch fault {
        case .gradientCrossesStarts:
            for row in rows { starts[row] = false }
        case .forgetGateWithoutPreviousCell:
            tape.previousCell.row(rows.lowerBound).update(repeating: 1, count: rows.count * tape.layout.kept)
        case .maskForgottenOnTheWayBack:
            tape.mask?.row(rows.lowerBound).update(repeating: 1, count: floats)
        case .sharesForgottenOnTheWayBack:
            for row in rows {
                let weights = tape.inputs.weights + row * tape.inputs.entries
                let count = (0..<tape.inputs.entries).count { weights[$0] > 0 }
                for entry in 0..<count { weights[entry] = 1 / Float(count) }
            }
        case .memoryOfAnotherCell:
            for row in rows.dropFirst().reversed() {
                tape.memory.row(row).update(from: tape.memory.row(row - 1), count: tape.features)
            }
        case .stateCrossesStarts, .idleCellsTeach, .recurrentGradientFromPresentState, .heaviestRowOnly, .memoryForgotten, nil:
            break
        }
    }
}
