import Kernels

/// How many events of each item have each topic: n_wk and n_k.
///
///     φ_wk = (n_wk + β) / (n_k + V β)                           (Paper-notes M5)
///
/// Rows are dense, (V, stride) Int32 with stride = K rounded up to 16, so that SIMD code reads
/// whole rows: the padding counts nothing, and its inverse totals are zero.
///
/// Counts are frozen while a block is sampled: threads then read rows without a lock, and
/// one thread moves the block's events afterwards and calls `refreshInverseTotals()`.
public final class TopicCounts: @unchecked Sendable {
    /// V.
    public let items: Int
    /// K.
    public let topics: Int
    /// β, the concentration of the Dirichlet law that each topic's items were drawn from.
    public private(set) var concentration: Float
    /// Int32s from one row to the next: K rounded up to a multiple of 16.
    public let stride: Int

    @usableFromInline let table: UnsafeMutablePointer<Int32>   // (V, stride)
    @usableFromInline let sums: UnsafeMutablePointer<Int32>    // (stride), n_k
    private let inverse: FloatBuffer                           // (stride), 1 / (n_k + V β)

    /// All counts zero.
    ///
    /// - Throws: `InvalidParameter` unless K and V are positive and β is a positive normal number.
    public init(items: Int, topics: Int, concentration: Float) throws {
        guard items > 0 else { throw InvalidParameter("items", items, remedy: "a model needs at least one item") }
        guard topics > 0, topics <= 1 << 24 else {
            throw InvalidParameter("topics", topics, remedy: "choose between 1 and 16,777,216 topics")
        }
        guard concentration.isNormal, concentration > 0 else {
            throw InvalidParameter("beta", concentration, remedy: "choose a positive number; 0.001 to 0.1 is usual")
        }
        self.items = items
        self.topics = topics
        self.concentration = concentration
        stride = (topics + 15) / 16 * 16
        let raw = UnsafeMutableRawPointer.allocate(byteCount: (items * stride + stride) * 4, alignment: 64)
        table = raw.bindMemory(to: Int32.self, capacity: items * stride + stride)
        table.initialize(repeating: 0, count: items * stride + stride)
        sums = table + items * stride
        inverse = FloatBuffer(count: stride)
        refreshInverseTotals()
    }

    deinit { UnsafeMutableRawPointer(table).deallocate() }

    /// n_w·, `stride` counts of which the first K mean something.
    @inlinable
    public func row(_ item: Int) -> UnsafePointer<Int32> { UnsafePointer(table + item * stride) }

    /// n_wk.
    @inlinable
    public func count(_ item: Int, _ topic: Int) -> Int { Int(table[item * stride + topic]) }

    /// n_k, `stride` of them.
    @inlinable
    public var totals: UnsafePointer<Int32> { UnsafePointer(sums) }

    /// 1 / (n_k + V β), `stride` of them, zero behind K: as of the last `refreshInverseTotals()`.
    public var inverseTotals: UnsafePointer<Float> { UnsafePointer(inverse.base) }

    /// V·β.
    public var concentrationSum: Float { Float(Double(items) * Double(concentration)) }

    /// Σ_k n_k, the number of events counted.
    public var total: Int { (0..<topics).reduce(0) { $0 + Int(sums[$1]) } }

    /// φ_wk from the counts as they stand.
    public func probability(of item: Int, in topic: Int) -> Float {
        (Float(count(item, topic)) + concentration) / (Float(sums[topic]) + concentrationSum)
    }

    /// Counts one more event.
    @inlinable
    public func add(item: Int, to topic: Int) {
        table[item * stride + topic] &+= 1
        sums[topic] &+= 1
    }

    /// Forgets an event that was counted before.
    @inlinable
    public func remove(item: Int, from topic: Int) {
        assert(table[item * stride + topic] > 0, "only what was counted can be removed")
        table[item * stride + topic] &-= 1
        sums[topic] &-= 1
    }

    /// An event of `item` changes its topic.
    @inlinable
    public func move(item: Int, from old: Int, to new: Int) {
        if old == new { return }
        remove(item: item, from: old)
        add(item: item, to: new)
    }

    /// Takes on the counts of another table of as many topics, with as many items or fewer: those that it lacks count nothing.
    public func copy(from other: TopicCounts) {
        precondition(items >= other.items && topics == other.topics, "shapes must agree")
        table.update(from: other.table, count: other.items * stride)
        (table + other.items * stride).update(repeating: 0, count: (items - other.items) * stride)
        sums.update(from: other.sums, count: stride)
        refreshInverseTotals()
    }

    /// All counts zero again.
    public func clear() {
        table.update(repeating: 0, count: items * stride + stride)
        refreshInverseTotals()
    }

    /// Another β from now on, `inverseTotals` with it: between blocks, as counts move.
    ///
    /// - Parameter concentration: a positive normal number.
    public func setConcentration(_ concentration: Float) {
        precondition(concentration.isNormal && concentration > 0, "β must be a positive number")
        self.concentration = concentration
        refreshInverseTotals()
    }

    /// Brings `inverseTotals` up to date: once a block, after its events were moved.
    public func refreshInverseTotals() {
        assert(violation == nil, violation ?? "")
        let base = Double(items) * Double(concentration)
        for topic in 0..<topics { inverse.base[topic] = Float(1 / (Double(sums[topic]) + base)) }
    }

    /// All of n_wk, (V, K) row-major, without padding.
    public func snapshot() -> [Int32] {
        [Int32](unsafeUninitializedCapacity: items * topics) { buffer, count in
            guard let to = buffer.baseAddress else { return }
            for item in 0..<items { (to + item * topics).initialize(from: row(item), count: topics) }
            count = items * topics
        }
    }

    /// Takes over n_wk (V, K), as `snapshot()` gave it; n_k follows.
    public func restore(_ snapshot: [Int32]) {
        precondition(snapshot.count == items * topics, "a snapshot of the same shape")
        clear()
        for item in 0..<items {
            for topic in 0..<topics {
                let count = snapshot[item * topics + topic]
                table[item * stride + topic] = count
                sums[topic] &+= count
            }
        }
        refreshInverseTotals()
    }
}
