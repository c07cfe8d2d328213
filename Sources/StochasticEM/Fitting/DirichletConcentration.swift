import CGSL
import Kernels
import TopicSampling
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The concentration β of greatest likelihood, for topics whose items follow one symmetric Dirichlet law.
///
///     L(β) = Σ_k [ log Γ(Vβ) − log Γ(n_k + Vβ) + Σ_w (log Γ(n_wk + β) − log Γ(β)) ]                (Paper-notes L9)
///     β ← β · r(β),   r(β) = Σ_k Σ_w [ψ(n_wk + β) − ψ(β)] / (V Σ_k [ψ(n_k + Vβ) − ψ(Vβ)])
///
/// The fixed point is Minka's (*Estimating a Dirichlet distribution*, 2000). Each of his steps goes uphill, and L has one top at most
/// (Levin & Reeds, 1977): so r crosses 1 once, from above, and is bisected. His own steps arrive at the same point, but creep,
/// by 1/steps, where the top is at 0 or far out.
///
/// Sums run over distinct counts, each with the number of times that it occurs: ψ is taken once for each of them, and a count of
/// zero adds nothing.
public struct DirichletConcentration: Sendable {
    /// β is kept within this range. Counts without a greatest likelihood drive it to 0 (each topic shows one item only) or to infinity
    /// (all topics show all items alike); at either end the rest no longer matters to φ.
    public static let range = 1e-6...1e3
    /// Halvings of the range's logarithm: to 15 digits of β.
    private static let halvings = 54

    /// Counts above zero, ascending, and how often each occurs.
    private struct Histogram: Sendable {
        var values: [Double] = []
        var frequencies: [Double] = []

        init(_ counts: [(value: Int, frequency: Int)]) {
            values = counts.map { Double($0.value) }
            frequencies = counts.map { Double($0.frequency) }
        }

        /// Σ frequency · [ψ(value + a) − ψ(a)].
        func rise(_ a: Double) -> Double {
            let base = gsl_sf_psi(a)
            var sum = 0.0
            for (value, frequency) in zip(values, frequencies) { sum += frequency * (gsl_sf_psi(value + a) - base) }
            return sum
        }
    }

    /// Of n_wk, and of n_k.
    private let cells: Histogram
    private let totals: Histogram
    /// V.
    private let items: Double

    /// Counts counts: O(V·K).
    ///
    /// - Parameter shards: threads to use; nothing depends on their number.
    public init(_ counts: TopicCounts, shards: Shards) {
        items = Double(counts.items)
        totals = Histogram(DirichletConcentration.tally((0..<counts.topics).map { Int(counts.totals[$0]) }))
        cells = Histogram(DirichletConcentration.tallyCells(counts, shards: shards))
    }

    /// The β of greatest likelihood within `range`; nil where nothing is counted, or there is one item: then all β are alike.
    public var greatestLikelihood: Double? {
        guard !cells.values.isEmpty, items > 1 else { return nil }
        let range = DirichletConcentration.range
        /// Whether L rises towards larger β.
        func rises(_ beta: Double) -> Bool { cells.rise(beta) > items * totals.rise(items * beta) }
        if !rises(range.lowerBound) { return range.lowerBound }
        if rises(range.upperBound) { return range.upperBound }
        var (low, high) = (log(range.lowerBound), log(range.upperBound))
        for _ in 0..<DirichletConcentration.halvings {
            let middle = (low + high) / 2
            if rises(exp(middle)) { low = middle } else { high = middle }
        }
        return exp((low + high) / 2)
    }

    /// Values above zero, ascending, with their frequencies.
    private static func tally(_ values: [Int]) -> [(value: Int, frequency: Int)] {
        var tally: [(value: Int, frequency: Int)] = []
        for value in values.sorted() where value > 0 {
            if let last = tally.last, last.value == value { tally[tally.count - 1].frequency += 1 } else { tally.append((value, 1)) }
        }
        return tally
    }

    /// The tally of n_wk. Small counts, which are nearly all, go to an array; the few large ones are sorted.
    private static func tallyCells(_ counts: TopicCounts, shards: Shards) -> [(value: Int, frequency: Int)] {
        let pieces = 16, small = 4096
        nonisolated(unsafe) let parts = UnsafeMutablePointer<(small: [Int], large: [Int])>.allocate(capacity: pieces)
        parts.initialize(repeating: ([], []), count: pieces)
        defer { parts.deinitialize(count: pieces).deallocate() }
        shards.forEach(pieces) { piece in
            var frequencies = [Int](repeating: 0, count: small), large: [Int] = []
            frequencies.withUnsafeMutableBufferPointer { frequencies in
                for item in Shards.slice(piece, of: pieces, total: counts.items) {
                    let row = counts.row(item)
                    for topic in 0..<counts.topics {
                        let count = Int(row[topic])
                        if count < small { frequencies[count] += 1 } else { large.append(count) }
                    }
                }
            }
            parts[piece] = (frequencies, large)
        }
        let rare = (1..<small).compactMap { value in
            let frequency = (0..<pieces).reduce(0) { $0 + parts[$1].small[value] }
            return frequency > 0 ? (value: value, frequency: frequency) : nil
        }
        return rare + tally((0..<pieces).flatMap { parts[$0].large })
    }
}
