import CZlib
import Foundation

/// Files put together into one archive, as they are: not compressed, so that a reader can map them (APPNOTE.TXT 6.3, without ZIP64).
struct ZipArchive {
    /// What stands in the archive so far: of each file a header, its name, and what it holds.
    private var files = Data()
    private var directory = Data()
    private var count = 0

    /// Bytes that an archive of 32-bit places can have.
    static let largest = Int(UInt32.max)

    /// - Throws: `ArchiveTooLarge`.
    mutating func add(_ name: String, _ contents: Data) throws {
        let name = Array(name.utf8), place = files.count
        guard place + contents.count + directory.count + 1024 <= Self.largest, count < Int(UInt16.max) else { throw ArchiveTooLarge() }
        var fields = Data()
        fields.append(littleEndian: UInt16(20))  // what a reader must know: version 2.0
        fields.append(littleEndian: UInt16(1 << 11))  // names are UTF-8
        fields.append(littleEndian: UInt16(0))  // not compressed
        // Equal models make equal archives: all files are of the first day that there is, 1 January 1980.
        fields.append(littleEndian: UInt16(0))
        fields.append(littleEndian: UInt16(1 << 5 | 1))
        fields.append(littleEndian: Self.checksum(contents))
        fields.append(littleEndian: UInt32(contents.count))
        fields.append(littleEndian: UInt32(contents.count))
        fields.append(littleEndian: UInt16(name.count))
        fields.append(littleEndian: UInt16(0))  // no extra field
        files.append(littleEndian: UInt32(0x0403_4B50))
        files.append(fields)
        files.append(contentsOf: name)
        files.append(contents)
        directory.append(littleEndian: UInt32(0x0201_4B50))
        directory.append(littleEndian: UInt16(20))  // who made it
        directory.append(fields)
        directory.append(littleEndian: UInt16(0))  // no comment
        directory.append(littleEndian: UInt16(0))  // on the first disk
        directory.append(littleEndian: UInt16(0))
        directory.append(littleEndian: UInt32(0))
        directory.append(littleEndian: UInt32(place))
        directory.append(contentsOf: name)
        count += 1
    }

    /// The whole archive.
    var bytes: Data {
        var end = Data()
        end.append(littleEndian: UInt32(0x0605_4B50))
        end.append(littleEndian: UInt32(0))  // one disk
        end.append(littleEndian: UInt16(count))
        end.append(littleEndian: UInt16(count))
        end.append(littleEndian: UInt32(directory.count))
        end.append(littleEndian: UInt32(files.count))
        end.append(littleEndian: UInt16(0))  // no comment
        return files + directory + end
    }

    private static func checksum(_ contents: Data) -> UInt32 {
        contents.withUnsafeBytes { bytes in
            var sum = crc32(0, nil, 0), rest = bytes[...]
            // zlib counts in 32 bits.
            while !rest.isEmpty {
                let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
                sum = crc32(sum, piece.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(piece.count))
                rest = rest.dropFirst(piece.count)
            }
            return UInt32(truncatingIfNeeded: sum)
        }
    }
}

/// More than 4 GB do not go into one archive.
public struct ArchiveTooLarge: Error, CustomStringConvertible {
    public var description: String { "the model's tensors come to more than the 4 GB that an archive holds" }
}

extension Data {
    mutating func append(littleEndian number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}
