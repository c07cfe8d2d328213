import Kernels
import Testing
import TestSupport
@testable import Recurrence

@Suite struct RecurrentNetworkTests {
    /// Single precision against Double: a share of the largest value expected.
    static let tolerance = 1e-5

    // MARK: Golden values

    @Test(arguments: CellKind.allCases) func naiveNetworkAgreesWithPyTorch(cell: CellKind) throws {
        let golden = try NetworkGolden.load(cell), naive = golden.naive(cell)
        for objective in [golden.every, golden.masked] {
            let outcome = naive.run(golden.block(objective))
            // PyTorch's values are printed with nine digits.
            #expect(discrepancy(outcome.hidden, golden.hidden) < 1e-8)
            #expect(discrepancy(outcome.cell, golden.cell) < 1e-8)
            #expect(discrepancy(outcome.logits, golden.logits) < 1e-8)
            #expect(abs(outcome.loss - objective.loss) < 1e-8)
            let expected = NetworkGolden.renamed(objective.gradients)
            let differences = naive.finiteDifferences(golden.block(objective))
            #expect(Set(differences.keys) == Set(expected.keys))
            for (name, values) in differences { #expect(discrepancy(values, expected[name]!) < 1e-7, "\(name)") }
        }
    }

    @Test(arguments: [1, 2, 3], CellKind.allCases) func forwardPassAgreesWithPyTorch(shards: Int, kind: CellKind) throws {
        let golden = try NetworkGolden.load(kind)
        let driven = DrivenBlock(golden.block(golden.every), network: golden.network(kind), shards: shards)
        driven.run()
        let hidden = driven.rowsInOrder(driven.tape.hidden), cell = driven.rowsInOrder(driven.tape.cell)
        #expect(discrepancy(hidden, golden.hidden) < Self.tolerance)
        #expect(discrepancy(driven.logits, golden.logits) < Self.tolerance)
        #expect(discrepancy(Array(hidden.suffix(golden.finalHidden.count)), golden.finalHidden) < Self.tolerance)
        guard kind == .lstm else { return #expect(cell.isEmpty) }
        #expect(discrepancy(cell, golden.cell) < Self.tolerance)
        #expect(discrepancy(Array(cell.suffix(golden.finalCell.count)), golden.finalCell) < Self.tolerance)
    }

    @Test(arguments: [1, 2, 3], CellKind.allCases) func lossAndGradientsAgreeWithPyTorch(shards: Int, cell: CellKind) throws {
        let golden = try NetworkGolden.load(cell)
        for objective in [golden.every, golden.masked] {
            let driven = DrivenBlock(golden.block(objective), network: golden.network(cell), shards: shards)
            driven.run(pieces: shards)
            #expect(abs(driven.loss / objective.loss - 1) < Self.tolerance)
            #expect(gradientMisfits(of: driven, from: NetworkGolden.renamed(objective.gradients)) == [])
        }
    }

    // MARK: Finite differences

    struct Case: Sendable, CustomTestStringConvertible {
        let hidden, classes: Int
        let embedding: Int?
        /// M, the most rows that an input is a mean of; F, kinds of running counts.
        var shares = 1, memories = 0
        var cell = CellKind.lstm
        /// Units of the LSTMs that read how rows are spelled; nil: rows are those of a table.
        var spelled: Int?
        var testDescription: String {
            "\(cell) H=\(hidden) K=\(classes) E=\(embedding.map(String.init) ?? "table") M=\(shares) F=\(memories)\(spelled.map { " spelled by \($0)" } ?? "")"
        }

        static let names = ["", "anna", "nan", "banana", "ab", "café"]

        /// A network with parameters of some size everywhere, so that no gradient is near zero for want of a signal.
        func network() -> RecurrentNetwork {
            let spelling = spelled.map { _ in Spelling((0..<classes).map { $0 == 0 ? "" : Self.names[$0 % Self.names.count] + "\($0 / Self.names.count)" }) }
            let network = RecurrentNetwork(
                .init(
                    hidden: hidden, classes: classes, inputs: classes, embedding: embedding, memories: memories, cell: cell,
                    spelled: spelled.map { .init(characters: spelling!.alphabet, embedding: 3, hidden: $0) }),
                spelling: spelling, seed: 3)
            for slot in network.parameters.slots {
                let values = normalFloats(slot.count, seed: UInt64(slot.offset + 1), scale: 0.4)
                for i in 0..<slot.count { network.parameters.value(slot).base[i] = values[i] }
            }
            return network
        }

        /// Lane 0 starts with the block and its state from before is to be forgotten, lane 1 carries a state in and
        /// starts again in mid-block, lane 2 carries on throughout and has an idle cell. A third of the units are dropped.
        func block() -> NaiveNetwork.Block {
            let steps = 4, lanes = 3, cells = steps * lanes
            var random = RandomStream(seed: 5, purpose: .other)
            var starts = [Bool](repeating: false, count: cells)
            starts[0] = true
            starts[2 * lanes + 1] = true
            var weights = (0..<cells).map { 0.02 * Double($0 + 1) }
            weights[lanes + 2] = 0
            let inputs = starts.map { $0 ? classes : random.index(below: classes) }
            let mask = (0..<cells * hidden).map { _ in random.uniform() < 1 / 3.0 ? 0 : 1.5 }
            var block = NaiveNetwork.Block(
                steps: steps, lanes: lanes, inputs: inputs, starts: starts,
                targets: (0..<cells).map { _ in random.index(below: classes) }, weights: weights,
                carriedHidden: (0..<lanes * hidden).map { _ in Double(Float(0.5 * random.normal())) },
                carriedCell: (0..<lanes * hidden).map { _ in Double(Float(0.8 * random.normal())) }, mask: mask)
            for cell in 0..<cells where !starts[cell] {
                block.inputs[cell] = mean(&random, of: 1 + cell % shares)
                block.counts[cell] = (0..<memories * classes).map { _ in
                    Double(Float(random.uniform() < 0.3 ? 0 : 6 * random.uniform()))
                }
            }
            return block
        }

        /// Different rows, the heaviest first, their weights together 1.
        private func mean(_ random: inout RandomStream, of count: Int) -> [NaiveNetwork.Block.Share] {
            var rows = Array(0..<classes), shares: [NaiveNetwork.Block.Share] = [], left = 1.0
            for place in 0..<count {
                let last = place == count - 1, weight = last ? left : Double(Float(left * (0.55 + 0.3 * Double(random.uniform()))))
                shares.append(.init(row: rows.remove(at: random.index(below: rows.count)), weight: Double(Float(weight))))
                left -= weight
            }
            return shares
        }
    }

    static let cases: [Case] = [
        Case(hidden: 5, classes: 3, embedding: nil), Case(hidden: 5, classes: 3, embedding: 2),
        Case(hidden: 17, classes: 16, embedding: nil), Case(hidden: 17, classes: 16, embedding: 5),
        Case(hidden: 32, classes: 19, embedding: nil), Case(hidden: 32, classes: 19, embedding: 20),
        // What beliefs and memories add: two rows a mean, or more than there are sixteens of classes.
        Case(hidden: 5, classes: 3, embedding: nil, shares: 2, memories: 1),
        Case(hidden: 5, classes: 3, embedding: 2, shares: 3, memories: 2),
        Case(hidden: 17, classes: 16, embedding: 5, shares: 1, memories: 1),
        Case(hidden: 9, classes: 19, embedding: 5, shares: 8, memories: 2),
        // The other recurrent layers.
        Case(hidden: 5, classes: 3, embedding: nil, shares: 2, memories: 1, cell: .gru),
        Case(hidden: 17, classes: 16, embedding: 5, cell: .gru), Case(hidden: 32, classes: 19, embedding: 20, cell: .gru),
        Case(hidden: 5, classes: 3, embedding: 2, shares: 3, memories: 2, cell: .elman),
        // Rows that are spelled: of a table of as many, and of some rows of it together.
        Case(hidden: 5, classes: 3, embedding: 2, memories: 1, spelled: 4), Case(hidden: 9, classes: 19, embedding: 5, spelled: 17),
        Case(hidden: 9, classes: 7, embedding: 20, shares: 3, cell: .gru, spelled: 5),
        Case(hidden: 17, classes: 16, embedding: nil, cell: .elman), Case(hidden: 32, classes: 19, embedding: 20, cell: .elman),
    ]
    /// Those on which every fault shows that is one of its layer.
    static let telling = [cases[6], cases[7], cases[10], cases[13]]

    @Test(arguments: cases) func gradientsAgreeWithFiniteDifferences(_ sizes: Case) {
        let block = sizes.block(), network = sizes.network()
        let expected = network.naive.finiteDifferences(block)
        for shards in [1, 2] {
            let driven = DrivenBlock(block, network: network, shards: shards)
            driven.run(pieces: shards)
            #expect(abs(driven.loss / network.naive.run(block).loss - 1) < Self.tolerance)
            #expect(gradientMisfits(of: driven, from: expected) == [])
        }
    }

    /// Each of these networks is wrong in one place, and the comparison above has to say so.
    @Test(arguments: DrivenBlock.Fault.allCases) func comparisonNotices(_ fault: DrivenBlock.Fault) {
        for sizes in Self.telling where sizes.cell == .lstm || fault != .forgetGateWithoutPreviousCell {
            let block = sizes.block(), network = sizes.network()
            let driven = DrivenBlock(block, network: network, fault: fault)
            driven.run()
            #expect(gradientMisfits(of: driven, from: network.naive.finiteDifferences(block)) != [])
        }
    }

    // MARK: Threads, shards, tapes

    @Test(arguments: cases) func gradientsAreTheSameBitsForAnyThreads(_ sizes: Case) {
        let network = sizes.network()
        let driven = DrivenBlock(sizes.block(), network: network, shards: 3)
        driven.run(threads: 1, pieces: 3)
        let once = network.parameters.gradients.array
        for threads in [2, 8] {
            network.parameters.gradients.clear()
            DrivenBlock(sizes.block(), network: network, shards: 3).run(threads: threads, pieces: 3)
            #expect(network.parameters.gradients.array.map(\.bitPattern) == once.map(\.bitPattern))
        }
    }

    /// More pieces than there are sixteens of columns, so that some have nothing to do.
    @Test(arguments: cases) func gradientsAgreeForAnyPieces(_ sizes: Case) {
        let network = sizes.network()
        DrivenBlock(sizes.block(), network: network).run(pieces: 1)
        let whole = network.byName(network.parameters.gradients).mapValues { $0.map(Double.init) }
        for pieces in [2, 5, 11] {
            // What a block before left behind has to be gone, whatever it was.
            network.parameters.gradients.base.update(repeating: .nan, count: network.parameters.count)
            let driven = DrivenBlock(sizes.block(), network: network)
            driven.run(pieces: pieces)
            #expect(gradientMisfits(of: driven, from: whole) == [])
        }
    }

    /// The rows of a path are gathered on another tape before the pass back: nothing that it reads may be left behind.
    @Test(arguments: [3, 7, 9, 10, 13]) func gatheredRowsGiveTheSameGradients(index: Int) {
        let sizes = Self.cases[index], network = sizes.network()
        let driven = DrivenBlock(sizes.block(), network: network)
        driven.run()
        let expected = network.parameters.gradients.array

        let gathered = BlockTape(
            rows: driven.tape.rows, width: sizes.hidden, classes: sizes.classes, cell: sizes.cell, entries: driven.tape.inputs.entries,
            features: driven.tape.features,
            mask: driven.tape.mask.map { FloatBuffer(count: $0.rows * $0.columns) })
        for entry in 0..<gathered.rows * gathered.inputs.entries {
            gathered.inputs.indices[entry] = -1
            gathered.inputs.weights[entry] = .nan
        }
        for matrix in [
            gathered.gates, gathered.previousHidden, gathered.previousCell, gathered.cell, gathered.squashedCell,
            gathered.hidden, gathered.output, gathered.mask, gathered.proportions, gathered.memory,
        ].compactMap({ $0 }) {
            for row in 0..<matrix.rows { matrix.row(row).update(repeating: .nan, count: matrix.columns) }
        }
        network.parameters.gradients.clear()
        DrivenBlock(sizes.block(), network: network).run(gathered: gathered)
        #expect(network.parameters.gradients.array == expected)
    }

    // MARK: What a network is made of

    @Test func parametersBearTheirNames() {
        let table = RecurrentNetwork(.init(hidden: 5, classes: 3, inputs: 4), seed: 1)
        #expect(table.parameters.slots.map(\.name) == ["recurrent", "output", "output_bias", "gate_table"])
        #expect(table.parameters.learned == 5 * 20 + 5 * 3 + 3 + 5 * 20)
        let embedding = RecurrentNetwork(.init(hidden: 5, classes: 3, inputs: 4, embedding: 2), seed: 1)
        #expect(embedding.parameters.slots.map(\.name)
            == ["recurrent", "output", "output_bias", "input", "gate_bias", "embedding"])
        #expect(embedding.parameters.learned == 5 * 20 + 5 * 3 + 3 + 5 * 2 + 2 * 20 + 20)
        #expect(embedding.startInput == 4)
        let memory = RecurrentNetwork(
            .init(hidden: 5, classes: 3, inputs: 7, embedding: 2, learns: .touched, memories: 2), seed: 1)
        #expect(memory.parameters.slots.map(\.name)
            == ["recurrent", "output", "output_bias", "memory", "input", "gate_bias", "embedding"])
        #expect(memory.parameters.learned == 5 * 20 + 5 * 3 + 3 + 2 * 2 + 8 * 2 + 2 * 20 + 20)
        #expect(memory.parameters.sparse.map(\.name) == ["embedding"] && embedding.parameters.sparse.isEmpty)
    }

    /// The forget gate of an LSTM, the update gate of a GRU; Elman's layer has none.
    @Test(arguments: [(CellKind.lstm, 4, 64..<128), (.gru, 3, 128..<192), (.elman, 1, 0..<0)])
    func gatesThatKeepStartOpen(cell: CellKind, gates: Int, open: Range<Int>) {
        let h = 64
        let biased = RecurrentNetwork(.init(hidden: h, classes: 3, inputs: 4, embedding: 2, cell: cell), seed: 1)
        let bias = biased.byName(biased.parameters.values)["gate_bias"]!
        #expect(bias.count == gates * h && bias.indices.allSatisfy { bias[$0] == (open ~= $0 ? 1 : 0) })
        let table = RecurrentNetwork(.init(hidden: h, classes: 3, inputs: 4, cell: cell), seed: 1)
        let values = table.byName(table.parameters.values)["gate_table"]!
        #expect(values.indices.allSatisfy { abs(values[$0] - (open ~= $0 % (gates * h) ? 1 : 0)) <= 0.5 })
        #expect(values.contains { abs($0) < 0.5 && abs($0) > 0.4 })
    }

    @Test func otherCellsHaveOtherWeights() {
        func network(_ cell: CellKind) -> RecurrentNetwork {
            RecurrentNetwork(.init(hidden: 5, classes: 3, inputs: 4, embedding: 2, cell: cell), seed: 1)
        }
        let gru = network(.gru), elman = network(.elman)
        #expect(gru.parameters.slots.map(\.name)
            == ["recurrent", "candidate_bias", "output", "output_bias", "input", "gate_bias", "embedding"])
        #expect(gru.parameters.learned == 5 * 15 + 5 + 5 * 3 + 3 + 5 * 2 + 2 * 15 + 15)
        #expect(elman.parameters.slots.map(\.name) == ["recurrent", "output", "output_bias", "input", "gate_bias", "embedding"])
        #expect(elman.parameters.learned == 5 * 5 + 5 * 3 + 3 + 5 * 2 + 2 * 5 + 5)
        // What a layer does not keep has no room on the tape.
        let tape = BlockTape(rows: 7, width: 5, classes: 3, cell: .elman)
        #expect(tape.gates.columns == 5 && tape.cell.columns == 0 && tape.previousCell.columns == 0 && tape.squashedCell.columns == 0)
    }

    @Test func seedFixesTheWeights() {
        let shape = RecurrentNetwork.Shape(hidden: 9, classes: 4, inputs: 4, embedding: 3)
        let one = RecurrentNetwork(shape, seed: 7).parameters.values.array
        #expect(one == RecurrentNetwork(shape, seed: 7).parameters.values.array)
        #expect(one != RecurrentNetwork(shape, seed: 8).parameters.values.array)
    }

    /// Names of the parameters whose gradients are farther from the expected ones than single precision explains.
    private func gradientMisfits(of driven: DrivenBlock, from expected: [String: [Double]]) -> [String] {
        let gradients = driven.network.byName(driven.network.parameters.gradients)
        precondition(Set(gradients.keys) == Set(expected.keys), "one gradient a parameter")
        return gradients.keys.sorted().filter { discrepancy(gradients[$0]!, expected[$0]!) > Self.tolerance }
    }
}
