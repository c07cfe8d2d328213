import Foundation
import TestSupport
import Testing
@testable import StochasticEM

@Suite struct SafetensorsTests {
    /// A tensor as the scripts in Support print it.
    struct Printed: Codable, Equatable {
        let dtype: String
        let shape: [Int]
        let values: [Double]

        init(_ tensor: Tensor) {
            dtype = tensor.values.type.rawValue
            shape = tensor.shape
            values = switch tensor.values {
            case .float32(let numbers): numbers.map(Double.init)
            case .float64(let numbers): numbers
            case .int32(let numbers): numbers.map(Double.init)
            case .uint32(let numbers): numbers.map(Double.init)
            case .int64(let numbers): numbers.map(Double.init)
            }
        }
    }

    struct PrintedFile: Codable, Equatable {
        let metadata: [String: String]
        let tensors: [String: Printed]

        init(_ contents: Safetensors.Contents) {
            metadata = contents.metadata
            tensors = Dictionary(uniqueKeysWithValues: contents.tensors.map { ($0.name, Printed($0)) })
        }
    }

    @Test func `Reads what the Python package writes`() throws {
        let contents = try Safetensors.decode(Golden.bytes("tiny.safetensors"))
        #expect(try PrintedFile(contents) == Golden.load("tiny_safetensors", as: PrintedFile.self))
        // -0.0 == 0.0, so the sign is looked at by itself.
        guard case .float32(let weights)? = contents.tensors.first(where: { $0.name == "weights" })?.values else {
            Issue.record("weights are missing")
            return
        }
        #expect(weights[5].sign == .minus)
    }

    @Test(.enabled(if: ExternalProgram.python != nil, "there is no python3 on this machine"))
    func `Python, from the description of the format alone, reads what we write`() throws {
        let golden = try Safetensors.decode(Golden.bytes("tiny.safetensors"))
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/ours.safetensors"
        let bytes = try Safetensors.encode(golden.tensors.shuffled(), metadata: golden.metadata)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        let (status, output) = try #require(ExternalProgram.python).run([Golden.script("read_safetensors.py"), file])
        #expect(status == 0)
        #expect(try JSONDecoder().decode(PrintedFile.self, from: output) == PrintedFile(golden))
    }

    @Test func `The order in which tensors are given does not show`() throws {
        let tensors = try someModel().tensors
        let bytes = try Safetensors.encode(tensors, metadata: ["b": "2", "a": "1"])
        for _ in 0..<5 {
            #expect(try Safetensors.encode(tensors.shuffled(), metadata: ["a": "1", "b": "2"]) == bytes)
        }
    }

    @Test func `NaNs and infinities survive to the bit`() throws {
        let patterns: [UInt32] = [0x7FC0_0000, 0xFFC0_0001, 0x7F80_0000, 0xFF80_0000, 0x0000_0001, 0x8000_0000]
        let bytes = try Safetensors.encode([Tensor("odd", shape: [6], patterns.map { Float(bitPattern: $0) })])
        let read = try #require(Float.taken(from: Safetensors.decode(bytes).tensors[0].values))
        #expect(read.map(\.bitPattern) == patterns)
    }

    @Test func `Two tensors of one name are refused`() {
        #expect(throws: ModelFolderError.self) {
            try Safetensors.encode([Tensor("a", shape: [1], [Float(1)]), Tensor("a", shape: [1], [Float(2)])])
        }
        #expect(throws: ModelFolderError.self) { try Safetensors.encode([Tensor("__metadata__", shape: [1], [Float(1)])]) }
    }

    /// A file with the given header and eight bytes of numbers.
    private func file(_ header: String, length: UInt64? = nil, data: Int = 8) -> [UInt8] {
        withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian, Array.init) + Array(header.utf8)
            + [UInt8](repeating: 0, count: data)
    }

    @Test func `The smallest files are read`() throws {
        #expect(try Safetensors.decode(file("{}", data: 0)).tensors.isEmpty)
        #expect(try Safetensors.decode(file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}   "#)).tensors.count == 1)
    }

    @Test(arguments: [
        "", " ", "[]", "null", "{", "{}", "}", "nonsense", "{\"a\":1}", "{\"a\":{}}", "{\"a\":null}", "{} {}", " {}",
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}x"#,
        #"{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":3,"shape":[2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}}"#,
        #"{"a":{"dtype":"F32","shape":[1e300],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,16]}}"#,
        #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}"#,
        #"{"a":{"dtype":"F32","shape":[2]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[5,9]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"{"__metadata__":{"a":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
        #"{"__metadata__":[],"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
        "{\"a\":" + String(repeating: "[", count: 100_000),
        "{\"\u{0}\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
    ])
    func `A malformed header is refused`(header: String) {
        #expect(throws: ModelFolderError.self) { try Safetensors.decode(file(header)) }
    }

    @Test(arguments: [0, 1, 9, 53, 55, 63, 1 << 20, 100_000_001, UInt64(1) << 40, .max / 2, .max - 7, .max])
    func `A wrong length of the header is refused`(length: UInt64) {
        #expect(throws: ModelFolderError.self) {
            try Safetensors.decode(file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, length: length))
        }
    }

    @Test func `A header in another encoding is refused`() throws {
        let text = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
        let wide = text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let bytes = withUnsafeBytes(of: UInt64(wide.count).littleEndian, Array.init) + wide + [UInt8](repeating: 0, count: 8)
        #expect(throws: ModelFolderError.self) { try Safetensors.decode(bytes) }
        #expect(throws: ModelFolderError.self) {
            try Safetensors.decode(file("{\"a\u{7F}\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}").map { $0 == 0x7F ? 0xFF : $0 })
        }
    }

    @Test func `Every truncation and every addition is refused`() throws {
        let bytes = try Golden.bytes("tiny.safetensors")
        for count in 0..<bytes.count {
            #expect(throws: ModelFolderError.self) { try Safetensors.decode(Array(bytes[..<count])) }
        }
        #expect(throws: ModelFolderError.self) { try Safetensors.decode(bytes + [0]) }
    }

    /// No checksums here: what is read may differ, but whatever is done to a file, reading it ends in a result or an error.
    @Test func `No damage to a file makes reading it crash`() throws {
        let bytes = try Golden.bytes("tiny.safetensors")
        for position in bytes.indices {
            for value: UInt8 in [0, 0xFF, bytes[position] ^ 1, bytes[position] ^ 0x20, UInt8(ascii: "9")] {
                var damaged = bytes
                damaged[position] = value
                do { _ = try Safetensors.decode(damaged) } catch { #expect(error is ModelFolderError) }
            }
        }
    }
}
