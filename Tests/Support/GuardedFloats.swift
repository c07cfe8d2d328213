import Kernels

/// Floats between two fences of a value that nothing computes, and not aligned to a vector's width.
public final class GuardedFloats {
    public let count: Int
    private let buffer: FloatBuffer
    // Odd, so that the floats between the fences start at an unaligned address; wide enough for two vectors.
    private static let fence = 37
    private static let mark: Float = -98_765.5

    public init(_ values: [Float]) {
        count = values.count
        let marks = [Float](repeating: GuardedFloats.mark, count: GuardedFloats.fence)
        buffer = FloatBuffer(marks + values + marks)
    }

    public convenience init(count: Int, filledWith value: Float = 0) {
        self.init([Float](repeating: value, count: count))
    }

    public var base: UnsafeMutablePointer<Float> { buffer.base + GuardedFloats.fence }

    public var array: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }

    /// Whether nobody wrote outside the floats.
    public var fencesStand: Bool {
        let all = buffer.array
        return (all.prefix(GuardedFloats.fence) + all.suffix(GuardedFloats.fence)).allSatisfy { $0 == GuardedFloats.mark }
    }
}
