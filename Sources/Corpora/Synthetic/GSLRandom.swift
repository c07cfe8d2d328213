@preconcurrency import CGSL

/// GSL's Mersenne twister, and the distributions that synthetic logs need.
///
/// One sequence of numbers, in the order in which they are asked for. GSL reads seed 0 as 4357.
final class GSLRandom {
    fileprivate let state: UnsafeMutablePointer<gsl_rng>

    init(seed: UInt32) {
        state = gsl_rng_alloc(gsl_rng_mt19937)
        gsl_rng_set(state, UInt(seed))
    }

    deinit { gsl_rng_free(state) }

    /// Uniform on [0, 1).
    func uniform() -> Double { gsl_rng_uniform(state) }

    /// Uniform on 0 ..< bound.
    func index(below bound: Int) -> Int { Int(gsl_rng_uniform_int(state, UInt(bound))) }

    /// `count` of the numbers 0 ..< bound, each at most once, ascending.
    func choose(_ count: Int, below bound: Int) -> [UInt32] {
        var all = Array(0..<UInt32(bound))
        var chosen = [UInt32](repeating: 0, count: count)
        gsl_ran_choose(state, &chosen, count, &all, bound, MemoryLayout<UInt32>.stride)
        return chosen
    }

    /// The numbers 0 ..< count in random order.
    func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        gsl_ran_shuffle(state, &order, count, MemoryLayout<Int>.stride)
        return order
    }

    /// Puts the values at some places in random order.
    func shuffle(_ values: inout [UInt32], _ places: Range<Int>) {
        values.withUnsafeMutableBufferPointer { values in
            guard places.count > 1, let base = values.baseAddress else { return }
            gsl_ran_shuffle(state, base + places.lowerBound, places.count, MemoryLayout<UInt32>.stride)
        }
    }

    /// A point of the simplex from the symmetric Dirichlet distribution.
    func dirichlet(_ count: Int, concentration: Double) -> [Double] {
        var point = [Double](repeating: 0, count: count)
        gsl_ran_dirichlet(state, count, [Double](repeating: concentration, count: count), &point)
        return point
    }
}

/// Draws from a fixed discrete distribution in constant time (GSL's alias table, after Walker).
///
/// Never written to once built, so that any number of readers may share it.
final class DiscreteTable: @unchecked Sendable {
    private let table: UnsafeMutablePointer<gsl_ran_discrete_t>

    /// - Parameter weights: at least one; none negative, not all zero.
    init(weights: [Double]) {
        table = gsl_ran_discrete_preproc(weights.count, weights)
    }

    deinit { gsl_ran_discrete_free(table) }

    func draw(_ random: GSLRandom) -> Int { gsl_ran_discrete(random.state, table) }
}
