import Kernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The layer that learns each event's class by telling it from a sample of classes (Bengio and Senécal, 2008; Jean et al., 2015):
/// the cost of learning does not grow with K.
///
/// With S the sample of some events of a block, π_k the probability that class k is in it, and z an event's own class:
///
///     loss = −log softmax_{k ∈ S ∪ {z}} (logit_k − log π_k) at z                                     (Paper-notes L10)
///
/// z may be in S by accident: it counts once. Where θ is right up to a factor that hangs on s alone, so is this softmax, for P(S ∪ {z} | z)
/// is ∝ 1 / π_z: the optimum is that of the full softmax, whatever N, and for N = K the loss is the same.
///
/// Weights stand class by class, and only rows of classes in a sample or of some event are learned from a block.
/// Columns of `BlockTape.proportions`: the members of the row's S, then room that is not read, and in the last the event's own class,
/// where that is not in S (`BlockTape.ownClasses`).
public final class SampledSoftmaxLayer: OutputLayer, @unchecked Sendable {
    /// S of each run of a block's rows; the owner of the run draws them before `beginBlock`.
    public let samples: ClassSamples
    /// (K, `width(hidden:)`): W_k, b_k, then zeros.
    public let rows: Parameters.Slot
    public var classes: Int { rows.rows }
    private let parameters: Parameters
    private let hidden: Int
    /// Of each set (room, width): the rows of its members, log π taken off the biases.
    private var members = FloatBuffer(count: 0)
    /// (room, H + 1): gradients of one set's rows.
    private let memberGradients: FloatBuffer
    /// Classes that the block teaches something, each once.
    private var learned: RowSet

    /// Floats of a class's row: H + 1 rounded up to 16.
    public static func width(hidden: Int) -> Int { (hidden + 16) / 16 * 16 }

    init(_ rows: Parameters.Slot, hidden: Int, negatives: Int, parameters: Parameters) {
        self.rows = rows
        self.hidden = hidden
        self.parameters = parameters
        samples = ClassSamples(classes: rows.rows, size: negatives)
        memberGradients = FloatBuffer(count: samples.room * (hidden + 1))
        learned = RowSet(of: rows.rows)
    }

    /// C: columns that a tape needs.
    public var columns: Int { Self.columns(classes: classes, negatives: samples.size) }

    /// `columns` of a layer before it is made.
    public static func columns(classes: Int, negatives: Int) -> Int { ClassSamples.room(classes: classes, size: negatives) + 1 }

    /// Floats that a layer keeps of the classes in the sets of a block of so many rows.
    public static func memberFloats(rows: Int, classes: Int, negatives: Int, hidden: Int) -> Int {
        ClassSamples.sets(rows: rows) * ClassSamples.room(classes: classes, size: negatives) * width(hidden: hidden)
    }

    public var classRows: MatrixView { parameters.value(rows) }

    /// Weights uniform on ±bound; biases and what stands behind them stay zero.
    func drawUniform(bound: Float, seed: UInt64) {
        let width = rows.columns
        parameters.drawUniform(rows, bound: bound, seed: seed)
        for k in 0..<classes { (classRows.row(k) + hidden).update(repeating: 0, count: width - hidden) }
    }

    /// b_k ← log (n_k + 1)/(n + K): whoever is seldom in a sample would be long in learning that he is rare, and K such rare ones together
    /// would keep most of the probability until then.
    public func start(from counts: UnsafePointer<Int32>) {
        let total = (0..<classes).reduce(Float(classes)) { $0 + Float(counts[$1]) }
        for k in 0..<classes { classRows.row(k)[hidden] = log((Float(counts[k]) + 1) / total) }
    }

    /// Its products are in single precision always: they are few.
    public func with(_ precision: Precision) -> any OutputLayer { self }

    public func beginBlock(pieces: Int) {
        let wanted = samples.sets.count * samples.room * rows.columns
        if members.count < wanted { members = FloatBuffer(count: wanted) }
    }

    /// Gathers the rows of each set's members.
    public func prepareBlock(piece: Int, of pieces: Int) {
        for g in Shards.slice(piece, of: pieces, total: samples.sets.count) {
            let gathered = members(g)
            for (place, k) in samples.sets[g].enumerated() {
                gathered.row(place).update(from: classRows.row(Int(k)), count: rows.columns)
                gathered.row(place)[hidden] -= samples.logInclusion.base[Int(k)]
            }
        }
    }

    /// (n, width) of set g.
    private func members(_ g: Int) -> MatrixView {
        members.matrix(samples.sets[g].count, rows.columns, from: g * samples.room * rows.columns)
    }

    public func logits(of hidden: MatrixView, into logits: MatrixView, shard: Int) {
        GEMM.multiply(hidden, .asIs, classRows.columns(0..<hidden.columns), .transposed, into: logits)
    }

    /// The loss of some rows of a tape, times `weight`: leaves its gradient in `proportions`.
    ///
    /// - Parameter target: z of a row; nil where there is no event.
    /// - Returns: Σ log of the sampled softmax at z. It is no estimate of Σ log θ(z).
    public func lossGradient(_ tape: BlockTape, rows: Range<Int>, weight: Float, target: (_ row: Int) -> Int?) -> Double {
        var said = 0.0
        samples.forEachSet(rows) { said += lossGradient(tape, rows: $1, set: $0, weight: weight, target: target) }
        return said
    }

    private func lossGradient(_ tape: BlockTape, rows: Range<Int>, set g: Int, weight: Float, target: (_ row: Int) -> Int?) -> Double {
        let n = samples.sets[g].count, own = tape.classes - 1
        GEMM.multiply(
            tape.output.rows(rows), .asIs, members(g).columns(0..<hidden + 1), .transposed,
            into: tape.proportions.rows(rows).columns(0..<n))
        var said = 0.0
        for row in rows {
            let y = tape.proportions.row(row)
            tape.ownClasses[row] = -1
            guard let z = target(row) else {
                y.update(repeating: 0, count: n)
                continue
            }
            let place = samples.place(z, in: g)
            let mine: Float
            if let place {
                mine = y[place]
            } else {
                tape.ownClasses[row] = Int32(z)
                mine = VectorMath.dot(classRows.row(z), tape.output.row(row), count: hidden + 1) - samples.logInclusion.base[z]
            }
            // e_k = exp(y_k − max), then weight · (e_k / Σ e − 1(k = z)).
            var top = mine
            for k in stride(from: 0, to: n, by: 16) where n - k >= 16 { top = max(top, y.lanes(k).max()) }
            for k in n / 16 * 16..<n { top = max(top, y[k]) }
            var sums = Lanes16.zero
            for k in stride(from: 0, to: n, by: 16) {
                let e = Elementwise.exp(y.lanes(k, count: n - k) - top)
                y.setLanes(k, e, count: n - k)
                sums += k + 16 <= n ? e : y.lanes(k, count: n - k)
            }
            let e = Elementwise.exp(Lanes16(repeating: mine - top))[0]
            let sum = sums.sum() + (place == nil ? e : 0)
            let scale = weight / sum
            for k in stride(from: 0, to: n, by: 16) { y.setLanes(k, y.lanes(k, count: n - k) * scale, count: n - k) }
            if let place { y[place] -= weight } else { y[own] = e * scale - weight }
            said += Double(mine - top) - log(Double(sum))
        }
        return said
    }

    public func hiddenGradient(_ tape: BlockTape, rows: Range<Int>, into hidden: MatrixView, shard: Int) {
        let own = tape.classes - 1
        samples.forEachSet(rows) { g, run in
            GEMM.multiply(
                tape.proportions.rows(run).columns(0..<samples.sets[g].count), members(g).columns(0..<self.hidden),
                into: hidden.rows(run.lowerBound - rows.lowerBound..<run.upperBound - rows.lowerBound))
        }
        for row in rows where tape.ownClasses[row] >= 0 {
            VectorMath.add(
                classRows.row(Int(tape.ownClasses[row])), times: tape.proportions.row(row)[own],
                to: hidden.row(row - rows.lowerBound), count: self.hidden)
        }
    }

    public func nameLearned(_ tape: BlockTape) {
        learned.removeAll()
        for set in samples.sets { for k in set { learned.insert(k) } }
        for row in 0..<tape.rows where tape.ownClasses[row] >= 0 { learned.insert(tape.ownClasses[row]) }
        parameters.touch(rows, rows: learned.rows)
    }

    /// Pieces share out the columns of the rows: of what an event or a set adds to a row, no two pieces add to one place.
    public func accumulate(_ tape: BlockTape, piece: Int, of pieces: Int) {
        let own = tape.classes - 1
        let columns = Shards.slice(piece, of: pieces, total: hidden + 1, unit: 16)
        guard !columns.isEmpty else { return }
        let states = tape.output.columns(columns), gradients = parameters.gradient(rows).columns(columns)
        for k in learned.rows { gradients.row(Int(k)).update(repeating: 0, count: columns.count) }
        samples.forEachSet(0..<tape.rows) { g, run in
            let set = samples.sets[g]
            let into = memberGradients.matrix(set.count, hidden + 1).columns(columns)
            GEMM.multiply(tape.proportions.rows(run).columns(0..<set.count), .transposed, states.rows(run), .asIs, into: into)
            for (place, k) in set.enumerated() {
                VectorMath.add(into.row(place), times: 1, to: gradients.row(Int(k)), count: columns.count)
            }
        }
        for row in 0..<tape.rows where tape.ownClasses[row] >= 0 {
            VectorMath.add(
                states.row(row), times: tape.proportions.row(row)[own], to: gradients.row(Int(tape.ownClasses[row])),
                count: columns.count)
        }
    }

    public var embeddings: [[Float]] {
        (0..<classes).map { k in (0..<hidden).map { classRows.row(k)[$0] } }
    }
}
