/// Some words that are read side by side, a character a step, as a tree: what begins alike is read once.
///
/// A node is a character behind all those before it; nodes of a step stand together, so that a step is one matrix without gaps. A text's
/// words come to three fifths as many nodes as they have characters.
struct SpellingBatch {
    /// Where the words' states are to go.
    let places: [Int]
    /// The nodes of each step.
    let steps: [Range<Int>]
    /// For each node its character, and the node before, one of the step before; −1 in the first step.
    let characters, parents: [Int32]
    /// The node that each word ends with and the word's place, by nodes; words without characters are not among them.
    let ends: [(node: Int, place: Int)]
    /// The places in `ends` of those of each step.
    let endings: [Range<Int>]

    /// - Parameter direction: the end that words are read from.
    init(_ words: [(place: Int, word: [Int32])], _ direction: SpellingReader.Direction) {
        var tree = Tree()
        var last: [(node: Int, place: Int)] = []
        for (place, word) in words where !word.isEmpty {
            last.append((direction == .forward ? tree.add(word) : tree.add(word.reversed()), place))
        }
        let (order, steps) = tree.bySteps()
        // In the tree's own numbers a node comes behind its parent; here, behind all of the step before.
        var place = [Int](repeating: 0, count: order.count)
        for (node, old) in order.enumerated() { place[old] = node }
        // Words of one node by their places: whatever the order of what was given, sums of their gradients are the same.
        let ends = last.map { (node: place[$0.node], place: $0.place) }.sorted { ($0.node, $0.place) < ($1.node, $1.place) }
        places = words.map(\.place)
        characters = order.map { tree.characters[$0] }
        parents = order.map { tree.parents[$0] < 0 ? -1 : Int32(place[Int(tree.parents[$0])]) }
        var first = 0
        endings = steps.map { nodes in
            let behind = ends[first...].firstIndex { $0.node >= nodes.upperBound } ?? ends.count
            defer { first = behind }
            return first..<behind
        }
        self.steps = steps
        self.ends = ends
    }

    /// Characters that are read: rows of a tape.
    var length: Int { characters.count }

    /// Nodes of the largest step.
    var widest: Int { steps.map(\.count).max() ?? 0 }

    /// Nodes in the order in which words come to them; the children of each as a linked list.
    private struct Tree {
        var characters: [Int32] = [], parents: [Int32] = []
        private var depths: [Int] = []
        private var firstChild: [Int32] = [], nextSibling: [Int32] = []
        private var firstRoot: Int32 = -1

        /// The node that a word ends with.
        mutating func add(_ word: some Sequence<Int32>) -> Int {
            var node: Int32 = -1
            for character in word {
                var child = node < 0 ? firstRoot : firstChild[Int(node)]
                while child >= 0, characters[Int(child)] != character { child = nextSibling[Int(child)] }
                node = child >= 0 ? child : grow(character, behind: node)
            }
            return Int(node)
        }

        private mutating func grow(_ character: Int32, behind parent: Int32) -> Int32 {
            let node = Int32(characters.count)
            characters.append(character)
            parents.append(parent)
            depths.append(parent < 0 ? 0 : depths[Int(parent)] + 1)
            firstChild.append(-1)
            nextSibling.append(parent < 0 ? firstRoot : firstChild[Int(parent)])
            if parent < 0 { firstRoot = node } else { firstChild[Int(parent)] = node }
            return node
        }

        /// Nodes, step after step, and those of each step.
        func bySteps() -> (order: [Int], steps: [Range<Int>]) {
            var counts = [Int](repeating: 0, count: (depths.max() ?? -1) + 1)
            for depth in depths { counts[depth] += 1 }
            var upper = 0
            let steps = counts.map { count in
                upper += count
                return upper - count..<upper
            }
            var next = steps.map(\.lowerBound), order = [Int](repeating: 0, count: depths.count)
            for (node, depth) in depths.enumerated() {
                order[next[depth]] = node
                next[depth] += 1
            }
            return (order, steps)
        }
    }
}
