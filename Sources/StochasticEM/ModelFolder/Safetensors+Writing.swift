import Foundation

extension Safetensors {
    /// The bytes of a file, handed piece by piece to `sink`.
    ///
    /// Tensors are laid out with the wide types first, so that each lies at a multiple of its
    /// numbers' size (the format allows no gaps), and by name within a type.
    ///
    /// - Parameter file: named in errors.
    /// - Throws: `ModelFolderError` for two tensors of one name or a name that the format reserves; what `sink` throws.
    public static func write(
        _ tensors: [Tensor], metadata: [String: String] = [:], file: String, to sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let ordered = tensors.sorted {
            ($1.values.type.size, $0.name.utf8.map { $0 }) < ($0.values.type.size, $1.name.utf8.map { $0 })
        }
        let header = try header(of: ordered, metadata: metadata, file: file)
        try withUnsafeBytes(of: UInt64(header.count).littleEndian, sink)
        try header.withUnsafeBytes(sink)
        for tensor in ordered { try tensor.values.withBytes(sink) }
    }

    /// The bytes of a file, in memory.
    public static func encode(_ tensors: [Tensor], metadata: [String: String] = [:]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try write(tensors, metadata: metadata, file: "tensors in memory") { bytes.append(contentsOf: $0) }
        return bytes
    }

    private static func header(of tensors: [Tensor], metadata: [String: String], file: String) throws -> [UInt8] {
        var names: Set<[UInt8]> = []
        var fields: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
            let body = pairs.map { "\(quoted($0.key)):\(quoted($0.value))" }.joined(separator: ",")
            fields.append("\(quoted(metadataKey)):{\(body)}")
        }
        var begin = 0
        for tensor in tensors {
            guard tensor.name != metadataKey, names.insert(Array(tensor.name.utf8)).inserted else {
                throw ModelFolderError(
                    .cannotCreate, file: file, what: "two tensors are named \"\(tensor.name)\", or that name is reserved",
                    remedy: "this is an error in the program: please report it")
            }
            let end = begin + tensor.values.withBytes(\.count)
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            fields.append("""
                \(quoted(tensor.name)):{"dtype":"\(tensor.values.type.rawValue)","shape":[\(shape)],"data_offsets":[\(begin),\(end)]}
                """)
            begin = end
        }
        var bytes = Array("{\(fields.joined(separator: ","))}".utf8)
        while (8 + bytes.count) % alignment != 0 { bytes.append(UInt8(ascii: " ")) }
        return bytes
    }

    /// A JSON string. Written here, not by Foundation, since the order and spelling of a header must not change with its version.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// Arrays of bytes in lexicographic order, for tuples to be compared by.
private func < (left: (Int, [UInt8]), right: (Int, [UInt8])) -> Bool {
    left.0 == right.0 ? left.1.lexicographicallyPrecedes(right.1) : left.0 < right.0
}
