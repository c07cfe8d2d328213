import Kernels

/// In how many bits a network's large products take their factors. Weights, sums, gradients and all else are in single precision.
public enum Precision: String, Codable, Sendable, CaseIterable {
    /// All of their 32 bits.
    case single
    /// Weights and what is multiplied by them rounded to ``BFloat16``, on processors that multiply those.
    case bf16

    /// Whether this machine has it.
    public var isAvailable: Bool {
        switch self {
        case .single: true
        case .bf16: HalfProduct.isAvailable
        }
    }

    /// Bytes that a network which is fitted takes more than in single precision: weights rounded and laid out, and rows rounded as they
    /// are multiplied.
    ///
    /// - Parameters:
    ///   - hidden: H.
    ///   - gates: columns of U.
    ///   - classes: K of a softmax over all classes; nil where it is sampled.
    ///   - shards: of a block.
    ///   - block: B·T.
    public func bytes(hidden h: Int, gates: Int, classes: Int?, shards: Int, block: Int) -> Int {
        guard self == .bf16 else { return 0 }
        func layer(_ rows: Int, _ columns: Int) -> Int {
            HalfProducts.bytes(weights: rows, columns, inputs: h, shards: shards, block: block)
        }
        return layer(h, gates) + (classes.map { layer(h + 1, $0) } ?? 0)
    }

    /// How layers multiply.
    var products: any WeightProducts.Type {
        switch self {
        case .single: SingleProducts.self
        case .bf16: HalfProducts.self
        }
    }
}
