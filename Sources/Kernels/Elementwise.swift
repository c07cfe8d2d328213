/// Sixteen floats: the chunk in which kernels walk along a row.
public typealias Lanes16 = SIMD16<Float>

/// Non-linearities on sixteen floats at a time, each lane on its own.
///
/// Written with nothing but + − × ÷, comparisons and bit casts: those become vector instructions on any
/// processor, whereas rounding, clamping and fused multiply-add turn into calls of the C library, one a
/// lane, unless the build names a processor.
public enum Elementwise {
    /// e^x. Relative error below 1.2e-7 on [-87, 88]; below that range e^-87, above it e^88, so neither zero nor infinite.
    @inlinable @inline(always)
    public static func exp(_ x: Lanes16) -> Lanes16 {
        var y = x
        y.replace(with: Lanes16(repeating: -87), where: y .< -87)
        y.replace(with: Lanes16(repeating: 88), where: y .> 88)
        return exp(withinRange: y)
    }

    /// e^x of arguments in [-87, 88], unchecked: outside, the result means nothing.
    @inlinable @inline(always)
    public static func exp(withinRange y: Lanes16) -> Lanes16 {
        // Adding 1.5 · 2^23 leaves n = round(y / ln 2) in the low bits of the mantissa.
        let shifted = y * Float(1.442_695_04) + Float(12_582_912)
        let n = shifted - Float(12_582_912)
        // ln 2 in two parts, so that y − n ln 2 keeps its last bits.
        let r = (y - n * Float(0.693_359_375)) - n * Float(-2.121_944_4e-4)
        // e^r on |r| ≤ ln(2)/2, relative error below 4e-9 before rounding: the polynomial 1 + r + r²·(…) of
        // degree 6 whose largest relative error is least. Taylor's, as long, is off by 2e-7 at the ends.
        var p = r * Float(0.001_381_459_41) + Float(0.008_368_719_37)
        p = p * r + Float(0.041_668_389)
        p = p * r + Float(0.166_665_211)
        p = p * r + Float(0.499_999_94)
        p = p * r + Float(1)
        p = p * r + Float(1)
        // 2^n, made by writing n + 127 into the exponent.
        let bits = SIMD16<UInt32>(truncatingIfNeeded: unsafeBitCast(shifted, to: SIMD16<UInt32>.self)) &<< 23
        let scale = unsafeBitCast(bits &+ 0x3F80_0000, to: Lanes16.self)
        return p * scale
    }

    /// ln x of positive normal numbers. Absolute error below 1.2e-7 · max(1, |ln x|).
    @inlinable @inline(always)
    public static func log(_ x: Lanes16) -> Lanes16 {
        // x = 2^e m with m in [√½, √2): its bits, counted from those of √½, hold e in their upper part.
        let root: UInt32 = 0x3F35_04F3
        let bits = unsafeBitCast(x, to: SIMD16<UInt32>.self) &- root
        let e = SIMD16<Int32>(truncatingIfNeeded: bits) &>> 23
        let fraction = (bits & 0x007F_FFFF) &+ root
        let m = unsafeBitCast(fraction, to: Lanes16.self)
        // e written into the mantissa of 1.5 · 2^23.
        let exponent = unsafeBitCast(SIMD16<UInt32>(truncatingIfNeeded: e) &+ 0x4B40_0000, to: Lanes16.self) - Float(12_582_912)
        // ln m = 2 artanh((m − 1) / (m + 1)), whose argument is below 0.172: the series' next term is below 1e-9.
        let s = (m - 1) / (m + 1), square = s * s
        var p = square * Float(2.0 / 9) + Float(2.0 / 7)
        p = p * square + Float(2.0 / 5)
        p = p * square + Float(2.0 / 3)
        p = p * square + Float(2)
        return exponent * Float(0.693_147_18) + s * p
    }

    /// 1 / (1 + e^-x). Absolute error below 1.2e-7.
    @inlinable @inline(always)
    public static func sigmoid(_ x: Lanes16) -> Lanes16 {
        1 / (1 + exp(-x))
    }

    /// tanh x = 1 − 2 / (e^2x + 1). Absolute error below 2e-7.
    @inlinable @inline(always)
    public static func tanh(_ x: Lanes16) -> Lanes16 {
        1 - 2 / (exp(x + x) + 1)
    }
}

/// Sixteen floats in and out of memory that need not be aligned. A row's last chunk may hold
/// fewer: `count` < 16 touches that many floats only, and the lanes behind them read as zero.
extension UnsafePointer where Pointee == Float {
    /// Sixteen floats from `offset` on, all of which must be readable.
    @inlinable @inline(always)
    public func lanes(_ offset: Int) -> Lanes16 {
        UnsafeRawPointer(self + offset).loadUnaligned(as: Lanes16.self)
    }

    /// The first min(count, 16) floats from `offset` on, then zeros; nothing behind them is read.
    @inlinable @inline(always)
    public func lanes(_ offset: Int, count: Int) -> Lanes16 {
        if count >= 16 { return lanes(offset) }
        var value = Lanes16()
        withUnsafeMutableBytes(of: &value) { $0.baseAddress?.copyMemory(from: self + offset, byteCount: count * 4) }
        return value
    }
}

extension UnsafeMutablePointer where Pointee == Float {
    /// Sixteen floats from `offset` on, all of which must be readable.
    @inlinable @inline(always)
    public func lanes(_ offset: Int) -> Lanes16 { UnsafePointer(self).lanes(offset) }

    /// The first min(count, 16) floats from `offset` on, then zeros; nothing behind them is read.
    @inlinable @inline(always)
    public func lanes(_ offset: Int, count: Int) -> Lanes16 { UnsafePointer(self).lanes(offset, count: count) }

    /// Writes sixteen floats from `offset` on.
    @inlinable @inline(always)
    public func setLanes(_ offset: Int, _ value: Lanes16) {
        UnsafeMutableRawPointer(self + offset).storeBytes(of: value, as: Lanes16.self)
    }

    /// Writes the first min(count, 16) lanes from `offset` on; nothing behind them is touched.
    @inlinable @inline(always)
    public func setLanes(_ offset: Int, _ value: Lanes16, count: Int) {
        if count >= 16 { return setLanes(offset, value) }
        withUnsafeBytes(of: value) { bytes in
            guard let source = bytes.baseAddress else { return }
            UnsafeMutableRawPointer(self + offset).copyMemory(from: source, byteCount: count * 4)
        }
    }
}
