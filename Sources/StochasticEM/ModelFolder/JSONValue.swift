import Foundation

/// A value as JSON has it, for objects whose keys matter before their types do. Numbers keep all their digits.
enum JSONValue: Codable, Sendable, Equatable {
    case null
    case truth(Bool)
    case whole(Int64)
    /// A whole number past all `Int64`, such as a seed may be.
    case unsigned(UInt64)
    case number(Double)
    case text(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // The decoder tells kinds apart by what can be decoded alone.
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .truth(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .whole(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .unsigned(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .truth(let value): try container.encode(value)
        case .whole(let value): try container.encode(value)
        case .unsigned(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// - Throws: what `JSONEncoder` does, for a NaN say.
    init(encoding value: some Encodable) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
    }

    /// The keys, at any depth, at which two values differ, sorted; a key stands without those above it.
    func differences(from other: JSONValue) -> [String] { contrasts(with: other).map(\.key) }

    /// The same, with what each of the two has there.
    func contrasts(with other: JSONValue, at key: String = "value") -> [(key: String, mine: JSONValue, other: JSONValue)] {
        guard case .object(let mine) = self, case .object(let others) = other else {
            return self == other ? [] : [(key, self, other)]
        }
        return Set(mine.keys).union(others.keys).sorted().flatMap { key in
            // A key that is not there and a null say the same: not set.
            (mine[key] ?? .null).contrasts(with: others[key] ?? .null, at: key)
        }
    }
}

extension JSONValue: CustomStringConvertible {
    /// For messages: texts without quotes, and `none` for a null.
    var description: String {
        switch self {
        case .null: "none"
        case .truth(let value): "\(value)"
        case .whole(let value): "\(value)"
        case .unsigned(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let value): value
        case .array(let values): "[\(values.map(\.description).joined(separator: ", "))]"
        case .object(let fields): "{\(fields.keys.sorted().joined(separator: ", "))}"
        }
    }
}
