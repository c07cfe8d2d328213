import Kernels

/// What a network's input is prepared for.
public enum InputUse: Sendable {
    /// Nothing is learned: all that is read is as it is, and no more is kept than reading takes.
    case reading
    /// A block is learned from.
    ///
    /// - Parameters:
    ///   - units: of the embedding, dropped for all rows of the block alike; nil: none.
    ///   - key: of all that the block leaves to chance in its inputs; nil: nothing.
    case learning(units: DropoutMask? = nil, key: UInt32? = nil)
}
