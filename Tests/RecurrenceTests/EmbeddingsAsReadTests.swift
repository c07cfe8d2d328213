import Kernels
import Testing
import TestSupport
@testable import Recurrence

/// Embeddings that are multiplied as they are read, against the product of the whole table with its weights.
@Suite struct EmbeddingsAsReadTests {
    typealias Rows = RecurrentNetwork.Shape.Rows
    static let rows = 40, classes = 7

    private func network(_ learns: Rows) -> RecurrentNetwork {
        let shape = RecurrentNetwork.Shape(hidden: 6, classes: Self.classes, inputs: Self.rows, embedding: 21, learns: learns)
        let network = RecurrentNetwork(shape, seed: 4)
        network.parameters.values.base.update(from: normalFloats(network.parameters.count, seed: 9, scale: 0.4), count: network.parameters.count)
        return network
    }

    /// Means of one to three rows, which meet in rows 3 and 38; 20 rows, of which two start a sequence.
    private static func block() -> NaiveNetwork.Block {
        let steps = 5, lanes = 4, cells = steps * lanes
        var random = RandomStream(seed: 5, purpose: .other)
        var block = NaiveNetwork.Block(
            steps: steps, lanes: lanes, inputs: [Int](repeating: rows, count: cells), starts: (0..<cells).map { $0 == 0 || $0 == 9 },
            targets: (0..<cells).map { _ in random.index(below: classes) }, weights: (0..<cells).map { _ in Double(random.uniform()) },
            carriedHidden: normalFloats(lanes * 6, seed: 1, scale: 0.5).map(Double.init),
            carriedCell: normalFloats(lanes * 6, seed: 2, scale: 0.5).map(Double.init),
            mask: [Double](repeating: 1, count: cells * 6))
        for cell in 0..<cells where !block.starts[cell] {
            block.inputs[cell] = switch cell % 3 {
            case 0: [.init(row: 3, weight: 1)]
            case 1: [.init(row: 38, weight: 0.75), .init(row: cell, weight: 0.25)]
            default: [.init(row: cell, weight: 0.5), .init(row: 3, weight: 0.3), .init(row: 17, weight: 0.2)]
            }
        }
        return block
    }

    /// Logits, and gradients by name; of an embedding that is learned row by row, of the rows that were named.
    private func outcome(
        _ network: RecurrentNetwork, dropping rate: Float, key: UInt32 = 7, pieces: Int, shards: Int = 1, gathered: Bool = false,
        fault: DrivenBlock.Fault? = nil
    ) -> [String: [Float]] {
        let block = Self.block()
        network.input.prepare(for: .learning(units: rate > 0 ? DropoutMask(rate: rate) : nil, key: key))
        network.parameters.gradients.base.update(repeating: .nan, count: network.parameters.count)
        let driven = DrivenBlock(block, network: network, shards: shards, fault: fault)
        let other = gathered ? BlockTape(rows: 20, width: 6, classes: Self.classes, entries: 3) : nil
        driven.run(threads: 2, pieces: pieces, gathered: other)
        var found = network.byName(network.parameters.gradients)
        found["logits"] = driven.logits
        if network.shape.learns == .touched {
            let named = network.parameters.touched[0].sorted(), all = found["embedding"]!
            found["embedding"] = named.flatMap { all[Int($0) * 21..<Int($0 + 1) * 21] }
            found["named"] = named.map { Float($0) }
        }
        return found
    }

    /// The largest discrepancy of any part.
    private func distance(_ a: [String: [Float]], _ b: [String: [Float]]) -> Double {
        guard Set(a.keys) == Set(b.keys) else { return .infinity }
        return a.keys.map { name in
            a[name]!.count == b[name]!.count ? discrepancy(a[name]!, b[name]!.map(Double.init)) : .infinity
        }.max() ?? .infinity
    }

    /// What the table comes to, with just the rows named that the block reads where those alone are learned.
    private func expected(_ learns: Rows, dropping rate: Float, pieces: Int) -> [String: [Float]] {
        let whole = network(learns)
        if learns == .touched {
            whole.input.use(rows: Set(Self.block().inputs.flatMap { $0.map { Int32($0.row) } }).sorted())
        }
        return outcome(whole, dropping: rate, pieces: pieces)
    }

    @Test(arguments: [Rows.all, .touched], [Float(0), 0.5]) func agreesWithTheTable(learns: Rows, rate: Float) {
        for pieces in [1, 2, 5] {
            let wanted = expected(learns, dropping: rate, pieces: pieces)
            for (shards, gathered) in [(1, false), (2, false), (2, true)] {
                let read = network(learns).reading(atMost: 20)
                #expect(read.input is EmbeddingsAsRead)
                #expect(distance(outcome(read, dropping: rate, pieces: pieces, shards: shards, gathered: gathered), wanted) < 1e-5)
            }
        }
    }

    /// A second block leaves nothing of the first one.
    @Test func blocksLeaveNothingBehind() {
        let used = network(.all).reading(atMost: 30)
        _ = outcome(used, dropping: 0.5, key: 1, pieces: 2)
        #expect(distance(outcome(used, dropping: 0.5, pieces: 2), outcome(network(.all).reading(atMost: 20), dropping: 0.5, pieces: 2)) == 0)
    }

    /// Broken twins: another mask, and means whose gradient is shared out evenly.
    @Test func comparisonNoticesMistakes() {
        let wanted = expected(.all, dropping: 0.5, pieces: 2)
        #expect(distance(outcome(network(.all).reading(atMost: 20), dropping: 0.5, key: 8, pieces: 2), wanted) > 1e-2)
        #expect(distance(outcome(network(.all).reading(atMost: 20), dropping: 0.5, pieces: 2, fault: .sharesForgottenOnTheWayBack), wanted) > 1e-2)
    }

    /// Where blocks read as many rows as there are, the table's product costs less.
    @Test func smallTablesStay() { #expect(network(.all).reading(atMost: Self.rows + 1).input is EmbeddingInput) }
}
