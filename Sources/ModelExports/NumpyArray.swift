import Foundation

/// An array as NumPy keeps it in a file: a header that says type and shape, and the numbers behind it, row after row (format version 1.0).
struct NumpyArray {
    let bytes: Data

    /// - Parameter shape: whose product is the number of values.
    init(_ values: [Float], shape: [Int]) {
        self.init(type: "<f4", shape: shape, values.flatMapBytes { $0.bitPattern })
    }

    init(_ values: [Int32], shape: [Int]) {
        self.init(type: "<i4", shape: shape, values.flatMapBytes { $0 })
    }

    /// Strings, each as long as the longest, in UTF-32.
    ///
    /// - Throws: `ArchiveTooLarge`, before memory is taken: one long name among many is enough for it.
    init(_ strings: [String]) throws(ArchiveTooLarge) {
        let width = max(1, strings.map { $0.unicodeScalars.count }.max() ?? 1)
        let (size, overflows) = (4 * width).multipliedReportingOverflow(by: strings.count)
        guard !overflows, size <= ZipArchive.largest else { throw ArchiveTooLarge() }
        var contents = Data(capacity: strings.count * width * 4)
        for string in strings {
            for scalar in string.unicodeScalars { contents.append(littleEndian: scalar.value) }
            contents.append(Data(count: 4 * (width - string.unicodeScalars.count)))
        }
        self.init(type: "<U\(width)", shape: [strings.count], contents)
    }

    private init(type: String, shape: [Int], _ contents: Data) {
        let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
        // Numbers begin at a multiple of 64 bytes, behind a line feed.
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        var bytes = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
        bytes.append(littleEndian: UInt16(header.utf8.count))
        bytes.append(contentsOf: header.utf8)
        self.bytes = bytes + contents
    }
}

extension Array {
    /// The little-endian bytes of one number for each element.
    fileprivate func flatMapBytes<Number: FixedWidthInteger>(_ number: (Element) -> Number) -> Data {
        var words = map { number($0).littleEndian }
        return words.withUnsafeMutableBytes { Data($0) }
    }
}
