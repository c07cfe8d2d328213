#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A counter-based stream of random numbers (Philox4x32-10; Salmon et al., SC 2011).
///
/// The numbers depend on nothing but the key and the counter: not on the thread
/// that asks, not on what was asked before. So a token's random numbers are the
/// same whether one thread or eight run, and after a run was resumed.
public struct RandomStream: RandomNumberGenerator, Sendable {
    /// What a stream is for. Two purposes never share numbers.
    public enum Purpose: UInt32, Sendable, CaseIterable {
        /// Of an event: its topic, its survivors with their topics, hidden units that are dropped, its proposals, and the path that is picked.
        case topicDraw = 1, survivors, dropout, proposal, path
        /// Of a fit: dropped inputs, first weights, first topics, the order of reading, sequences kept aside; of made-up data; of all else.
        case inputDropout, parameters, start, dealing, validation, synthesis, other
        /// Candidates of a search for settings.
        case tuning
        /// Of LDA's sampler: whether a proposal is taken, and what is proposed; samples of classes that a loss compares with.
        case judging, proposing, negatives
        /// Which inputs are taken for unknown ones while a network learns.
        case unknownInputs
        /// The seed of a fit that another fit starts from.
        case startingFit
    }

    let key: SIMD2<UInt32>
    var counter: SIMD4<UInt32>
    private var block: SIMD4<UInt32> = .zero
    var used = 4

    /// The stream of one token in one epoch.
    ///
    /// - Parameters:
    ///   - seed: of the whole run.
    ///   - purpose: keeps draws for different ends apart.
    ///   - epoch: at most 2^24 - 1.
    ///   - sequence, position: which token, at most 2^32 - 1 each.
    ///   - particle: at most 65,535. A stream holds 65,536 × 4 words.
    @inlinable
    public init(seed: UInt64, purpose: Purpose, epoch: Int = 0, sequence: Int = 0, position: Int = 0, particle: Int = 0) {
        self.init(
            key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
            counter: SIMD4(
                UInt32(truncatingIfNeeded: particle) << 16,
                UInt32(truncatingIfNeeded: position),
                UInt32(truncatingIfNeeded: sequence),
                purpose.rawValue << 24 | UInt32(truncatingIfNeeded: epoch) & 0xFF_FFFF))
    }

    @usableFromInline
    init(key: SIMD2<UInt32>, counter: SIMD4<UInt32>) {
        self.key = key
        self.counter = counter
    }

    /// One block of Philox4x32-10: four words for one counter.
    static func philox(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var c = counter, k = key
        for _ in 0..<10 {
            let even = UInt64(c.x) * 0xD251_1F53
            let odd = UInt64(c.z) * 0xCD9E_8D57
            c = SIMD4(
                UInt32(truncatingIfNeeded: odd >> 32) ^ c.y ^ k.x, UInt32(truncatingIfNeeded: odd),
                UInt32(truncatingIfNeeded: even >> 32) ^ c.w ^ k.y, UInt32(truncatingIfNeeded: even))
            k &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
        }
        return c
    }

    /// The next 32 random bits.
    public mutating func nextWord() -> UInt32 {
        if used == 4 {
            block = RandomStream.philox(counter, key: key)
            counter.x &+= 1
            used = 0
        }
        defer { used += 1 }
        return block[used]
    }

    /// The next 64 random bits: two words, the low one first.
    public mutating func next() -> UInt64 {
        let low = UInt64(nextWord())
        return UInt64(nextWord()) << 32 | low
    }

    /// Uniform on [0, 1), a multiple of 2^-24.
    public mutating func uniform() -> Float {
        Float(nextWord() >> 8) * 0x1p-24
    }

    /// Uniform on [0, 1), a multiple of 2^-53.
    public mutating func uniformDouble() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Uniform on 0 ..< bound (multiplication by a 64-bit fraction; bias below bound / 2^64).
    public mutating func index(below bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A standard normal variate (Box-Muller, one of the pair).
    public mutating func normal() -> Double {
        // 1 - u lies in (0, 1], so that the logarithm is finite.
        let radius = (-2 * log(1 - uniformDouble())).squareRoot()
        return radius * cos(2 * .pi * uniformDouble())
    }
}
