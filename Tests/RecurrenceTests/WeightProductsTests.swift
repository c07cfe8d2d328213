import Kernels
import Testing
import TestSupport
@testable import Recurrence

/// The products of a layer, and the network that is made of them, in each precision.
@Suite struct WeightProductsTests {
    typealias Multiply = (MatrixView, GEMM.Operand, MatrixView, GEMM.Operand, MatrixView, Float) -> Void

    struct Case: Sendable, CustomTestStringConvertible {
        let units, outputs, inputs, rows, shards: Int
        let keep: Float
        var testDescription: String { "(\(units), \(outputs)), \(rows) rows of each of \(shards) shards, keep \(keep)" }
    }

    static let cases = [
        Case(units: 13, outputs: 6, inputs: 12, rows: 3, shards: 1, keep: 0), Case(units: 12, outputs: 48, inputs: 12, rows: 8, shards: 4, keep: 1),
        Case(units: 65, outputs: 200, inputs: 64, rows: 130, shards: 3, keep: 0), Case(units: 33, outputs: 132, inputs: 33, rows: 600, shards: 2, keep: 1),
    ]
    static let precisions = Precision.allCases.filter(\.isAvailable)

    /// The textbook of a precision.
    static func reference(_ precision: Precision) -> Multiply {
        switch precision {
        case .single: { GEMM.reference($0, $1, $2, $3, into: $4, keep: $5) }
        case .bf16: { HalfProduct.reference($0, $1, $2, $3, into: $4, keep: $5) }
        }
    }

    /// The largest difference from the textbook of all that products say, as a share of the largest number.
    static func worst(_ products: any WeightProducts.Type, _ size: Case, _ multiply: Multiply) -> Double {
        var layout = Parameters.Layout()
        _ = layout.add("before", 3, 7)
        let slot = layout.add("weights", size.units, size.outputs), parameters = Parameters(layout)
        let made = products.init(of: slot, inputs: size.inputs, keep: size.keep, parameters: parameters)
        let (m, n, rows) = (size.units, size.outputs, size.rows * size.shards), weights = parameters.value(slot)
        var worst = 0.0
        // Twice, with other weights: nothing is kept that should not be.
        for round in 0..<2 as Range<UInt64> {
            let drawn = normalFloats(m * n, seed: round)
            weights.base.update(from: drawn, count: m * n)
            parameters.gradients.base.update(repeating: .nan, count: parameters.count)
            made.beginBlock(pieces: size.shards)
            for piece in 0..<size.shards { made.prepareBlock(piece: piece, of: size.shards) }
            for j in 0..<n { for i in 0..<m { worst = made.transposed.row(j)[i] == weights.row(i)[j] ? worst : .infinity } }

            let fed = FloatBuffer(normalFloats(rows * m, seed: 3)), taught = FloatBuffer(normalFloats(rows * n, seed: 4))
            let x = fed.matrix(rows, m), dy = taught.matrix(rows, n)
            let y = normalFloats(rows * n, seed: 5), dx = normalFloats(rows * size.inputs, seed: 6)
            let seen = (FloatBuffer(y), FloatBuffer(dx)), expected = (FloatBuffer(y), FloatBuffer(dx), FloatBuffer(count: m * n))
            Shards(threads: 2).forEach(size.shards) { shard in
                let mine = shard * size.rows..<(shard + 1) * size.rows
                made.forward(x.rows(mine), into: seen.0.matrix(rows, n).rows(mine), shard: shard)
                made.back(dy.rows(mine), into: seen.1.matrix(rows, size.inputs).rows(mine), shard: shard)
            }
            Shards(threads: 2).forEach(size.shards) { made.accumulate(x, dy, piece: $0, of: size.shards) }
            multiply(x, .asIs, weights, .asIs, expected.0.matrix(rows, n), size.keep)
            multiply(dy, .asIs, weights.rows(0..<size.inputs), .transposed, expected.1.matrix(rows, size.inputs), size.keep)
            multiply(x, .transposed, dy, .asIs, expected.2.matrix(m, n), 0)
            let dW = Array(UnsafeBufferPointer(start: parameters.gradient(slot).base, count: m * n))
            for (a, e) in [(seen.0.array, expected.0.array), (seen.1.array, expected.1.array), (dW, expected.2.array)] {
                worst = max(worst, discrepancy(a, e.map(Double.init)))
            }
            withExtendedLifetime((fed, taught, seen, expected)) {}
        }
        return worst
    }

    @Test(arguments: cases, precisions) func agreeWithTheTextbook(_ size: Case, precision: Precision) {
        #expect(Self.worst(precision.products, size, Self.reference(precision)) < 1e-5)
        // Broken twin: factors that are rounded where they should not be, or the other way round.
        let other = precision == .single ? Precision.bf16 : .single
        #expect(Self.worst(precision.products, size, Self.reference(other)) > 1e-4)
    }

    /// One part in 256 of each factor, much of which evens out: the gradients are those of single precision but for a few per cent.
    @Test(.enabled(if: Precision.bf16.isAvailable), arguments: RecurrentNetworkTests.cases.filter { $0.cell.takes(.bf16) })
    func networksAgree(_ sizes: RecurrentNetworkTests.Case) {
        let block = sizes.block(), network = sizes.network()
        DrivenBlock(block, network: network, shards: 2).run(pieces: 2)
        let single = network.byName(network.parameters.gradients).mapValues { $0.map(Double.init) }
        let half = network.with(.bf16)
        #expect(half.parameters === network.parameters && half.with(.bf16) === half && half.with(.single).precision == .single)
        half.parameters.gradients.clear()
        let driven = DrivenBlock(block, network: half, shards: 2)
        driven.run(pieces: 2)
        for (name, values) in network.byName(network.parameters.gradients) {
            let off = discrepancy(values, single[name]!)
            #expect(off < 0.05, "\(name)")
            // What hangs on no product but through others still does.
            #expect(off > 0, "\(name)")
        }
    }

    @Test(.enabled(if: Precision.bf16.isAvailable), arguments: RecurrentNetworkTests.cases.filter { $0.cell.takes(.bf16) })
    func roundedGradientsAreTheSameBitsForAnyThreads(_ sizes: RecurrentNetworkTests.Case) {
        let network = sizes.network().with(.bf16)
        DrivenBlock(sizes.block(), network: network, shards: 3).run(threads: 1, pieces: 3)
        let once = network.parameters.gradients.array
        for threads in [2, 8] {
            network.parameters.gradients.clear()
            DrivenBlock(sizes.block(), network: network, shards: 3).run(threads: threads, pieces: 3)
            #expect(network.parameters.gradients.array.map(\.bitPattern) == once.map(\.bitPattern))
        }
    }
}
