import Corpora

/// Labels of items whose names are paths, such as `dairy/cheese/gouda`: at level 1 the first piece of the name, at level 2 the first two, and so on.
public struct PathLabels: Sendable, Equatable {
    /// What items are called at one depth of their paths.
    public struct Level: Sendable, Equatable {
        /// The labels, by first appearance.
        public let names: [String]
        /// By item, the number of its label.
        public let labels: [Int]
    }

    /// The coarsest first. An item's last piece is the item itself: there are as many levels as the shortest path has pieces before its last.
    public let levels: [Level]

    /// - Parameters:
    ///   - names: of items; at least one.
    ///   - separator: what divides the pieces of a path.
    /// - Throws: `NoPath` for the first item whose name is none.
    public init(_ names: [String], separator: String) throws(NoPath) {
        guard !separator.isEmpty else { throw NoPath(description: "nothing cannot divide names", remedy: "give the --separator that divides the levels, such as /") }
        var ends: [[String.Index]] = []
        for name in names {
            let found = name.ranges(of: separator).map(\.lowerBound)
            guard !found.isEmpty else {
                throw NoPath(
                    description: "the name of item \"\(name)\" is no path: there is no \"\(separator)\" in it",
                    remedy: "name the --separator that divides the levels, or fit a model without such items")
            }
            ends.append(found)
        }
        levels = (0..<(ends.map(\.count).min() ?? 0)).map { level -> Level in
            var numbers: [ExactName: Int] = [:], labels: [String] = []
            let own = names.indices.map { item in
                let label = String(names[item][..<ends[item][level]])
                if let number = numbers[ExactName(label)] { return number }
                numbers[ExactName(label)] = labels.count
                labels.append(label)
                return labels.count - 1
            }
            return Level(names: labels, labels: own)
        }
    }
}

/// Why items have no labels by their names.
public struct NoPath: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
    /// What to do about it.
    public let remedy: String
}
