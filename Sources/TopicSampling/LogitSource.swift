/// Logits of a token's topics, of which a sampler asks for few.
public protocol LogitSource {
    /// Of one topic.
    func logit(_ topic: Int) -> Float

    /// Of several: (`topics.count`), written.
    func logits(of topics: UnsafeBufferPointer<Int32>, into values: UnsafeMutablePointer<Float>)
}

extension LogitSource {
    @inlinable
    public func logits(of topics: UnsafeBufferPointer<Int32>, into values: UnsafeMutablePointer<Float>) {
        for (place, topic) in topics.enumerated() { values[place] = logit(Int(topic)) }
    }
}
