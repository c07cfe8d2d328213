import Kernels

// What the dense draw needs beyond Kernels' lanes. Written as trees of halves: `.sum()` and `.max()`
// go through one lane after the other, and conversions from integers are calls.

@inline(__always)
func sum(_ x: Lanes16) -> Float {
    let eight = x.lowHalf + x.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
}

@inline(__always)
func larger(_ a: Lanes16, _ b: Lanes16) -> Lanes16 { a.replacing(with: b, where: b .> a) }

@inline(__always)
func largest(_ x: Lanes16) -> Float {
    let eight = x.lowHalf.replacing(with: x.highHalf, where: x.highHalf .> x.lowHalf)
    let four = eight.lowHalf.replacing(with: eight.highHalf, where: eight.highHalf .> eight.lowHalf)
    return Swift.max(Swift.max(four.x, four.y), Swift.max(four.z, four.w))
}

/// Sixteen counts, none negative, as floats: exact below 2^24, and rounded once above.
@inline(__always)
func floats(_ counts: UnsafePointer<Int32>) -> Lanes16 {
    let n = UnsafeRawPointer(counts).loadUnaligned(as: SIMD16<UInt32>.self)
    // Sixteen bits written into the mantissa of 2^23 make 2^23 + those bits.
    let magic: UInt32 = 0x4B00_0000, offset: Float = 8_388_608
    let low = unsafeBitCast(n & 0xFFFF | magic, to: Lanes16.self) - offset
    let high = unsafeBitCast(n &>> 16 | magic, to: Lanes16.self) - offset
    return high * 65_536 + low
}

/// `x` in the first `count` lanes, `filler` behind them.
@inline(__always)
func keeping(_ count: Int, of x: Lanes16, filler: Float) -> Lanes16 {
    let laneNumbers = SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    return x.replacing(with: Lanes16(repeating: filler), where: laneNumbers .>= Int32(truncatingIfNeeded: count))
}
