import Foundation

/// A tree as a picture for papers and slides: a row a leaf, branches that meet, from right to left, at the height of their merge.
///
/// Branches of one colour are one of eight that the drawn part is cut into; the colours are Okabe and Ito's, which are
/// told apart by the colour-blind. Texts keep to their size whatever the number of leaves: of a large tree draw a branch.
struct SVGTree: TreeExport {
    private static let row = 18.0, margin = 14.0, treeWidth = 340.0, shareWidth = 50.0, textWidth = 640.0
    private static let digitWidth = 7.7
    /// Characters of a row of text, at a width of 12 pixels of a sans-serif face.
    private static let longest = 88
    private static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#a6761d", "#56b4e9", "#666666", "#882255"]

    func render(_ tree: TopicTree) -> String { render(tree, from: tree.root.id) }

    /// A node and all below it.
    func render(_ tree: TopicTree, from root: Int) -> String {
        let leaves = tree.leaves(under: root), colour = colours(tree, from: root)
        let width = Self.margin + Self.treeWidth + Self.shareWidth + Self.textWidth
        let height = Self.row * Double(leaves.count) + 2 * Self.margin
        var lines: [String] = [], texts: [String] = []
        var y: [Int: Double] = [:]
        for (place, leaf) in leaves.enumerated() {
            y[leaf] = Self.margin + Self.row * (Double(place) + 0.5)
            texts.append(text(tree.nodes[leaf], at: y[leaf] ?? 0, colour: colour[leaf] ?? "#666666", digits: "\(tree.leafCount - 1)".count))
        }
        let top = max(tree.nodes[root].height, .leastNormalMagnitude)
        func x(_ node: TopicTree.Node) -> Double { Self.margin + Self.treeWidth * (1 - min(node.height / top, 1)) }
        tree.walk(from: root) { _ in } leave: { node in
            guard !node.isLeaf else { return }
            let ends = node.children.map { y[$0] ?? 0 }
            y[node.id] = ends.reduce(0, +) / Double(ends.count)
            let stroke = colour[node.id] ?? "#888888"
            // One path a branch: down its height, and out to each part.
            let arms = zip(node.children, ends).map { child, end in "M\(fixed(x(node))) \(fixed(end))H\(fixed(x(tree.nodes[child])))" }
            lines.append(
                "<path d=\"M\(fixed(x(node))) \(fixed(ends.min() ?? 0))V\(fixed(ends.max() ?? 0))\(arms.joined())\" stroke=\"\(stroke)\">"
                    + "<title>\(escaped(node.title))</title></path>")
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(fixed(width)) \(fixed(height))" width="\(fixed(width))" height="\(fixed(height))">
            <title>\(escaped("\(tree.leaf.rawValue.capitalized)s: " + (tree.nodes[root].isEmpty ? TopicTree.Node.empty : tree.nodes[root].label)))</title>
            <style>text{font:12px system-ui,"DejaVu Sans",sans-serif;fill:#222}.n{fill:#666}path{fill:none;stroke-width:1.6}\
            @media(prefers-color-scheme:dark){text{fill:#ddd}.n{fill:#aaa}}</style>
            \(lines.joined(separator: "\n"))
            \(texts.joined(separator: "\n"))
            </svg>

            """
    }

    /// - Parameter digits: of the highest leaf's number.
    private func text(_ node: TopicTree.Node, at y: Double, colour: String, digits: Int) -> String {
        let x = Self.margin + Self.treeWidth + 8, number = x + Self.shareWidth + Self.digitWidth * Double(digits)
        let share = String(format: "%.1f %%", 100 * node.share)
        let names = node.isEmpty ? TopicTree.Node.empty : node.distinctItems.joined(separator: ", ").printable
        let shown = names.count > Self.longest ? names.prefix(Self.longest - 1) + "…" : names[...]
        return "<text x=\"\(fixed(x))\" y=\"\(fixed(y + 4))\"><tspan fill=\"\(colour)\">\(share)</tspan>"
            + "<tspan x=\"\(fixed(number))\" text-anchor=\"end\" class=\"n\">\(node.id)</tspan><tspan x=\"\(fixed(number + 8))\">\(escaped(String(shown)))</tspan></text>"
    }

    /// Of the nodes that belong to one of the eight branches, that branch's colour.
    private func colours(_ tree: TopicTree, from root: Int) -> [Int: String] {
        // The highest merge is undone until there are as many branches as colours.
        var cut = [root]
        while cut.count < Self.colours.count,
            let highest = cut.indices.filter({ !tree.nodes[cut[$0]].isLeaf }).max(by: { tree.nodes[cut[$0]].height < tree.nodes[cut[$1]].height })
        { cut.replaceSubrange(highest...highest, with: tree.nodes[cut[highest]].children) }
        var colour: [Int: String] = [:]
        for (place, branch) in cut.enumerated() { tree.walk(from: branch) { colour[$0.id] = Self.colours[place] } }
        return colour
    }

    private func fixed(_ number: Double) -> String { String(format: "%.1f", number) }

    private func escaped(_ text: String) -> String {
        text.escaping { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            // XML 1.0 has no way at all to write these.
            case _ where scalar.value < 0x20 && scalar != "\t" && scalar != "\n" && scalar != "\r" || scalar.value == 0xFFFE || scalar.value == 0xFFFF: "\u{FFFD}"
            default: nil
            }
        }
    }
}

extension TopicTree.Node {
    /// What it holds most and what sets it apart from the node beside it, each once: two of the first, then the second, then the rest.
    /// Names that only Unicode holds equal are two.
    var distinctItems: [String] {
        var names: [String] = []
        for item in items.prefix(2) + contrast + items.dropFirst(2) where !names.contains(where: { $0.utf8.elementsEqual(item.name.utf8) }) {
            names.append(item.name)
        }
        return Array(names.prefix(max(items.count, 1)))
    }
}
