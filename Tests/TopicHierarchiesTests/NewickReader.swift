/// Reads the one tree of a Newick file, quotes and lengths included.
enum NewickReader {
    struct Node: Equatable {
        let label: String
        let length: Double?
        let depth: Int
    }

    struct Malformed: Error {}

    /// The nodes, children before parents.
    static func read(_ text: String) throws -> [Node] {
        var nodes: [Node] = [], depth = 0
        var rest = text.unicodeScalars[...]

        func isNext(_ scalar: Unicode.Scalar) -> Bool { rest.first == scalar }

        func label() throws -> String {
            guard rest.popFirst() == "'" else { throw Malformed() }
            var label = String.UnicodeScalarView()
            while let scalar = rest.popFirst() {
                if scalar == "'" {
                    guard isNext("'") else { return String(label) }
                    rest.removeFirst()
                }
                label.append(scalar)
            }
            throw Malformed()
        }

        while let first = rest.first {
            switch first {
            case "(":
                rest.removeFirst()
                depth += 1
            case ",":
                rest.removeFirst()
            case ";":
                guard depth == 0, String(rest) == ";\n" else { throw Malformed() }
                return nodes
            default:
                if first == ")" {
                    rest.removeFirst()
                    depth -= 1
                }
                let name = try label()
                var length: Double?
                if isNext(":") {
                    rest.removeFirst()
                    let digits = rest.prefix { !",();".unicodeScalars.contains($0) }
                    guard let number = Double(String(digits)) else { throw Malformed() }
                    rest = rest[digits.endIndex...]
                    length = number
                }
                nodes.append(Node(label: name, length: length, depth: depth))
            }
        }
        throw Malformed()
    }
}
