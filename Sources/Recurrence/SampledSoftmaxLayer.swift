import Kernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The layer that learns each event's class by telling it from a sample of classes (Bengio and Senécal, 2008; Jean et al., 2015):
/// the cost of learning does not grow with K.
///
/// With S the sample that all events of a block share, π_k the probability that class k is in it, and z the event's own class:
///
///     loss = −log softmax_{k ∈ S ∪ {z}} (logit_k − log π_k) at z                                     (Paper-notes L10)
///
/// z may be in S by accident: it counts once. Where θ is right up to a factor that hangs on s alone, so is this softmax, for P(S ∪ {z} | z)
/// is ∝ 1 / π_z: the optimum is that of the full softmax, whatever N, and for N = K the loss is the same.
///
/// Weights stand class by class, and only rows of classes in S or of some event are learned from a block.
/// Columns of `BlockTape.proportions`: the members of S, then room that is not read, and in the last the event's own class, where
/// that is not in S (`BlockTape.ownClasses`).
public final class SampledSoftmaxLayer: OutputLayer, @unchecked Sendable {
    /// S; the owner of the run draws it before `prepareBlock`.
    public let sample: ClassSample
    public let rows: Parameters.Slot  // (K, width): W_k, b_k, zeros
    public var classes: Int { rows.rows }
    private let parameters: Parameters
    private let hidden: Int
    /// Each class's place in S, or −1; kept up with `placed`, the S that it is of.
    private let places: UnsafeMutablePointer<Int32>
    private var placed: [Int32] = []
    /// (H + 1, n): weights of S unit by unit, log π taken off the biases. (n, width): the same class by class, as they are.
    private let units: FloatBuffer
    private let members: FloatBuffer
    /// (n, H + 1): gradients of the rows of S.
    private let memberGradients: FloatBuffer
    /// Classes besides S that events of the block have, each once.
    private var others: [Int32] = []
    private var isOther: [Bool]

    /// Floats of a class's row: H + 1 rounded up to 16.
    public static func width(hidden: Int) -> Int { (hidden + 16) / 16 * 16 }

    init(_ rows: Parameters.Slot, hidden: Int, negatives: Int, parameters: Parameters) {
        self.rows = rows
        self.hidden = hidden
        self.parameters = parameters
        sample = ClassSample(classes: rows.rows, size: negatives)
        places = .allocate(capacity: rows.rows)
        places.initialize(repeating: -1, count: rows.rows)
        units = FloatBuffer(count: (hidden + 1) * sample.room)
        members = FloatBuffer(count: sample.room * rows.columns)
        memberGradients = FloatBuffer(count: sample.room * (hidden + 1))
        isOther = [Bool](repeating: false, count: rows.rows)
    }

    deinit { places.deallocate() }

    /// C: columns that a tape needs.
    public var columns: Int { Self.columns(classes: classes, negatives: sample.size) }

    /// `columns` of a layer before it is made.
    public static func columns(classes: Int, negatives: Int) -> Int { ClassSample.room(classes: classes, size: negatives) + 1 }

    public var classRows: MatrixView { parameters.value(rows) }

    /// Weights uniform on ±bound; biases and what stands behind them stay zero.
    func drawUniform(bound: Float, seed: UInt64) {
        let width = rows.columns
        parameters.drawUniform(rows, bound: bound, seed: seed)
        for k in 0..<classes { (classRows.row(k) + hidden).update(repeating: 0, count: width - hidden) }
    }

    /// Its products are in single precision always: they are few.
    public func with(_ precision: Precision) -> any OutputLayer { self }

    public func beginBlock(pieces: Int) {}

    /// Gathers the rows of S.
    public func prepareBlock(piece: Int, of pieces: Int) {
        if piece == 0 { place() }
        let n = sample.members.count, mine = Shards.slice(piece, of: pieces, total: n)
        let into = members.matrix(n, rows.columns).rows(mine)
        for r in 0..<into.rows { into.row(r).update(from: classRows.row(Int(sample.members[mine.lowerBound + r])), count: rows.columns) }
        let units = units.matrix(hidden + 1, n).columns(mine)
        VectorMath.transpose(into.columns(0..<hidden + 1), into: units)
        for r in 0..<into.rows { units.row(hidden)[r] -= sample.logInclusion.base[Int(sample.members[mine.lowerBound + r])] }
    }

    private func place() {
        for k in placed { places[Int(k)] = -1 }
        placed = sample.members
        for (place, k) in placed.enumerated() { places[Int(k)] = Int32(place) }
    }

    public func logits(of hidden: MatrixView, into logits: MatrixView, shard: Int) {
        GEMM.multiply(hidden, .asIs, classRows.columns(0..<hidden.columns), .transposed, into: logits)
    }

    /// The loss of some rows of a tape, times `weight`: leaves its gradient in `proportions`.
    ///
    /// - Parameter target: z of a row; nil where there is no event.
    /// - Returns: Σ log of the sampled softmax at z. It is no estimate of Σ log θ(z).
    public func lossGradient(_ tape: BlockTape, rows: Range<Int>, weight: Float, target: (_ row: Int) -> Int?) -> Double {
        let n = placed.count, own = tape.classes - 1
        let logits = tape.proportions.rows(rows).columns(0..<n)
        GEMM.multiply(tape.output.rows(rows), units.matrix(hidden + 1, n), into: logits)
        var said = 0.0
        for row in rows {
            let y = tape.proportions.row(row)
            tape.ownClasses[row] = -1
            guard let z = target(row) else {
                y.update(repeating: 0, count: n)
                continue
            }
            let place = Int(places[z])
            var mine: Float = 0
            if place < 0 {
                tape.ownClasses[row] = Int32(z)
                mine = VectorMath.dot(classRows.row(z), tape.output.row(row), count: hidden + 1) - sample.logInclusion.base[z]
            } else {
                mine = y[place]
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
            let sum = sums.sum() + (place < 0 ? e : 0)
            let scale = weight / sum
            for k in stride(from: 0, to: n, by: 16) { y.setLanes(k, y.lanes(k, count: n - k) * scale, count: n - k) }
            if place < 0 { y[own] = e * scale - weight } else { y[place] -= weight }
            said += Double(mine - top) - log(Double(sum))
        }
        return said
    }

    public func hiddenGradient(_ tape: BlockTape, rows: Range<Int>, into hidden: MatrixView, shard: Int) {
        let n = placed.count, own = tape.classes - 1
        GEMM.multiply(
            tape.proportions.rows(rows).columns(0..<n), members.matrix(n, self.rows.columns).columns(0..<self.hidden), into: hidden)
        for row in rows where tape.ownClasses[row] >= 0 {
            VectorMath.add(
                classRows.row(Int(tape.ownClasses[row])), times: tape.proportions.row(row)[own],
                to: hidden.row(row - rows.lowerBound), count: self.hidden)
        }
    }

    public func nameLearned(_ tape: BlockTape) {
        others.removeAll(keepingCapacity: true)
        for row in 0..<tape.rows {
            let z = tape.ownClasses[row]
            guard z >= 0, !isOther[Int(z)] else { continue }
            isOther[Int(z)] = true
            others.append(z)
        }
        for z in others { isOther[Int(z)] = false }
        parameters.touch(rows, rows: placed + others)
    }

    /// Pieces share out the columns of the rows: what an event adds to the row of its own class, no two pieces add to one place.
    public func accumulate(_ tape: BlockTape, piece: Int, of pieces: Int) {
        let n = placed.count, own = tape.classes - 1
        let columns = Shards.slice(piece, of: pieces, total: hidden + 1, unit: 16)
        guard !columns.isEmpty else { return }
        let states = tape.output.columns(columns), gradients = parameters.gradient(rows).columns(columns)
        let into = memberGradients.matrix(n, hidden + 1).columns(columns)
        GEMM.multiply(tape.proportions.columns(0..<n), .transposed, states, .asIs, into: into)
        for (place, k) in placed.enumerated() { gradients.row(Int(k)).update(from: into.row(place), count: columns.count) }
        for z in others { gradients.row(Int(z)).update(repeating: 0, count: columns.count) }
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
