extension RandomStream {
    /// Writes the next `4 * blocks` words of the stream: those that `nextWord()` would give, several times as fast.
    ///
    /// Whole blocks only: what is left of one that was begun is skipped.
    public mutating func fill(_ words: UnsafeMutablePointer<UInt32>, blocks: Int) {
        let first = counter
        // Counters differ in one word alone and a block needs no other, so that the compiler runs many in SIMD.
        for block in 0..<blocks {
            var x = UInt64(first.x &+ UInt32(truncatingIfNeeded: block)), y = UInt64(first.y), z = UInt64(first.z), w = UInt64(first.w)
            var a = UInt64(key.x), b = UInt64(key.y)
            for _ in 0..<10 {
                let even = x &* 0xD251_1F53, odd = z &* 0xCD9E_8D57
                x = odd >> 32 ^ y ^ a
                y = odd & 0xFFFF_FFFF
                z = even >> 32 ^ w ^ b
                w = even & 0xFFFF_FFFF
                a = (a &+ 0x9E37_79B9) & 0xFFFF_FFFF
                b = (b &+ 0xBB67_AE85) & 0xFFFF_FFFF
            }
            words[4 &* block] = UInt32(truncatingIfNeeded: x)
            words[4 &* block &+ 1] = UInt32(truncatingIfNeeded: y)
            words[4 &* block &+ 2] = UInt32(truncatingIfNeeded: z)
            words[4 &* block &+ 3] = UInt32(truncatingIfNeeded: w)
        }
        counter.x &+= UInt32(truncatingIfNeeded: blocks)
        used = 4
    }
}
