/// Numbers of 16 bits: sign, exponent and the first 7 of the 23 bits behind the point of a single-precision number, its upper half.
///
/// They reach as far as single precision does, and are right to one part in 256. A product of two of them is exact in single precision.
public enum BFloat16 {
    /// The nearest of them, of two as near the even one. NaN stays NaN; what lies beyond the largest, and half a step more, becomes
    /// infinite.
    @inlinable @inline(always)
    public static func rounded(_ x: Float) -> UInt16 {
        let bits = x.bitPattern
        // Just under half a step, or half a step where the upper half is odd: what carries into it was above the middle, or at it.
        let nearest = (bits &+ 0x7FFF &+ ((bits &>> 16) & 1)) &>> 16
        // A carry through the bits of a NaN makes another number of it; its highest bit behind the point keeps it one.
        let isNaN = bits & 0x7FFF_FFFF > 0x7F80_0000
        return UInt16(truncatingIfNeeded: isNaN ? (bits &>> 16) | 0x40 : nearest)
    }

    /// Rounds `count` numbers. Whole numbers without branches or traps: the compiler makes vectors of them by itself.
    static func round(_ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<UInt16>, count: Int) {
        for i in 0..<count { y[i] = rounded(x[i]) }
    }

    /// As ``rounded(_:)``, in plain words: of the two neighbours the nearer, or the even one. Its oracle.
    public static func reference(_ x: Float) -> UInt16 {
        let below = UInt16(truncatingIfNeeded: x.bitPattern >> 16)
        if x.isNaN { return below | 0x40 }
        if float(below) == x { return below }
        // One further from zero. Behind the largest comes 2^128, which is the bit pattern of the infinite.
        let above = below + 1
        func magnitude(_ bits: UInt16) -> Double { float(bits).isInfinite ? 0x1p128 : Double(abs(float(bits))) }
        let (down, up) = (Double(abs(x)) - magnitude(below), magnitude(above) - Double(abs(x)))
        return down < up || down == up && below % 2 == 0 ? below : above
    }

    /// What 16 bits stand for, exactly.
    @inlinable
    public static func float(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }
}
