import Foundation
import Testing
@testable import TopicHierarchies
#if canImport(FoundationXML)
import FoundationXML
#endif

private let nastyNames = [
    "<script>alert('x')</script>", "\"quoted\"", "a,b", "line\nfeed", "tab\tcr\r", "back\\slash \\N", "it's (a) [b]:1;", "名前 🧀",
    "]]>", "&amp;", "e\u{301}\u{202E}turned", "\u{0}\u{1B}[31mred\u{FFFE}", "", String(repeating: "long ", count: 60), "\r\n", "{};->",
]

private let trees: [(String, @Sendable () throws -> TopicTree)] = [
    ("four topics", { try drinkAndFood() }), ("one topic", { try line(of: ["milk"]) }), ("two topics", { try line(of: ["milk", "bread"]) }),
    ("nasty names", { try line(of: nastyNames) }), ("a deep tree", { try line(of: (0..<300).map { "item \($0)" }) }),
]

@Suite struct TreeFormatTests {
    @Test func `The text is pleasant to read`() throws {
        #expect(try TreeFormat.text.render(drinkAndFood()) == """
            100.0 %  bag, cheese
            ├─ 70.0 %  cheese, bread
            │  ├─ 40.0 %  topic 3: cheese, bag
            │  └─ 30.0 %  topic 1: bread, bag
            └─ 30.0 %  wine, beer
               ├─ 20.0 %  topic 2: wine, bag
               └─ 10.0 %  topic 0: beer, bag

            """)
    }

    @Test(arguments: trees.indices)
    func `No line of text is wider than a terminal, and every topic has one`(index: Int) throws {
        let tree = try trees[index].1()
        let lines = TreeFormat.text.render(tree).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.allSatisfy { String($0).displayWidth <= 80 })
        for topic in 0..<tree.leafCount {
            #expect(lines.count { $0.contains("topic \(topic):") } == 1, "\(trees[index].0), topic \(topic)")
        }
        #expect(lines.allSatisfy { line in !line.unicodeScalars.contains { $0.properties.generalCategory == .control } })
    }

    @Test func `Wide characters count twice when a line is cut`() throws {
        let text = TreeFormat.text.render(try line(of: [String(repeating: "名", count: 60)]))
        #expect(text.hasSuffix("…\n"))
        #expect(String(text.dropLast()).displayWidth <= 80 && String(text.dropLast()).displayWidth >= 79)
    }

    private struct Nested: Decodable {
        let name: String
        let id: Int
        let topic: Int?
        let value: Double?
        let share: Double
        let height: Double
        let size: Int
        let items: [NestedItem]
        let children: [Nested]?

        var all: [Nested] { [self] + (children ?? []).flatMap(\.all) }
    }

    private struct NestedItem: Decodable {
        let item: String
        let probability: Double
    }

    @Test(arguments: [0, 1, 2, 3])
    func `JSON holds the whole tree`(index: Int) throws {
        let tree = try trees[index].1()
        let text = TreeFormat.json.render(tree)
        #expect(!text.contains("<"))
        let all = try JSONDecoder().decode(Nested.self, from: Data(text.utf8)).all
        #expect(all.count == tree.nodes.count)
        #expect(all.compactMap(\.topic) == tree.leafOrder)
        #expect(abs(all.compactMap(\.value).reduce(0, +) - 1) < 1e-9)
        for nested in all {
            let node = tree.nodes[nested.id]
            #expect(nested.name == node.title && nested.share == node.share && nested.height == node.height && nested.size == node.size)
            #expect(nested.children?.map(\.id) ?? [] == node.children && (nested.topic != nil) == node.isLeaf)
            #expect(nested.items.map { Array($0.item.utf8) } == node.items.map { Array($0.name.utf8) })
            #expect(nested.items.map(\.probability) == node.items.map(\.probability))
        }
    }

    @Test(arguments: trees.indices)
    func `Newick comes back from a reader`(index: Int) throws {
        let tree = try trees[index].1()
        let read = try NewickReader.read(TreeFormat.newick.render(tree))
        var expected: [NewickReader.Node] = [], depth = 0
        tree.walk { _ in depth += 1 } leave: { node in
            depth -= 1
            let name = String(String.UnicodeScalarView(node.title.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
            expected.append(.init(label: name, length: node.parent.map { tree.nodes[$0].height - node.height }, depth: depth))
        }
        #expect(read == expected)
    }

    @Test func `A Newick label has its quotes doubled`() throws {
        #expect(try TreeFormat.newick.render(line(of: ["it's"])) == "'topic 0: it''s';\n")
    }

    private final class Elements: NSObject, XMLParserDelegate {
        var nodes: [String: [String: String]] = [:]
        var edges: [(String, String)] = []
        private var node: String?
        private var key: String?

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
        ) {
            switch name {
            case "node": node = attributes["id"]
            case "edge": edges.append((attributes["source"] ?? "", attributes["target"] ?? ""))
            case "data": key = attributes["key"]
            default: break
            }
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            if let node, let key { nodes[node, default: [:]][key, default: ""] += text }
        }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            if name == "node" { node = nil }
            if name == "data" { key = nil }
        }
    }

    @Test(arguments: trees.indices)
    func `GraphML is XML, and holds all nodes and edges`(index: Int) throws {
        let tree = try trees[index].1()
        let elements = Elements()
        let parser = XMLParser(data: Data(TreeFormat.graphml.render(tree).utf8))
        parser.delegate = elements
        try #require(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(elements.nodes.count == tree.nodes.count)
        for node in tree.nodes {
            let data = try #require(elements.nodes["n\(node.id)"])
            let label = node.title.replacing("\u{0}", with: "\u{FFFD}").replacing("\u{1B}", with: "\u{FFFD}")
                .replacing("\u{FFFE}", with: "\u{FFFD}")
            #expect(data["label"].map { Array($0.utf8) } == Array(label.utf8))
            #expect(data["topic"] == (node.isLeaf ? "\(node.id)" : nil))
            #expect(data["share"] == "\(node.share)" && data["height"] == "\(node.height)")
        }
        let expected = tree.nodes.flatMap { node in node.children.map { "n\(node.id) n\($0)" } }
        #expect(elements.edges.map { "\($0.0) \($0.1)" }.sorted() == expected.sorted())
    }

    @Test func `A tree of items has items for its leaves in every format`() throws {
        let linkage = try Linkage(points: [0, 1, 5], count: 3, method: .ward)
        let tree = TopicTree(linkage: linkage, shares: [0.5, 0.3, 0.2], itemNames: ["milk", "bread", "beer"], labelLength: 2, leaf: .item) { leaf in
            (0..<3).map { $0 == leaf ? 1 : 0 }
        }
        #expect(TreeFormat.text.render(tree) == """
            100.0 %  milk, bread
            ├─ 80.0 %  milk, bread
            │  ├─ 50.0 %  milk
            │  └─ 30.0 %  bread
            └─ 20.0 %  beer

            """)
        let rows = readCSV(TreeFormat.csv.render(tree))
        #expect(rows[0] == ["node", "parent", "item", "size", "share", "height", "label"])
        #expect(rows[1...3].map { $0[2] } == ["0", "1", "2"] && rows[1...3].map { $0[6] } == ["milk", "bread", "beer"] && rows[4][2] == "")
        #expect(TreeFormat.json.render(tree).contains("{\"name\": \"beer\", \"id\": 2, \"item\": 2, \"value\": 0.2,"))
        #expect(TreeFormat.newick.render(tree).contains("'beer':"))
        #expect(TreeFormat.graphml.render(tree).contains("<data key=\"item\">2</data>") && TreeFormat.dot.render(tree).hasPrefix("digraph items {"))
        #expect(TreeFormat.svg.render(tree).contains("<title>Items: milk, bread</title>"))
        for format in TreeFormat.allCases { #expect(!format.render(tree).contains("topic"), "\(format)") }
    }

    @Test func `DOT has quotes and backslashes escaped`() throws {
        let text = try TreeFormat.dot.render(line(of: nastyNames))
        for line in text.split(separator: "\n") where line.contains("label=") {
            // Without what is escaped, exactly the two quotes of the label are left, and no control character.
            let bare = line.replacing("\\\\", with: "").replacing("\\\"", with: "")
            #expect(bare.split(separator: "label=", maxSplits: 1).last?.count { $0 == "\"" } == 2, "\(line)")
            #expect(!line.unicodeScalars.contains { $0.properties.generalCategory == .control })
        }
        #expect(text.contains(#"back\\slash \\N"#) && text.contains(#"\"quoted\""#) && text.contains(#"line\\nfeed"#))
        #expect(text.components(separatedBy: " -> n").count == 2 * nastyNames.count - 1)
    }

    @Test(arguments: [0, 1, 2, 3])
    func `CSV has a line a node`(index: Int) throws {
        let tree = try trees[index].1()
        let rows = readCSV(TreeFormat.csv.render(tree))
        #expect(rows[0] == ["node", "parent", "topic", "size", "share", "height", "label"])
        #expect(rows.count == tree.nodes.count + 1)
        for (row, node) in zip(rows.dropFirst(), tree.nodes) {
            #expect(row == [
                "\(node.id)", node.parent.map(String.init) ?? "", node.isLeaf ? "\(node.id)" : "", "\(node.size)", "\(node.share)",
                "\(node.height)", node.label,
            ])
        }
    }

    /// RFC 4180, by scalars, since Swift takes CR LF for one character.
    private func readCSV(_ text: String) -> [[String]] {
        var rows: [[String]] = [], row: [String] = [], field = String.UnicodeScalarView()
        var isQuoted = false
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"" where isQuoted && rest.first == "\"": field.append(rest.removeFirst())
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                row.append(String(field))
                field = .init()
            case "\n" where !isQuoted:
                rows.append(row + [String(field)])
                (row, field) = ([], .init())
            default: field.append(scalar)
            }
        }
        return rows
    }
}
