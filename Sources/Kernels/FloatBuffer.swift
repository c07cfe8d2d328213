/// Owns a run of floats, aligned to 64 bytes, for as long as a reference lives.
///
/// Hot loops work on `base` directly. Shards that run at the same time write to
/// disjoint parts; that is the caller's promise, and why this is unchecked.
public final class FloatBuffer: @unchecked Sendable {
    /// Start of the floats: `count`, then sixteen of padding. Dangles once the buffer is gone.
    public let base: UnsafeMutablePointer<Float>
    /// Floats in use, padding left out.
    public let count: Int

    /// All zeros.
    public init(count: Int) {
        self.count = count
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4 + 64, alignment: 64)
        base = raw.bindMemory(to: Float.self, capacity: max(count, 1) + 16)
        base.initialize(repeating: 0, count: max(count, 1) + 16)
    }

    /// A copy of `values`.
    public convenience init(_ values: [Float]) {
        self.init(count: values.count)
        for (i, value) in values.enumerated() { base[i] = value }
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }

    /// A copy of the floats in use.
    public var array: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }

    /// Sets the floats in use to zero.
    public func clear() { base.update(repeating: 0, count: count) }
}
