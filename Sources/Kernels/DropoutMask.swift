/// Inverted dropout: a unit is kept with probability 1 − rate and then scaled by 1 / (1 − rate).
public struct DropoutMask: Sendable {
    /// Probability that a unit is dropped, in [0, 1).
    public let rate: Float
    @usableFromInline let threshold: UInt32
    @usableFromInline let scale: Float

    /// - Parameter rate: in [0, 1).
    public init(rate: Float) {
        self.rate = rate
        threshold = UInt32(rate * 0x1p24) << 8
        scale = 1 / (1 - rate)
    }

    /// Fills `count` floats with 0 or 1 / (1 − rate). The pattern is a function of `key` alone.
    ///
    /// A unit's bits are an integer hash of key and index: sixteen units at a time, and
    /// the same on every machine.
    @inlinable
    public func fill(_ mask: UnsafeMutablePointer<Float>, count: Int, key: UInt32) {
        var index = SIMD16<UInt32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
        var i = 0
        while i < count {
            var x = index &* 0x9E37_79B9 &+ key
            x = (x ^ (x &>> 16)) &* 0x7FEB_352D
            x = (x ^ (x &>> 15)) &* 0x846C_A68B
            x = x ^ (x &>> 16)
            let kept = Lanes16().replacing(with: scale, where: x .>= SIMD16(repeating: threshold))
            mask.setLanes(i, kept, count: count - i)
            index &+= 16
            i += 16
        }
    }
}
