import Kernels
import Testing
import TestSupport
@testable import Recurrence

/// Rows made of how items are spelled.
@Suite struct SpelledRowsTests {
    static let tolerance = RecurrentNetworkTests.tolerance
    static let serial = Shards(threads: 1)

    /// What PyTorch says: `Support/make_char_golden.py` tells how it was made.
    struct CharGolden: Decodable {
        let steps, lanes, topics, embeddingWidth, hiddenUnits, characterWidth, characterHidden: Int
        let names, strangers: [String]
        let parameters: [String: [Double]]
        let rows, strangerRows, initialHidden, initialCell, weights, logits: [Double]
        let inputs, targets: [Int]
        let resets: [Bool]
        let loss: Double
        let gradients: [String: [Double]]

        static func load() throws -> CharGolden { try Golden.load("char", as: CharGolden.self) }

        func network() -> RecurrentNetwork {
            let spelling = Spelling(names)
            let network = RecurrentNetwork(
                .init(
                    hidden: hiddenUnits, classes: topics, inputs: names.count, embedding: embeddingWidth,
                    spelled: .init(characters: spelling.alphabet, embedding: characterWidth, hidden: characterHidden)),
                spelling: spelling, seed: 1)
            network.setParameters(parameters)
            return network
        }

        var block: NaiveNetwork.Block {
            .init(
                steps: steps, lanes: lanes, inputs: inputs, starts: resets, targets: targets, weights: weights,
                carriedHidden: initialHidden, carriedCell: initialCell, mask: [Double](repeating: 1, count: steps * lanes * hiddenUnits))
        }
    }

    private static func spelled(_ network: RecurrentNetwork) -> SpelledRows { (network.input as! EmbeddingInput).source as! SpelledRows }

    /// The naive network, whose finite differences the engine's gradients are held against, is PyTorch's.
    @Test func naiveNetworkAgreesWithPyTorch() throws {
        let golden = try CharGolden.load(), naive = golden.network().naive
        // Single precision of the weights that it was read from.
        #expect(discrepancy((0...golden.names.count).flatMap(naive.embedding), golden.rows) < 1e-6)
        #expect(abs(naive.run(golden.block).loss / golden.loss - 1) < 1e-6)
    }

    @Test(arguments: [1, 2, 8]) func rowsAgreeWithPyTorch(threads: Int) throws {
        let golden = try CharGolden.load(), network = golden.network(), rows = Self.spelled(network)
        #expect(discrepancy(rows.all(shards: Shards(threads: threads)).array, golden.rows) < Self.tolerance)
        let strangers = try #require(rows.rows(spelling: golden.strangers, shards: Shards(threads: threads)))
        #expect(discrepancy(strangers.array, golden.strangerRows) < Self.tolerance)
        // The one thing that tells the two directions apart is which is which.
        var crossed = golden.parameters
        for (name, other) in [("forward_input", "backward_input"), ("forward_recurrent", "backward_recurrent")] {
            (crossed[name], crossed[other]) = (crossed[other], crossed[name])
        }
        network.setParameters(crossed)
        #expect(discrepancy(rows.all(shards: Self.serial).array, golden.rows) > 0.01)
    }

    @Test(arguments: [1, 2, 3]) func lossAndGradientsAgreeWithPyTorch(shards: Int) throws {
        let golden = try CharGolden.load()
        for uses in [nil, [7, 0, 1, 2, 4, 5, 6], [6, 5, 7, 4, 2, 1, 0, 3]] as [[Int32]?] {
            let network = golden.network()
            // What other blocks left is to be gone.
            network.parameters.gradients.base.update(repeating: .nan, count: network.parameters.count)
            if let uses { network.input.use(rows: uses) }
            let driven = DrivenBlock(golden.block, network: network, shards: shards)
            driven.run(pieces: shards)
            #expect(discrepancy(driven.logits, golden.logits) < Self.tolerance)
            #expect(abs(driven.loss / golden.loss - 1) < Self.tolerance)
            let gradients = network.byName(network.parameters.gradients)
            #expect(Set(gradients.keys) == Set(golden.gradients.keys))
            for (name, values) in gradients { #expect(discrepancy(values, golden.gradients[name]!) < Self.tolerance, "\(name)") }
        }
    }

    /// Blocks that read many rows and few in turn, and reading in between: what they left in the room that they share is not read.
    @Test func roomIsSharedByBlocks() throws {
        let golden = try CharGolden.load(), fresh = golden.network(), used = golden.network()
        for rows in [[Int32](0...7), [1, 7], [7], [0, 3, 7]] {
            used.input.use(rows: rows)
            used.input.prepare(for: rows.count == 3 ? .reading : .learning(units: DropoutMask(rate: 0.5), key: 7))
            used.prepareBlock(shards: Self.serial, pieces: 2)
        }
        for network in [fresh, used] {
            network.input.use(rows: [7, 6, 5, 4, 3, 2, 1, 0])
            network.input.prepare(for: .learning())
            DrivenBlock(golden.block, network: network).run(pieces: 2)
        }
        #expect(used.byName(used.parameters.gradients) == fresh.byName(fresh.parameters.gradients))
    }

    /// A first step alone, which no spelling has a part in.
    @Test func blocksWithoutItemsTeachTheFirstRowAlone() throws {
        let golden = try CharGolden.load(), network = golden.network()
        var block = golden.block
        for cell in block.inputs.indices { (block.inputs[cell], block.starts[cell]) = ([.init(row: 7, weight: 1)], true) }
        network.input.use(rows: [7])
        DrivenBlock(block, network: network).run(pieces: 2)
        let gradients = network.byName(network.parameters.gradients), expected = network.naive.finiteDifferences(block)
        for (name, values) in gradients {
            if expected[name]!.contains(where: { abs($0) > 1e-6 }) {
                #expect(discrepancy(values, expected[name]!) < Self.tolerance, "\(name)")
            } else {
                #expect(values.allSatisfy { $0 == 0 }, "\(name)")
            }
        }
        #expect(gradients["start_row"]!.contains { $0 != 0 } && gradients["spelling"]!.allSatisfy { $0 == 0 })
    }

    // MARK: Names that are no items

    /// A network that learns from names besides is one that has them for items, to the gradient of every parameter: rows that it has behind
    /// that of a first step are theirs.
    @Test(arguments: [1, 3]) func namesThatAreNoItemsAreLearnedFrom(shards: Int) throws {
        let golden = try CharGolden.load(), small = golden.network()
        // Spelled with the items' characters, or what is one item's number would be another's.
        let names = [String(golden.names[0].reversed()), golden.names[1] + golden.names[2], ""], n = golden.names.count
        let spelling = Spelling(golden.names + names)
        #expect(spelling.alphabet == Spelling(golden.names).alphabet)
        let large = RecurrentNetwork(
            .init(
                hidden: golden.hiddenUnits, classes: golden.topics, inputs: n + 3, embedding: golden.embeddingWidth,
                spelled: .init(characters: spelling.alphabet, embedding: golden.characterWidth, hidden: golden.characterHidden)),
            spelling: spelling, seed: 1)
        large.setParameters(golden.parameters)
        func driven(_ network: RecurrentNetwork, start: Int, first: Int) -> (loss: Double, gradients: [String: [Float]]) {
            var block = golden.block
            for cell in block.inputs.indices {
                // Every fourth item is one of the names.
                let row = golden.inputs[cell] == n ? start : cell % 4 == 1 ? first + cell % 3 : golden.inputs[cell]
                block.inputs[cell] = [.init(row: row, weight: 1)]
            }
            network.input.use(rows: Set(block.inputs.map { Int32($0[0].row) } + [Int32(start)]).sorted())
            let driven = DrivenBlock(block, network: network, shards: shards)
            driven.run(pieces: shards)
            return (driven.loss, network.byName(network.parameters.gradients))
        }
        let learning = small.learning(names)
        #expect(learning.parameters === small.parameters && learning.startInput == small.startInput && learning.input.rows == n + 4)
        let expected = driven(large, start: n + 3, first: n), found = driven(learning, start: n, first: n + 1)
        #expect(abs(found.loss / expected.loss - 1) < 1e-6)
        for (name, values) in expected.gradients {
            #expect(discrepancy(found.gradients[name]!, values.map(Double.init)) < Self.tolerance, "\(name)")
        }
        // The twin: names in another order.
        let crossed = driven(small.learning([names[1], names[2], names[0]]), start: n, first: n + 1)
        #expect(discrepancy(crossed.gradients["forward_recurrent"]!, expected.gradients["forward_recurrent"]!.map(Double.init)) > 0.01)
        // Nothing stays of them: the network itself has its own rows, and reads names as before.
        #expect(small.input.rows == n + 1 && small.learning([]) === small)
    }

    // MARK: Unknown characters

    /// Where a block is learned from, rare characters are taken for unknown ones now and then; where it is read, never.
    @Test func rareCharactersAreBlurred() throws {
        // One character has one name of 2,000, one has all of them.
        let names = (0..<2000).map { "a" + ($0 == 0 ? "b" : "") }, spelling = Spelling(names)
        let network = RecurrentNetwork(
            .init(hidden: 3, classes: 2, inputs: names.count, embedding: 2, spelled: .init(characters: spelling.alphabet, embedding: 2, hidden: 3)),
            spelling: spelling, seed: 2)
        let rows = Self.spelled(network)
        rows.use(rows: [0, 1])
        func states(_ use: InputUse) -> [Float] {
            let e = FloatBuffer(count: 4)
            rows.prepare(for: use)
            rows.beginBlock(pieces: 1)
            rows.write(0..<2, into: e.matrix(2, 2), piece: 0)
            return e.array
        }
        let plain = states(.reading)
        #expect(states(.learning()) == plain)
        var changed = (rare: 0, common: 0)
        for key in 0..<UInt32(2000) {
            let e = states(.learning(key: key &* 2_654_435_761))
            changed.rare += e[0] != plain[0] ? 1 : 0
            changed.common += e[2] != plain[2] ? 1 : 0
        }
        // Binomial of 2,000: 0.25 / 1.25 ± 4.5 standard deviations, and at most 0.25 / 2,000.25 of the common one: false alarms below 1e-4.
        #expect((320...480).contains(changed.rare) && changed.common <= 5)
    }

    // MARK: Spelling

    @Test func charactersHaveTheNumbersOfTheirFirstComing() {
        let spelling = Spelling(["ab", "", "ba c", "\u{E9}", "e\u{301}"])
        #expect((0..<spelling.count).map { Array(spelling[$0]) } == [[1, 2], [], [2, 1, 3, 4], [5], [6, 7]])
        #expect(spelling.alphabet == 8 && spelling.holders == [0, 2, 2, 1, 1, 1, 1, 1] && spelling.length == 9)
        #expect(spelling.characters(of: "cabd!") == [4, 1, 2, 0, 0])
        // Names behind others change nothing in them.
        let longer = Spelling(["ab", "", "ba c", "\u{E9}", "e\u{301}", "zab"])
        #expect((0..<5).allSatisfy { longer[$0] == spelling[$0] } && Array(longer[5]) == [8, 1, 2])
    }

    @Test func longNamesAreReadAtBothEnds() {
        let head = String(repeating: "a", count: 40), tail = String(repeating: "b", count: 40)
        let spelling = Spelling([head + "x" + tail, String(repeating: "c", count: 64)])
        #expect(Array(spelling[0]) == [Int32](repeating: 1, count: 32) + [Int32](repeating: 2, count: 32))
        #expect(spelling[1].count == 64 && spelling.alphabet == 4)
        #expect(spelling.characters(of: head + "yy" + tail) == Array(spelling[0]))
    }

    // MARK: What a network is made of

    @Test func parametersBearTheirNames() throws {
        let network = try CharGolden.load().network(), a = network.spelling!.alphabet
        #expect(network.parameters.slots.map(\.name) == [
            "recurrent", "output", "output_bias", "input", "gate_bias", "character_embedding", "forward_recurrent", "forward_input",
            "forward_gate_bias", "backward_recurrent", "backward_input", "backward_gate_bias", "spelling", "spelling_bias", "start_row",
        ])
        let spelled = a * 3 + 2 * (5 * 20 + 3 * 20 + 20) + 10 * 4 + 4 + 4
        #expect(network.parameters.learned == 6 * 24 + 6 * 7 + 7 + 4 * 24 + 24 + spelled)
        #expect(network.readingWeightsCount == network.parameters.learned - spelled + 8 * 4)
        #expect(network.readingWeights(shards: Self.serial).map(\.name) == ["recurrent", "output", "output_bias", "input", "gate_bias", "embedding"])
    }

    /// Items and characters that are new keep their random rows; all others come from the other network.
    @Test func copiesOfSmallerNetworks() {
        func network(_ names: [String], seed: UInt64) -> RecurrentNetwork {
            let spelling = Spelling(names)
            return RecurrentNetwork(
                .init(
                    hidden: 3, classes: 2, inputs: names.count, embedding: 2,
                    spelled: .init(characters: spelling.alphabet, embedding: 2, hidden: 3)), spelling: spelling, seed: seed)
        }
        let old = network(["ab", "ba"], seed: 1), new = network(["ab", "ba", "cab"], seed: 2)
        let fresh = new.byName(new.parameters.values)
        new.copy(from: old)
        let copied = new.byName(new.parameters.values), given = old.byName(old.parameters.values)
        for (name, values) in given where name != "character_embedding" { #expect(copied[name] == values, "\(name)") }
        #expect(copied["character_embedding"]! == given["character_embedding"]! + fresh["character_embedding"]!.suffix(2))
        let rows = [new, old].map { Array(Self.spelled($0).all(shards: Self.serial).array.prefix(4)) }
        #expect(discrepancy(rows[0], rows[1].map(Double.init)) < 1e-6)
    }

    /// Names besides are fed under numbers behind the table, and say what an item so spelled would.
    @Test func namesAreReadAsItemsWouldBe() throws {
        let golden = try CharGolden.load(), network = golden.network()
        let long = String(repeating: "ab", count: 40)
        network.input.use(rows: (0...7).map { $0 })
        network.input.prepare(for: .reading)
        network.prepareBlock(shards: Self.serial, pieces: 2)
        let reading = network.reading(["banana" + long, "anna"], shards: Self.serial), inputs = InputMixtures(rows: 3, entries: 1)
        #expect(reading.startInput == network.startInput && reading.input.rows == 8)
        inputs.set(0, to: 9)
        inputs.set(1, to: 0)
        inputs.set(2, to: 8)
        let gates = FloatBuffer(count: 3 * 24)
        for row in 0..<3 { reading.input.write(inputs, row: row, to: gates.base + row * 24) }
        let (named, item, other) = (Array(gates.array[0..<24]), Array(gates.array[24..<48]), Array(gates.array[48...]))
        #expect(discrepancy(named, item.map(Double.init)) < 1e-6 && discrepancy(other, item.map(Double.init)) > 0.01)
    }
}
