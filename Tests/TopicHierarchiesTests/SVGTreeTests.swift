import Foundation
import Testing
@testable import TopicHierarchies
#if canImport(FoundationXML)
import FoundationXML
#endif

@Suite struct SVGTreeTests {
    /// Counts elements, and collects what stands in `text`.
    private final class Reader: NSObject, XMLParserDelegate {
        var elements: [String: Int] = [:]
        var texts: [String] = []
        private var isText = false

        func parser(_ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String] = [:]) {
            elements[name, default: 0] += 1
            if name == "text" { (isText, texts) = (true, texts + [""]) }
        }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            if name == "text" { isText = false }
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) {
            if isText { texts[texts.count - 1] += string }
        }
    }

    private func read(_ svg: String) -> Reader? {
        let parser = XMLParser(data: Data(svg.utf8)), reader = Reader()
        parser.delegate = reader
        return parser.parse() ? reader : nil
    }

    @Test func `A picture has a text a topic and a path a branch, in the order of drawing`() throws {
        let tree = try drinkAndFood(), picture = try #require(read(TreeFormat.svg.render(tree)))
        #expect(picture.texts == ["40.0 %3cheese, bag", "30.0 %1bread, bag", "20.0 %2wine, bag", "10.0 %0beer, bag"])
        #expect(picture.elements["path"] == 3)
    }

    @Test func `A branch is drawn alone`() throws {
        let tree = try drinkAndFood()
        let picture = try #require(TreeFormat.svg.render(tree, branch: 5))
        let part = try #require(read(picture))
        #expect(part.texts.map { $0.prefix(7) } == ["20.0 %2", "10.0 %0"] && part.elements["path"] == 1)
        #expect(TreeFormat.text.render(tree, branch: 5)?.hasPrefix("30.0 %  wine, beer\n├─ 20.0 %  topic 2") == true)
        #expect(read(TreeFormat.svg.render(tree, branch: 2) ?? "")?.texts.count == 1)
        for format in [TreeFormat.json, .newick, .graphml, .dot, .csv] { #expect(format.render(tree, branch: 5) == nil) }
    }

    @Test func `Odd names and deep trees make pictures that can be read`() throws {
        let names = ["<script>alert(1)</script>", "a & b", "]]>", "\u{0}\u{1B}[31m\u{FFFE}", "", String(repeating: "long ", count: 60), "\"q\"", "it's"]
        #expect(read(TreeFormat.svg.render(try line(of: names)))?.texts.count == 8)
        #expect(read(TreeFormat.svg.render(try line(of: (0..<500).map { "item \($0)" })))?.texts.count == 500)
        #expect(read(TreeFormat.svg.render(try line(of: ["alone"])))?.texts.count == 1)
    }

    /// Two topics that hold the same most, and differ in what they hold less.
    @Test func `What sets siblings apart is in their labels`() throws {
        let linkage = try Linkage(points: [0, 1], count: 2, method: .ward)
        let phi: [[Float]] = [[0.4, 0.3, 0.2, 0.1, 0], [0.4, 0.3, 0, 0.1, 0.2]]
        let tree = TopicTree(linkage: linkage, shares: [0.5, 0.5], itemNames: ["milk", "bread", "wine", "eggs", "beer"], labelLength: 3) { phi[$0] }
        #expect(tree.nodes[0].items.map(\.name) == ["milk", "bread", "wine"] && tree.nodes[0].contrast.map(\.name) == ["wine"])
        #expect(tree.nodes[0].distinctItems == ["milk", "bread", "wine"] && tree.nodes[1].distinctItems == ["milk", "bread", "beer"])
        #expect(tree.root.contrast.isEmpty)
    }

    /// é as one character and as two.
    @Test func `Items that Unicode alone holds equal are both in a label`() throws {
        let linkage = try Linkage(points: [0, 1], count: 2, method: .ward), names = ["caf\u{E9}", "cafe\u{301}"]
        let tree = TopicTree(linkage: linkage, shares: [0.5, 0.5], itemNames: names, labelLength: 2) { $0 == 0 ? [0.6, 0.4] : [0.4, 0.6] }
        #expect(tree.nodes[0].distinctItems.map { Array($0.utf8) } == names.map { Array($0.utf8) })
    }
}
