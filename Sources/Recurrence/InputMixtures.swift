import Kernels

/// What each row of a tape is fed with: a weighted mean of a few rows of the input table.
///
/// One row of weight 1 where the input is known (a topic, an item); several where it is a belief over topics.
public final class InputMixtures: @unchecked Sendable {
    /// R, of the tape.
    public let rows: Int
    /// M, the most rows that a mean is made of.
    public let entries: Int
    /// (R, M): rows of the table, the heaviest first. Behind the first weight of 0 nothing is read.
    public let indices: UnsafeMutablePointer<Int32>
    /// (R, M): what these weigh. Those of a row sum to 1; behind the first 0 nothing is read.
    public let weights: UnsafeMutablePointer<Float>

    /// All of them row 0 of the table.
    public init(rows: Int, entries: Int) {
        self.rows = rows
        self.entries = entries
        indices = .allocate(capacity: max(1, rows * entries))
        weights = .allocate(capacity: max(1, rows * entries))
        indices.initialize(repeating: 0, count: max(1, rows * entries))
        weights.initialize(repeating: 0, count: max(1, rows * entries))
        for row in 0..<rows { set(row, to: 0) }
    }

    deinit {
        indices.deallocate()
        weights.deallocate()
    }

    /// Row `index` of the table, and no other.
    @inlinable
    public func set(_ row: Int, to index: Int32) {
        indices[row * entries] = index
        weights[row * entries] = 1
        if entries > 1 { weights[row * entries + 1] = 0 }
    }

    /// Takes over the mean that row `from` of `other` holds; both have the same M.
    @inlinable
    public func copy(_ from: Int, of other: InputMixtures, to row: Int) {
        (indices + row * entries).update(from: other.indices + from * entries, count: entries)
        (weights + row * entries).update(from: other.weights + from * entries, count: entries)
    }

    /// Calls `body` with each row of the table that `row` is fed with, and its weight.
    @inlinable @inline(__always)
    public func forEach(_ row: Int, _ body: (_ index: Int, _ weight: Float) -> Void) {
        let indices = indices + row * entries, weights = weights + row * entries
        var entry = 0
        while entry < entries, weights[entry] > 0 {
            body(Int(indices[entry]), weights[entry])
            entry += 1
        }
    }
}

extension VectorMath {
    /// The mean of the rows that row `row` of `inputs` names, `count` floats each.
    @inline(__always)
    static func mean(
        _ inputs: InputMixtures, row: Int, into result: UnsafeMutablePointer<Float>, count: Int,
        rows: (_ index: Int) -> UnsafeMutablePointer<Float>
    ) {
        let entries = inputs.entries, indices = inputs.indices + row * entries, weights = inputs.weights + row * entries
        let first = rows(Int(indices[0]))
        guard entries > 1, weights[1] > 0 else { return result.update(from: first, count: count) }
        let scale = weights[0]
        for j in stride(from: 0, to: count, by: 16) {
            result.setLanes(j, first.lanes(j, count: count - j) * scale, count: count - j)
        }
        var entry = 1
        while entry < entries, weights[entry] > 0 {
            add(rows(Int(indices[entry])), times: weights[entry], to: result, count: count)
            entry += 1
        }
    }
}
