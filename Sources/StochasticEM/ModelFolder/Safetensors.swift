import Foundation

/// The safetensors file format (https://github.com/huggingface/safetensors, "Format"):
///
///     8 bytes   N, unsigned, little-endian
///     N bytes   JSON, padded with spaces:
///               {"__metadata__": {string: string}, name: {"dtype": …, "shape": […], "data_offsets": [begin, end]}, …}
///     the rest  the numbers, little-endian; the offsets count from here and leave no byte unused
///
/// The same tensors and metadata always make the same bytes, in whatever order they are given.
public enum Safetensors {
    /// What a file holds.
    public struct Contents: Sendable {
        /// In the order of their numbers in the file.
        public let tensors: [Tensor]
        /// The header's `__metadata__`; empty where it has none.
        public let metadata: [String: String]
    }

    /// The numbers begin at a multiple of this, so that a mapped file can be read with aligned loads.
    static let alignment = 64
    /// The longest header that the format allows.
    static let longestHeader = 100_000_000
    static let metadataKey = "__metadata__"

    /// How one tensor is described in the header.
    struct Entry: Codable {
        let dtype: ElementType
        let shape: [Int]
        let data_offsets: [Int]
    }

    /// The types that are read and written, under the names that the format gives them.
    enum ElementType: String, Codable {
        case float32 = "F32"
        case float64 = "F64"
        case int32 = "I32"
        case uint32 = "U32"
        case int64 = "I64"

        var size: Int {
            switch self {
            case .float32, .int32, .uint32: 4
            case .float64, .int64: 8
            }
        }
    }

    /// A key of the header: any string.
    struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ string: String) { stringValue = string }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

#if _endian(big)
#error("Numbers are stored as they lie in memory, which the format wants to be little-endian")
#endif

extension Tensor.Values {
    var type: Safetensors.ElementType {
        switch self {
        case .float32: .float32
        case .float64: .float64
        case .int32: .int32
        case .uint32: .uint32
        case .int64: .int64
        }
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        switch self {
        case .float32(let numbers): try numbers.withUnsafeBytes(body)
        case .float64(let numbers): try numbers.withUnsafeBytes(body)
        case .int32(let numbers): try numbers.withUnsafeBytes(body)
        case .uint32(let numbers): try numbers.withUnsafeBytes(body)
        case .int64(let numbers): try numbers.withUnsafeBytes(body)
        }
    }
}
