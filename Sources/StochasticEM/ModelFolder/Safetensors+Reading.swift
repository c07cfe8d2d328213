import Foundation

extension Safetensors {
    /// Reads a whole file, strictly: whatever the format does not allow is refused.
    ///
    /// Nothing larger than the file itself is ever allocated for its numbers, whatever its header claims.
    ///
    /// - Throws: `ModelFolderError` that names `source`.
    static func read(_ source: some RandomAccessBytes) throws -> Contents {
        let header = try readHeader(source)
        let dataStart = header.length + 8
        var tensors: [Tensor] = []
        tensors.reserveCapacity(header.entries.count)
        for (name, entry) in header.entries {
            let start = dataStart + entry.data_offsets[0]
            let count = (entry.data_offsets[1] - entry.data_offsets[0]) / entry.dtype.size
            func tensor<Number: TensorElement>(of type: Number.Type) throws -> Tensor {
                Tensor(name, shape: entry.shape, try numbers(type, count, at: start, of: source))
            }
            switch entry.dtype {
            case .float32: tensors.append(try tensor(of: Float.self))
            case .float64: tensors.append(try tensor(of: Double.self))
            case .int32: tensors.append(try tensor(of: Int32.self))
            case .uint32: tensors.append(try tensor(of: UInt32.self))
            case .int64: tensors.append(try tensor(of: Int64.self))
            }
        }
        return Contents(tensors: tensors, metadata: header.metadata)
    }

    /// Reads a file on disk. Contract as of `decode`.
    public static func read(path: String) throws -> Contents {
        try read(InputFile(path))
    }

    /// Reads the bytes of a file.
    ///
    /// - Parameter name: what errors call it.
    /// - Throws: `ModelFolderError` for anything that the format does not allow, or a type of number that is not among ours.
    public static func decode(_ bytes: [UInt8], name: String = "tensors in memory") throws -> Contents {
        try read(BytesInMemory(name: name, bytes: bytes))
    }

    private static func numbers<Number: TensorElement>(
        _ type: Number.Type, _ count: Int, at offset: Int, of source: some RandomAccessBytes
    ) throws -> [Number] {
        // An empty array is not one's own to write to (`RandomAccessBytes.bytes`).
        guard count > 0 else { return [] }
        return try Array(unsafeUninitializedCapacity: count) { buffer, initialized in
            // The buffer may have been given more room than was asked for.
            let exact = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
            try source.read(into: UnsafeMutableRawBufferPointer(exact), at: offset)
            initialized = count
        }
    }

    private struct Header {
        /// Bytes, padding included.
        let length: Int
        /// In the order of the data, which they cover without gap or overlap.
        let entries: [(name: String, entry: Entry)]
        let metadata: [String: String]
    }

    private static func readHeader(_ source: some RandomAccessBytes) throws -> Header {
        let file = source.name
        guard source.count >= 8 else { throw ModelFolderError.damaged(file, "\(source.count) bytes are too few for a safetensors file") }
        var length: UInt64 = 0
        try withUnsafeMutableBytes(of: &length) { try source.read(into: $0, at: 0) }
        length = UInt64(littleEndian: length)
        guard length <= UInt64(min(source.count - 8, longestHeader)) else {
            throw ModelFolderError.damaged(file, "the header claims \(length) bytes, the file has \(source.count)")
        }
        let bytes = try source.bytes(in: 8..<8 + Int(length))
        // Foundation would also take UTF-16 and leading blanks; the format does not. NUL marks the one, the brace the other.
        guard bytes.first == UInt8(ascii: "{"), !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil else {
            throw ModelFolderError.damaged(file, "the header is not JSON in UTF-8")
        }
        let parsed: ParsedHeader
        do {
            parsed = try JSONDecoder().decode(ParsedHeader.self, from: Data(bytes))
        } catch {
            throw ModelFolderError.damaged(file, "the header is not that of a safetensors file (\(reason(error)))")
        }
        // Of two entries with one name JSON keeps one; the bytes of the other then show up as a gap.
        let entries = parsed.entries.sorted { ($0.entry.data_offsets, $0.name) < ($1.entry.data_offsets, $1.name) }
        var end = 0
        for (name, entry) in entries {
            guard let size = byteCount(entry), entry.data_offsets[0] == end, entry.data_offsets[1] - end == size else {
                throw ModelFolderError.damaged(file, "shape and place of tensor \"\(name)\" do not fit together or into the file")
            }
            end += size
        }
        guard end == source.count - 8 - Int(length) else {
            throw ModelFolderError.damaged(
                file, "the header describes \(end) bytes of numbers, the file has \(source.count - 8 - Int(length))")
        }
        return Header(length: Int(length), entries: entries, metadata: parsed.metadata)
    }

    /// What the shape takes, or nil if an entry is impossible in itself.
    private static func byteCount(_ entry: Entry) -> Int? {
        guard entry.data_offsets.count == 2, 0 <= entry.data_offsets[0], entry.data_offsets[0] <= entry.data_offsets[1] else { return nil }
        var size = entry.dtype.size
        for dimension in entry.shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
            if dimension < 0 || overflow { return nil }
            size = product
        }
        return size
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context),
             DecodingError.keyNotFound(_, let context), DecodingError.valueNotFound(_, let context):
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
        default: return "\(error)"
        }
    }
}

/// The JSON of a header.
private struct ParsedHeader: Decodable {
    var entries: [(name: String, entry: Safetensors.Entry)] = []
    var metadata: [String: String] = [:]

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Safetensors.Key.self)
        for key in fields.allKeys {
            if key.stringValue == Safetensors.metadataKey {
                metadata = try fields.decode([String: String].self, forKey: key)
            } else {
                let known: Set = ["dtype", "shape", "data_offsets"]
                let keys = try fields.nestedContainer(keyedBy: Safetensors.Key.self, forKey: key).allKeys
                if let foreign = keys.first(where: { !known.contains($0.stringValue) }) {
                    throw DecodingError.dataCorruptedError(
                        forKey: key, in: fields, debugDescription: "\"\(foreign.stringValue)\" is not part of the format")
                }
                entries.append((key.stringValue, try fields.decode(Safetensors.Entry.self, forKey: key)))
            }
        }
    }
}

/// Entries lie in the order of their data; those without any, by name.
private func < (left: ([Int], String), right: ([Int], String)) -> Bool {
    left.0 == right.0 ? left.1 < right.1 : left.0.lexicographicallyPrecedes(right.0)
}
