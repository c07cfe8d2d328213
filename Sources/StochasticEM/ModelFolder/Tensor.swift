/// A named array of numbers with a shape, row-major: what a model's parameters and counts are stored as.
public struct Tensor: Sendable {
    /// The numbers, in one of the types that are stored.
    public enum Values: Sendable {
        /// `F32` in a file.
        case float32([Float])
        /// `F64` in a file.
        case float64([Double])
        /// `I32` in a file.
        case int32([Int32])
        /// `U32` in a file.
        case uint32([UInt32])
        /// `I64` in a file.
        case int64([Int64])
    }

    /// No two in a file are alike; `__metadata__` is reserved.
    public let name: String
    /// Sizes of the dimensions, outermost first; empty for a single number.
    public let shape: [Int]
    /// Row-major, as many as the product of `shape`.
    public let values: Values

    /// - Parameter values: as many as the product of `shape`, row-major.
    public init<Element: TensorElement>(_ name: String, shape: [Int], _ values: [Element]) {
        precondition(shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
                     "a tensor has as many values as its shape says")
        self.name = name
        self.shape = shape
        self.values = Element.stored(values)
    }
}

/// A type of number that tensors can hold.
public protocol TensorElement: BitwiseCopyable, Sendable {
    /// The numbers under the case of their type.
    static func stored(_ values: [Self]) -> Tensor.Values
    /// The numbers, or nil where they are of another type.
    static func taken(from values: Tensor.Values) -> [Self]?
}

extension Float: TensorElement {
    public static func stored(_ values: [Float]) -> Tensor.Values { .float32(values) }
    public static func taken(from values: Tensor.Values) -> [Float]? {
        if case .float32(let numbers) = values { numbers } else { nil }
    }
}

extension Double: TensorElement {
    public static func stored(_ values: [Double]) -> Tensor.Values { .float64(values) }
    public static func taken(from values: Tensor.Values) -> [Double]? {
        if case .float64(let numbers) = values { numbers } else { nil }
    }
}

extension Int32: TensorElement {
    public static func stored(_ values: [Int32]) -> Tensor.Values { .int32(values) }
    public static func taken(from values: Tensor.Values) -> [Int32]? {
        if case .int32(let numbers) = values { numbers } else { nil }
    }
}

extension UInt32: TensorElement {
    public static func stored(_ values: [UInt32]) -> Tensor.Values { .uint32(values) }
    public static func taken(from values: Tensor.Values) -> [UInt32]? {
        if case .uint32(let numbers) = values { numbers } else { nil }
    }
}

extension Int64: TensorElement {
    public static func stored(_ values: [Int64]) -> Tensor.Values { .int64(values) }
    public static func taken(from values: Tensor.Values) -> [Int64]? {
        if case .int64(let numbers) = values { numbers } else { nil }
    }
}
