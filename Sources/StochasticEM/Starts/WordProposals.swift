import Kernels
import TopicSampling

/// Topics for an event by its item alone, in O(1):
///
///     q_w(k) ∝ (n_wk + β) / (n_k + Vβ)
///
/// from the counts at the start of a sweep: an alias table over the K_w topics of each item, and one over all K for the part that β adds.
final class WordProposals: @unchecked Sendable {
    /// The counts that the tables were built from.
    let counts: TopicCounts
    private let offsets: [Int]                                          // (V + 1), room for min(K, n_w) topics each
    private let entries: UnsafeMutablePointer<AliasTable.Entry>
    private let topics: UnsafeMutablePointer<Int32>                     // the topic of each column
    private let lengths: UnsafeMutablePointer<Int32>                    // (V) K_w
    private let masses: FloatBuffer                                     // (V) Σ_k n_wk / (n_k + Vβ)
    private let smooth: AliasTable                                      // ∝ β / (n_k + Vβ)
    private var smoothMass: Float = 0

    /// - Parameter events: how often each item is counted (V): bounds the number of its topics.
    init(counts: TopicCounts, events: [Int]) {
        self.counts = counts
        var ends = [0]
        for n in events { ends.append(ends[ends.count - 1] + min(n, counts.topics)) }
        offsets = ends
        entries = .allocate(capacity: max(1, ends[ends.count - 1]))
        topics = .allocate(capacity: max(1, ends[ends.count - 1]))
        lengths = .allocate(capacity: counts.items)
        masses = FloatBuffer(count: counts.items)
        smooth = AliasTable(count: counts.topics)
    }

    deinit {
        entries.deallocate()
        topics.deallocate()
        lengths.deallocate()
    }

    /// Builds all tables from `counts`, whose inverse totals must be fresh.
    func rebuild(shards: Shards) {
        let k = counts.topics, inverse = counts.inverseTotals
        let beta = FloatBuffer(count: k)
        for topic in 0..<k { beta.base[topic] = counts.concentration * inverse[topic] }
        smoothMass = Float(smooth.rebuild(beta.base))
        RowChunks(counts.items, of: 128).forEach(shards) { items, _ in
            let builder = AliasTable.Builder(capacity: k), weights = FloatBuffer(count: k)
            for item in items {
                let row = counts.row(item), own = topics + offsets[item]
                var length = 0
                for topic in 0..<k where row[topic] > 0 {
                    own[length] = Int32(topic)
                    weights.base[length] = Float(row[topic]) * counts.inverseTotals[topic]
                    length += 1
                }
                lengths[item] = Int32(length)
                masses.base[item] = length == 0
                    ? 0 : Float(builder.fill(entries + offsets[item], weights: weights.base, count: length))
            }
        }
    }

    /// A topic ∝ q_w, from one uniform on [0, 1) with 53 bits.
    @inline(__always)
    func draw(item: Int, _ uniform: Double) -> Int {
        let mass = Double(masses.base[item])
        let point = uniform * (mass + Double(smoothMass))
        if point < mass {
            let length = Int(lengths[item]), offset = offsets[item]
            let place = point / mass * Double(length)
            let column = min(Int(place), length - 1)
            return Int(topics[offset + AliasTable.draw(at: column, Float(place - Double(column)), entries + offset)])
        }
        let place = (point - mass) / Double(smoothMass) * Double(counts.topics)
        let column = min(Int(place), counts.topics - 1)
        return smooth.draw(at: column, Float(place - Double(column)))
    }

    /// q_w(k), up to a factor.
    @inline(__always)
    func weight(_ item: Int, _ topic: Int) -> Float {
        (Float(counts.row(item)[topic]) + counts.concentration) * counts.inverseTotals[topic]
    }
}
