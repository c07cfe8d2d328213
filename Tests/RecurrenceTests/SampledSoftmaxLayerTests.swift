import Foundation
import Kernels
import Testing
import TestSupport
@testable import Recurrence

/// The loss that tells an event's class from a sample of classes.
@Suite struct SampledSoftmaxLayerTests {
    static let classes = 40, hidden = 6
    /// One set's, and three sets', of which the last has few.
    static let fewRows = 9, manyRows = 150
    static let serial = Shards(threads: 1)

    /// A network whose output weights are large enough to matter, and the sample of one block.
    private static func network(negatives: Int, rows: Int = fewRows, seed: UInt64 = 3) -> (network: RecurrentNetwork, layer: SampledSoftmaxLayer) {
        let network = RecurrentNetwork(.init(hidden: hidden, classes: classes, inputs: 4, negatives: negatives), seed: 4)
        let layer = network.output as! SampledSoftmaxLayer
        for k in 0..<classes { layer.classRows.row(k).update(from: normalFloats(hidden + 1, seed: UInt64(k) + 50), count: hidden + 1) }
        draw(layer, rows: rows, seed: seed)
        network.prepareBlock(shards: serial, pieces: 3)
        return (network, layer)
    }

    /// n_k grows with k; the first classes have none.
    private static let counts = (0..<classes).map { Int32(max(0, $0 - 5) * 3) }

    private static func draw(_ layer: SampledSoftmaxLayer, rows: Int = fewRows, seed: UInt64) {
        layer.samples.draw(counts: counts, rows: rows) { set, run, attempt in
            RandomStream(seed: seed, purpose: .negatives, sequence: run, position: set, particle: attempt)
        }
    }

    /// The set of each row.
    private static func samples(_ layer: SampledSoftmaxLayer, rows: Int) -> [[Int]] {
        var found = [[Int]](repeating: [], count: rows)
        layer.samples.forEachSet(0..<rows) { set, run in
            for row in run { found[row] = layer.samples.sets[set].map(Int.init) }
        }
        return found
    }

    /// A tape of states; of its rows one has no event, and some have classes of their samples, others not.
    private static func tape(_ layer: SampledSoftmaxLayer, rows: Int = fewRows) -> (tape: BlockTape, targets: [Int?]) {
        let tape = BlockTape(rows: rows, width: hidden, classes: layer.columns)
        for row in 0..<rows { tape.output.row(row).update(from: normalFloats(hidden, seed: UInt64(row) + 9), count: hidden) }
        let samples = samples(layer, rows: rows)
        var targets: [Int?] = (0..<rows).map { row in
            let members = samples[row], others = (0..<classes).filter { !members.contains($0) }
            return row % 2 == 0 || others.isEmpty ? members[row % members.count] : others[row / 2 % 2 % others.count]
        }
        targets[4] = nil
        return (tape, targets)
    }

    /// The loss in Double, from the equation: Σ over rows of −log softmax over S ∪ {z} of (s W_k + b_k − log π_k) at z.
    private static func loss(_ weights: [[Double]], _ states: [[Double]], _ targets: [Int?], samples: [[Int]], logInclusion: [Double]) -> Double {
        targets.indices.reduce(0) { sum, row in
            guard let z = targets[row] else { return sum }
            func logit(_ k: Int) -> Double {
                (0..<hidden).reduce(weights[k][hidden] - logInclusion[k]) { $0 + states[row][$1] * weights[k][$1] }
            }
            return sum + log(Set(samples[row] + [z]).reduce(0) { $0 + exp(logit($1)) }) - logit(z)
        }
    }

    private struct Found {
        var said = 0.0
        var weights: [[Double]]
        var states: [[Double]]
        var logInclusion: [Double]
        var gradient: [Int: [Double]] = [:]
        var hidden: [[Double]] = []
    }

    /// What the layer makes of a tape in one go forward and back, `pieces` at a time.
    private static func run(_ network: RecurrentNetwork, _ layer: SampledSoftmaxLayer, _ tape: BlockTape, _ targets: [Int?], pieces: Int) -> Found {
        func doubles(_ row: UnsafeMutablePointer<Float>, _ count: Int) -> [Double] { (0..<count).map { Double(row[$0]) } }
        let rows = tape.rows, middle = rows / 2 - 1
        var found = Found(
            weights: (0..<classes).map { doubles(layer.classRows.row($0), hidden + 1) },
            states: (0..<rows).map { doubles(tape.output.row($0), hidden) },
            logInclusion: layer.samples.logInclusion.array.map(Double.init))
        network.parameters.gradients.base.update(repeating: .nan, count: network.parameters.count)
        // As two shards would, whose border is none of sets.
        for part in [0..<middle, middle..<rows] { found.said += layer.lossGradient(tape, rows: part, weight: 1) { targets[$0] } }
        let gradient = FloatBuffer(count: rows * hidden)
        for part in [0..<middle, middle..<rows] {
            layer.hiddenGradient(tape, rows: part, into: gradient.matrix(rows, hidden).rows(part), shard: 0)
        }
        layer.nameLearned(tape)
        for piece in 0..<pieces { layer.accumulate(tape, piece: piece, of: pieces) }
        found.hidden = (0..<rows).map { doubles(gradient.matrix(rows, hidden).row($0), hidden) }
        for k in network.parameters.touched[0] {
            found.gradient[Int(k)] = doubles(network.parameters.gradient(layer.rows).row(Int(k)), hidden + 1)
        }
        return found
    }

    /// Loss and gradients, in weights and in states, by finite differences in Double; rows that nothing says anything of are not written.
    @Test(arguments: [(3, 9), (12, 9), (60, 9), (12, 150)], [1, 2, 5]) func gradientsAreThoseOfTheLoss(size: (negatives: Int, rows: Int), pieces: Int) {
        let (negatives, rows) = size
        let (network, layer) = Self.network(negatives: negatives, rows: rows)
        let (tape, targets) = Self.tape(layer, rows: rows), samples = Self.samples(layer, rows: rows)
        #expect(layer.samples.sets.count == (rows + 63) / 64 && (negatives >= Self.classes || Set(samples).count == layer.samples.sets.count))
        let found = Self.run(network, layer, tape, targets, pieces: pieces)
        func loss(_ weights: [[Double]], _ states: [[Double]]) -> Double {
            Self.loss(weights, states, targets, samples: samples, logInclusion: found.logInclusion)
        }
        #expect(abs(loss(found.weights, found.states) + found.said) < 1e-4)
        #expect(Set(found.gradient.keys) == Set(samples.joined() + targets.compactMap { $0 }))
        #expect(found.gradient.count == network.parameters.touched[0].count)

        let step = 1e-5
        for k in 0..<Self.classes {
            for j in 0...Self.hidden {
                var moved = found.weights
                moved[k][j] += step
                let above = loss(moved, found.states)
                moved[k][j] -= 2 * step
                let slope = (above - loss(moved, found.states)) / (2 * step)
                #expect(abs((found.gradient[k]?[j] ?? 0) - slope) < 1e-4, "class \(k)")
            }
        }
        for row in 0..<rows {
            // No other row hangs on this one's state.
            func loss(_ state: [Double]) -> Double {
                Self.loss(found.weights, [state], [targets[row]], samples: [samples[row]], logInclusion: found.logInclusion)
            }
            for j in 0..<Self.hidden {
                var moved = found.states[row]
                moved[j] += step
                let above = loss(moved)
                moved[j] -= 2 * step
                #expect(abs(found.hidden[row][j] - (above - loss(moved)) / (2 * step)) < 1e-4, "row \(row)")
            }
        }
        for k in 0..<Self.classes where found.gradient[k] == nil {
            #expect(network.parameters.gradient(layer.rows).row(k)[0].isNaN)
        }
        // Twins: without the correction, and with the first set for all rows.
        let plain = Self.loss(found.weights, found.states, targets, samples: samples, logInclusion: [Double](repeating: 0, count: Self.classes))
        #expect(negatives >= Self.classes || abs(plain + found.said) > 0.01)
        let first = [[Int]](repeating: samples[0], count: rows)
        let shared = Self.loss(found.weights, found.states, targets, samples: first, logInclusion: found.logInclusion)
        #expect(layer.samples.sets.count == 1 || abs(shared + found.said) > 0.01)
    }

    /// Before anything is learned, a state of zeros expects each class as often as it came; as it is made, all alike. Weights do not move.
    @Test func startsFromTheSharesOfClasses() {
        let network = RecurrentNetwork(.init(hidden: Self.hidden, classes: Self.classes, inputs: 4, negatives: 3), seed: 4)
        let layer = network.output as! SampledSoftmaxLayer
        let before = layer.embeddings
        func expected() -> [Double] {
            let state = FloatBuffer(count: Self.hidden + 1), logits = FloatBuffer(count: Self.classes)
            state.base[Self.hidden] = 1
            layer.logits(of: state.matrix(1, Self.hidden + 1), into: logits.matrix(1, Self.classes), shard: 0)
            let weights = logits.array.map { exp(Double($0)) }
            return weights.map { $0 / weights.reduce(0, +) }
        }
        let total = Double(Self.counts.reduce(0, +)) + Double(Self.classes)
        let shares = Self.counts.map { (Double($0) + 1) / total }
        func isOff() -> Bool { zip(expected(), shares).contains { abs($0 - $1) > 1e-6 } }
        #expect(isOff())
        layer.start(from: Self.counts)
        #expect(!isOff())
        #expect(layer.embeddings == before)
    }

    /// With all classes in the sample it is the full softmax, its loss and its gradients.
    @Test func allClassesGiveTheFullSoftmax() {
        let (network, layer) = Self.network(negatives: Self.classes)
        #expect(layer.samples.sets[0].map(Int.init) == Array(0..<Self.classes))
        #expect(layer.samples.logInclusion.array.allSatisfy { abs($0) < 1e-6 })
        let (tape, targets) = Self.tape(layer)
        let found = Self.run(network, layer, tape, targets, pieces: 2)

        let full = network.withFullSoftmax()
        full.prepareBlock(shards: Self.serial, pieces: 2)
        let other = BlockTape(rows: Self.fewRows, width: Self.hidden, classes: Self.classes)
        for row in 0..<Self.fewRows { other.output.row(row).update(from: tape.output.row(row), count: Self.hidden + 1) }
        full.output.logits(of: other.output, into: other.proportions, shard: 0)
        var said = 0.0
        for row in 0..<Self.fewRows {
            let y = other.proportions.row(row)
            let sum = (0..<Self.classes).reduce(0) { $0 + exp(Double(y[$1])) }
            for k in 0..<Self.classes { y[k] = targets[row] == nil ? 0 : Float(exp(Double(y[k])) / sum) }
            if let z = targets[row] { said += SoftmaxLayer.lossGradient(y, target: z, weight: 1, count: Self.classes) }
        }
        for piece in 0..<2 { full.output.accumulate(other, piece: piece, of: 2) }
        #expect(abs(said - found.said) < 1e-4)
        let gradients = full.byName(full.parameters.gradients)
        for k in 0..<Self.classes {
            for j in 0..<Self.hidden { #expect(abs(found.gradient[k]![j] - Double(gradients["output"]![j * Self.classes + k])) < 1e-5) }
            #expect(abs(found.gradient[k]![Self.hidden] - Double(gradients["output_bias"]![k])) < 1e-5)
        }
    }

    /// Where θ is right, the expected gradient of each class is zero over z ~ θ and samples: the optimum is the full softmax's.
    /// Five standard errors, 41 comparisons: one false alarm in 40,000 seeds. The twin leaves the correction out.
    @Test func theOptimumIsThatOfTheFullSoftmax() {
        let (_, layer) = Self.network(negatives: 8)
        let state = normalFloats(Self.hidden, seed: 77, scale: 0.7) + [1]
        let logits = (0..<Self.classes).map { k in (0...Self.hidden).reduce(0.0) { $0 + Double(state[$1] * layer.classRows.row(k)[$1]) } }
        let total = logits.reduce(0) { $0 + exp($1) }, theta = logits.map { exp($0) / total }
        let runs = 60_000
        func worst(corrected: Bool) -> Double {
            var sum = [Double](repeating: 0, count: Self.classes), square = sum
            for run in 0..<runs {
                Self.draw(layer, seed: UInt64(run))
                var random = RandomStream(seed: 5, purpose: .other, sequence: run)
                var left = random.uniformDouble(), z = 0
                while z < Self.classes - 1, left >= theta[z] { (left, z) = (left - theta[z], z + 1) }
                let candidates = Set(layer.samples.sets[0].map(Int.init) + [z])
                func weight(_ k: Int) -> Double { exp(logits[k] - (corrected ? Double(layer.samples.logInclusion.base[k]) : 0)) }
                let mass = candidates.sorted().reduce(0) { $0 + weight($1) }
                for k in candidates {
                    let gradient = weight(k) / mass - (k == z ? 1 : 0)
                    sum[k] += gradient
                    square[k] += gradient * gradient
                }
            }
            return (0..<Self.classes).map { abs(sum[$0]) / max(square[$0], 1e-9).squareRoot() }.max()!
        }
        #expect(worst(corrected: true) < 5)
        #expect(worst(corrected: false) > 20)
    }

    // MARK: The sample

    /// Each class is in as often as π_k says, by itself; N on average. z-scores, 40 classes: one false alarm in 10,000 seeds.
    @Test(arguments: [1, 8, 30]) func inclusionIsAsStated(size: Int) {
        let sample = ClassSamples(classes: Self.classes, size: size), runs = 20_000
        var hits = [Int](repeating: 0, count: Self.classes)
        for run in 0..<runs {
            sample.draw(counts: Self.counts, rows: 1) { _, part, attempt in
                RandomStream(seed: 11, purpose: .negatives, sequence: part, position: run, particle: attempt)
            }
            #expect(sample.sets == [sample.sets[0].sorted()] && sample.sets[0].count <= sample.room)
            for k in sample.sets[0] { hits[Int(k)] += 1 }
        }
        let inclusion = sample.logInclusion.array.map { exp(Double($0)) }
        #expect(abs(inclusion.reduce(0, +) / Double(size) - 1) < 1e-5)
        for k in 0..<Self.classes {
            let deviation = (Double(runs) * inclusion[k] * (1 - inclusion[k])).squareRoot()
            #expect(abs(Double(hits[k]) - Double(runs) * inclusion[k]) <= 4.8 * deviation + 1e-3 * Double(runs) * (inclusion[k] > 0.999 ? 1 : 0))
        }
        // Twice as often drawn, twice as often in, but for the half that goes to all alike.
        #expect(inclusion[39] > inclusion[10] && inclusion[10] > inclusion[0] && inclusion[0] == inclusion[5])
    }

    @Test func nothingCountedIsAllAlike() {
        let sample = ClassSamples(classes: 100, size: 10)
        sample.draw(counts: [Int32](repeating: 0, count: 100), rows: 1) { RandomStream(seed: 1, purpose: .negatives, sequence: $1, particle: $2) }
        #expect(sample.logInclusion.array.allSatisfy { abs(exp($0) - 0.1) < 1e-6 })
    }

    /// A model holds what was learned.
    @Test func theFullSoftmaxIsTheSameFunction() {
        let shape = RecurrentNetwork.Shape(hidden: 5, classes: 7, inputs: 7, embedding: 3, negatives: 2)
        let network = RecurrentNetwork(shape, seed: 1), full = network.withFullSoftmax()
        #expect(full.parameters.slots.map(\.name) == ["recurrent", "output", "output_bias", "input", "gate_bias", "embedding"])
        #expect(network.output.embeddings == full.output.embeddings)
        let states = FloatBuffer(normalFloats(3 * 6, seed: 3)), one = FloatBuffer(count: 21), other = FloatBuffer(count: 21)
        network.output.logits(of: states.matrix(3, 6), into: one.matrix(3, 7), shard: 0)
        full.output.logits(of: states.matrix(3, 6), into: other.matrix(3, 7), shard: 0)
        #expect(discrepancy(one.array, other.array.map(Double.init)) < 1e-6)
        #expect(full.withFullSoftmax() === full)

        // And back, into one that learned something else, and more rows of the input besides: to the bit.
        var wider = shape
        (wider.inputs, wider.learns) = (9, .touched)
        for back in [RecurrentNetwork(shape, seed: 2), RecurrentNetwork(wider, seed: 2)] {
            back.copy(from: full)
            #expect(back.output is SampledSoftmaxLayer)
            let names = ["recurrent", "output_rows", "input", "gate_bias"] + (back.shape.inputs == 7 ? ["embedding"] : [])
            let (mine, its) = (back.byName(back.parameters.values), network.byName(network.parameters.values))
            #expect(names.allSatisfy { mine[$0] == its[$0] && mine[$0] != nil })
            #expect(mine["embedding"]?.prefix(7 * 3) == its["embedding"]?.prefix(7 * 3) && mine["embedding"]?.suffix(3) == its["embedding"]?.suffix(3))
        }
    }
}
