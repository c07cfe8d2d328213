import Kernels
import Testing
import TestSupport
@testable import Recurrence

/// A table of many rows, of which each block reads and learns a few.
@Suite struct TouchedRowsTests {
    static let rows = 40, classes = 7
    static let shape = RecurrentNetwork.Shape(
        hidden: 6, classes: classes, inputs: rows, embedding: 5, learns: .touched, memories: 1)
    static let serial = Shards(threads: 1)

    /// The same weights, learned row by row or as a whole.
    private func network(_ learns: RecurrentNetwork.Shape.Rows) -> RecurrentNetwork {
        var shape = Self.shape
        shape.learns = learns
        let network = RecurrentNetwork(shape, seed: 4)
        network.parameters.values.base.update(from: normalFloats(network.parameters.count, seed: 9, scale: 0.4), count: network.parameters.count)
        return network
    }

    /// A block that reads rows 3, 5, 17, 38 and that of a start.
    static func block(seed: UInt64 = 5) -> NaiveNetwork.Block {
        let steps = 3, lanes = 2, cells = steps * lanes
        var random = RandomStream(seed: seed, purpose: .other)
        var block = NaiveNetwork.Block(
            steps: steps, lanes: lanes, inputs: [rows, 5, 38, 5, 3, 17], starts: [true] + [Bool](repeating: false, count: cells - 1),
            targets: (0..<cells).map { _ in random.index(below: classes) }, weights: [0.3, 0.1, 0.2, 0.1, 0.1, 0.2],
            carriedHidden: normalFloats(lanes * shape.hidden, seed: seed, scale: 0.5).map(Double.init),
            carriedCell: normalFloats(lanes * shape.hidden, seed: seed + 1, scale: 0.5).map(Double.init),
            mask: [Double](repeating: 1, count: cells * shape.hidden))
        for cell in 1..<cells { block.counts[cell] = (0..<classes).map { _ in Double(Float(3 * random.uniform())) } }
        return block
    }

    /// The rows that the block reads, and some that it does not, in no order.
    static let named: [Int32] = [38, 40, 3, 21, 17, 5]

    private func row(_ run: FloatBuffer, _ row: Int, of network: RecurrentNetwork) -> [Float] {
        let slot = network.input.table!
        return Array(UnsafeBufferPointer(start: run.base + slot.offset + row * slot.columns, count: slot.columns))
    }

    /// Named rows alone give what all rows give, and what finite differences say; nothing is written for another row.
    @Test(arguments: [1, 2, 5]) func namedRowsGiveTheSameNumbers(pieces: Int) {
        let whole = network(.all), some = network(.touched), block = Self.block()
        some.input.use(rows: Self.named)
        some.parameters.gradients.base.update(repeating: .nan, count: some.parameters.count)
        let expected = DrivenBlock(block, network: whole), driven = DrivenBlock(block, network: some)
        expected.run(pieces: pieces)
        driven.run(pieces: pieces)
        #expect(discrepancy(driven.logits, expected.logits.map(Double.init)) < 1e-6)
        #expect(Set(some.parameters.touched[0]) == Set(Self.named))

        let differences = whole.naive.finiteDifferences(block)
        let all = whole.byName(whole.parameters.gradients), few = some.byName(some.parameters.gradients)
        for name in all.keys.sorted() {
            #expect(discrepancy(all[name]!, differences[name]!) < 1e-5, "\(name)")
            if name != "embedding" { #expect(discrepancy(few[name]!, differences[name]!) < 1e-5, "\(name)") }
        }
        let e = Self.shape.embedding!, size = differences["embedding"]!.map(abs).max()!
        for r in 0...Self.rows {
            let gradient = row(some.parameters.gradients, r, of: some), slope = differences["embedding"]![r * e..<(r + 1) * e]
            if Self.named.contains(Int32(r)) {
                #expect(zip(gradient, slope).allSatisfy { abs(Double($0) - $1) < 1e-5 * size }, "row \(r)")
            } else {
                #expect(gradient.allSatisfy(\.isNaN) && slope.allSatisfy { abs($0) < 1e-9 * size }, "row \(r)")
            }
        }
        // Dropping the naming again: all rows are used, as at first.
        some.input.use(rows: (0...Int32(Self.rows)).map { $0 })
        DrivenBlock(block, network: some).run(pieces: pieces)
        #expect(some.byName(some.parameters.gradients)["embedding"]! == all["embedding"]!)
    }

    /// Rows named in another order are the same rows.
    @Test func theOrderOfNamesDoesNotMatter() {
        let one = network(.touched), other = network(.touched)
        one.input.use(rows: Self.named)
        other.input.use(rows: Self.named.reversed())
        for network in [one, other] { DrivenBlock(Self.block(), network: network).run() }
        for row in Self.named {
            let (a, b) = (self.row(one.parameters.gradients, Int(row), of: one), self.row(other.parameters.gradients, Int(row), of: other))
            #expect(discrepancy(a, b.map(Double.init)) < 1e-5)
        }
    }

    /// Blocks that read more rows and fewer in turn: what an earlier one left in the room that they share is not read.
    @Test func roomIsSharedByBlocks() {
        let fresh = network(.touched), used = network(.touched)
        for rows in [[Int32](0...40), [1, 2], [Int32](10...40) + [5, 3], Self.named] {
            used.input.use(rows: rows)
            used.prepareBlock(shards: Self.serial, pieces: 2)
        }
        fresh.input.use(rows: Self.named)
        for network in [fresh, used] { DrivenBlock(Self.block(), network: network).run() }
        for slot in fresh.parameters.slots where slot.name != "embedding" {
            #expect(used.byName(used.parameters.gradients)[slot.name] == fresh.byName(fresh.parameters.gradients)[slot.name])
        }
        for row in Self.named.map(Int.init) {
            #expect(self.row(used.parameters.gradients, row, of: used) == self.row(fresh.parameters.gradients, row, of: fresh))
        }
    }

    // MARK: Adam

    /// Adam over a few rows of a table in Double, written from algorithm 1 of Kingma and Ba (2015): rows that are not touched
    /// keep weights and means, and t counts all steps.
    private struct Reference {
        var value: [Double], mean: [Double], square: [Double], steps = 0.0

        init(_ value: [Float]) {
            self.value = value.map(Double.init)
            mean = value.map { _ in 0 }
            square = mean
        }

        mutating func step(_ gradients: [Int: Double], _ settings: AdamOptimizer.Settings) {
            steps += 1
            let norm = gradients.values.map { $0 * $0 }.reduce(0, +).squareRoot(), clip = min(1, settings.clipNorm / norm)
            for (i, gradient) in gradients {
                let g = gradient * clip
                mean[i] = settings.beta1 * mean[i] + (1 - settings.beta1) * g
                square[i] = settings.beta2 * square[i] + (1 - settings.beta2) * g * g
                let m = mean[i] / (1 - power(settings.beta1, steps)), v = square[i] / (1 - power(settings.beta2, steps))
                value[i] -= settings.rate * m / (v.squareRoot() + settings.epsilon)
            }
        }

        private func power(_ x: Double, _ n: Double) -> Double { (0..<Int(n)).reduce(1) { p, _ in p * x } }
    }

    /// A dense matrix before, and a sparse one whose rows of five floats stand close together.
    private func parameters(sparse: Bool = true) -> Parameters {
        var layout = Parameters.Layout()
        _ = layout.add("dense", 3, 7)
        let table = layout.add("table", 9, 5)
        let parameters = Parameters(layout, sparse: sparse ? [table] : [])
        for (i, slot) in parameters.slots.enumerated() {
            parameters.value(slot).base.update(from: normalFloats(slot.count, seed: UInt64(i)), count: slot.count)
        }
        return parameters
    }

    static let touches: [[Int32]] = [[0, 4, 8], [4], [3, 0], [], [8, 7, 4], [0, 1, 2, 3, 4, 5, 6, 7, 8], [2]]

    /// Seven steps, some with gradients that are clipped. Returns the largest distance from the reference as a share of the rate.
    private func misfit(_ parameters: Parameters, pieces: Int) -> Double {
        var settings = AdamOptimizer.Settings()
        settings.rate = 0.01
        let adam = AdamOptimizer(parameters, settings: settings), table = parameters.slots[1]
        var reference = Reference(parameters.values.array), worst = 0.0
        for (step, rows) in Self.touches.enumerated() {
            // What stands in rows that were not touched is left over from other blocks, and wrong.
            parameters.gradients.base.update(repeating: parameters.sparse.isEmpty ? 0 : .nan, count: parameters.count)
            parameters.touch(table, rows: rows)
            var gradients: [Int: Double] = [:]
            func set(_ range: Range<Int>, _ values: [Float]) {
                for (i, value) in zip(range, values) {
                    parameters.gradients.base[i] = value
                    gradients[i] = Double(value)
                }
            }
            let scale = step % 2 == 0 ? 1 : 0.05
            set(0..<table.offset, normalFloats(21, seed: UInt64(100 + step), scale: scale) + [Float](repeating: 0, count: table.offset - 21))
            for row in rows {
                let start = table.offset + Int(row) * 5
                set(start..<start + 5, normalFloats(5, seed: UInt64(1000 * step) + UInt64(row), scale: scale))
            }
            let before = parameters.values.array, means = adam.mean.array, squares = adam.square.array
            let norm = adam.step(shards: Shards(threads: 2), pieces: pieces)
            reference.step(gradients, settings)
            #expect(abs(norm / gradients.values.map { $0 * $0 }.reduce(0, +).squareRoot() - 1) < 1e-6)
            for i in 0..<parameters.count {
                if gradients[i] == nil, !parameters.sparse.isEmpty {
                    #expect(parameters.values.base[i].bitPattern == before[i].bitPattern)
                    #expect(adam.mean.base[i].bitPattern == means[i].bitPattern)
                    #expect(adam.square.base[i].bitPattern == squares[i].bitPattern)
                }
                let distance = abs(Double(parameters.values.base[i]) - reference.value[i]) / settings.rate
                if !(distance <= worst) { worst = distance.isNaN ? .infinity : distance }
            }
        }
        return worst
    }

    @Test(arguments: [1, 2, 4, 12]) func adamMovesTouchedRowsAlone(pieces: Int) {
        // A float near 2 is exact to 1.2e-7, which is 1.2e-5 of a step here; seven of them.
        #expect(misfit(parameters(), pieces: pieces) < 1e-4)
        // Broken twin: all rows, those without a gradient too.
        #expect(misfit(parameters(sparse: false), pieces: pieces) > 0.1)
    }

    /// Bits, not tolerances.
    @Test func threadsDoNotChangeABit() {
        func run(threads: Int) -> [[UInt32]] {
            let parameters = parameters(), adam = AdamOptimizer(parameters)
            for (step, rows) in Self.touches.enumerated() {
                parameters.touch(parameters.slots[1], rows: rows)
                parameters.gradients.base.update(from: normalFloats(parameters.count, seed: UInt64(step)), count: parameters.count)
                adam.step(shards: Shards(threads: threads), pieces: 4)
            }
            return [parameters.values, adam.mean, adam.square].map { $0.array.map(\.bitPattern) }
        }
        let one = run(threads: 1)
        for threads in [2, 8] { #expect(run(threads: threads) == one) }
    }

    /// PyTorch's SparseAdam on the same table. It adds ε to the root before that is corrected, which moves these steps by 3e-6 of one.
    @Test func stepsAgreeWithPyTorch() throws {
        let golden = try OptimizerGolden.load().sparseAdam
        func misfit(sparse: Bool) -> Double {
            var layout = Parameters.Layout()
            let table = layout.add("table", golden.rows, golden.columns), parameters = Parameters(layout, sparse: sparse ? [table] : [])
            parameters.values.base.update(from: golden.start, count: golden.start.count)
            var settings = AdamOptimizer.Settings()
            (settings.rate, settings.epsilon, settings.clipNorm) = (golden.rate, golden.epsilon, 1e9)
            (settings.beta1, settings.beta2) = (golden.beta1, golden.beta2)
            let adam = AdamOptimizer(parameters, settings: settings)
            var worst = 0.0
            for step in golden.steps {
                parameters.gradients.clear()
                parameters.touch(table, rows: step.touched)
                for (place, row) in step.touched.enumerated() {
                    for j in 0..<golden.columns {
                        parameters.gradient(table).row(Int(row))[j] = step.gradient[place * golden.columns + j]
                    }
                }
                adam.step(shards: Self.serial, pieces: 2)
                for (i, wanted) in step.values.enumerated() {
                    worst = max(worst, abs(Double(parameters.values.base[i]) - wanted) / golden.rate)
                }
            }
            return worst
        }
        #expect(misfit(sparse: true) < 5e-5)
        #expect(misfit(sparse: false) > 0.1)
    }
}
