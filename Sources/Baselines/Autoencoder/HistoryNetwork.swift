import Kernels
import Recurrence
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A bag of items in, the next item out:
///
///     h = tanh(Σ_w x_w E_w + e),   p = softmax(h W + b)                                               (Paper-notes B4)
final class HistoryNetwork: @unchecked Sendable {
    /// V and H.
    let items: Int
    let hidden: Int
    let parameters: Parameters
    private let output: Parameters.Slot     // (H + 1, V): W over b
    private let bias: Parameters.Slot       // (1, H): e
    private let embedding: Parameters.Slot  // (V, H): E
    /// Rows of E that the batch at hand teaches something.
    private var touched: RowSet

    /// Weights uniform on ±1/√H for `seed`, biases zero.
    init(items: Int, hidden: Int, seed: UInt64) {
        self.items = items
        self.hidden = hidden
        var layout = Parameters.Layout()
        let last = layout.add("output", hidden, items, above: "output_bias")
        output = last.both
        bias = layout.add("hidden_bias", 1, hidden)
        // What a batch touches a few rows of only stands last.
        embedding = layout.add("embedding", items, hidden)
        parameters = Parameters(layout, sparse: [embedding])
        touched = RowSet(of: items)
        let bound = 1 / Float(hidden).squareRoot()
        parameters.drawUniform(last.first, bound: bound, seed: seed)
        parameters.drawUniform(embedding, bound: bound, seed: seed)
    }

    /// h (H) of one bag, given its items and x, and behind it the 1 of the bias.
    func encode(_ items: some Collection<UInt32>, _ x: some Collection<Float>, into h: UnsafeMutablePointer<Float>) {
        h.update(from: parameters.value(bias).base, count: hidden)
        let rows = parameters.value(embedding)
        for (item, x) in zip(items, x) { VectorMath.add(rows.row(Int(item)), times: x, to: h, count: hidden) }
        for j in stride(from: 0, to: hidden, by: 16) { h.setLanes(j, Elementwise.tanh(h.lanes(j, count: hidden - j)), count: hidden - j) }
        h[hidden] = 1
    }

    /// p (n, V) of encoded bags, (n, H + 1).
    func decode(_ h: MatrixView, into p: MatrixView) {
        GEMM.multiply(h, parameters.value(output), into: p)
        for r in 0..<p.rows { VectorMath.softmax(p.row(r), count: p.columns) }
    }

    /// Bags and the items that came next, as one step learns from.
    struct Batch {
        /// Bag i is `starts[i] ..< starts[i + 1]` of items and x.
        var starts = [0]
        var items: [UInt32] = []
        var x: [Float] = []
        var targets: [UInt32] = []

        mutating func removeAll() {
            starts.removeAll(keepingCapacity: true)
            starts.append(0)
            items.removeAll(keepingCapacity: true)
            x.removeAll(keepingCapacity: true)
            targets.removeAll(keepingCapacity: true)
        }
    }

    /// Room for what a batch passes through.
    final class Tape: @unchecked Sendable {
        fileprivate let states: FloatBuffer      // (n, H + 1)
        fileprivate let gradients: FloatBuffer   // (n, H)
        fileprivate let proportions: FloatBuffer // (n, V)

        init(rows: Int, of network: HistoryNetwork) {
            states = FloatBuffer(count: rows * (network.hidden + 1))
            gradients = FloatBuffer(count: rows * network.hidden)
            proportions = FloatBuffer(count: rows * network.items)
        }
    }

    /// Leaves the gradient of −mean log p(target) in `parameters`; returns Σ log p(target).
    ///
    /// - Parameter pieces: that rows and columns are cut into; part of the result, unlike threads.
    func gradient(_ batch: Batch, on tape: Tape, shards: Shards, pieces: Int) -> Double {
        let n = batch.targets.count
        let states = tape.states.matrix(n, hidden + 1), backs = tape.gradients.matrix(n, hidden), rows = tape.proportions.matrix(n, items)
        nonisolated(unsafe) let sums = UnsafeMutablePointer<Double>.allocate(capacity: pieces)
        defer { sums.deallocate() }
        shards.forEach(pieces) { piece in
            let mine = Shards.slice(piece, of: pieces, total: n)
            for i in mine {
                let bag = batch.starts[i]..<batch.starts[i + 1]
                self.encode(batch.items[bag], batch.x[bag], into: states.row(i))
            }
            let p = rows.rows(mine)
            self.decode(states.rows(mine), into: p)
            sums[piece] = 0
            for i in mine {
                sums[piece] += SoftmaxLayer.lossGradient(rows.row(i), target: Int(batch.targets[i]), weight: 1 / Float(n), count: self.items)
            }
            let back = backs.rows(mine)
            GEMM.multiply(p, .asIs, self.parameters.value(self.output).rows(0..<self.hidden), .transposed, into: back)
            for r in 0..<back.rows {
                let d = back.row(r), h = states.row(mine.lowerBound + r)
                for j in stride(from: 0, to: self.hidden, by: 16) {
                    let k = self.hidden - j, value = h.lanes(j, count: k)
                    d.setLanes(j, d.lanes(j, count: k) * (1 - value * value), count: k)
                }
            }
        }
        touched.removeAll()
        for item in batch.items { touched.insert(Int32(item)) }
        parameters.touch(embedding, rows: touched.rows)
        shards.forEach(pieces) { piece in
            let classes = Shards.slice(piece, of: pieces, total: self.items, unit: 16)
            if !classes.isEmpty {
                GEMM.multiply(
                    states, .transposed, rows.columns(classes), .asIs, into: self.parameters.gradient(self.output).columns(classes))
            }
            self.accumulate(batch, backs, units: Shards.slice(piece, of: pieces, total: self.hidden, unit: 16))
        }
        return (0..<pieces).reduce(0) { $0 + sums[$1] }
    }

    /// Gradients of E and e in some of the H units.
    private func accumulate(_ batch: Batch, _ backs: MatrixView, units: Range<Int>) {
        if units.isEmpty { return }
        let into = parameters.gradient(embedding).columns(units), bias = parameters.gradient(bias).base + units.lowerBound
        for row in touched.rows { into.row(Int(row)).update(repeating: 0, count: units.count) }
        bias.update(repeating: 0, count: units.count)
        for i in batch.targets.indices {
            let back = backs.row(i) + units.lowerBound
            VectorMath.add(back, to: bias, count: units.count)
            for entry in batch.starts[i]..<batch.starts[i + 1] {
                VectorMath.add(back, times: batch.x[entry], to: into.row(Int(batch.items[entry])), count: units.count)
            }
        }
    }
}
