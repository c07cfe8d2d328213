import Foundation

/// A tree to be read in a terminal: no line is wider than 80 columns.
///
///     100.0 %  milk, bread, eggs
///     ├─ 61.5 %  beer, crisps
///     │  ├─ 40.2 %  topic 3: beer, crisps, salsa
///     │  └─ 21.3 %  topic 0: wine, cheese, crackers
///     └─ 38.5 %  topic 1: milk, bread, eggs
///
/// Where a tree is so deep that nothing would be left for the names, the leaves of a branch are listed below it
/// without what lies between.
struct TextTree: TreeExport {
    let width = 80
    /// Columns that may be spent on lines.
    let deepest = 36

    func render(_ tree: TopicTree) -> String { render(tree, from: tree.root.id) }

    /// A node and all below it.
    func render(_ tree: TopicTree, from root: Int) -> String {
        var text = ""
        // What is still to be written, with the lines that lead to it.
        var open: [(id: Int, lead: String, below: String)] = [(root, "", "")]
        while let (id, lead, below) = open.popLast() {
            let node = tree.nodes[id]
            text += line(node, lead) + "\n"
            let children = below.count + 3 > deepest ? tree.leaves(under: id).filter { $0 != id } : node.children
            for (place, child) in children.enumerated().reversed() {
                let isLast = place == children.count - 1
                open.append((child, below + (isLast ? "└─ " : "├─ "), below + (isLast ? "   " : "│  ")))
            }
        }
        return text
    }

    private func line(_ node: TopicTree.Node, _ lead: String) -> String {
        let share = String(format: "%.1f %%  ", 100 * node.share)
        return fitted(lead + share + node.title.printable)
    }

    private func fitted(_ line: String) -> String { line.cut(toWidth: width) }
}

extension String {
    /// Cut to a width in a terminal, with an ellipsis where something is missing.
    public func cut(toWidth width: Int) -> String {
        if displayWidth <= width { return self }
        var columns = 0
        var kept = ""
        for character in self {
            columns += String(character).displayWidth
            if columns > width - 1 { break }
            kept.append(character)
        }
        while kept.last == " " || kept.last == "," { kept.removeLast() }
        return kept + "…"
    }

    /// Columns in a terminal: two for wide scripts and pictures, one for everything else.
    public var displayWidth: Int {
        reduce(0) { $0 + ($1.unicodeScalars.contains(where: \.isWide) ? 2 : 1) }
    }
}

extension Unicode.Scalar {
    /// Wide or full-width, by block (Unicode Standard Annex 11, without its exceptions).
    fileprivate var isWide: Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
             0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD: true
        default: properties.isEmojiPresentation
        }
    }
}
