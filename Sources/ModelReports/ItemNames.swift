import Corpora

/// The names that a page needs, each once: sections have numbers in their place.
struct ItemNames {
    /// Unicode scalars of a name; what is longer ends in an ellipsis, so that no name can fill a page. A character as a reader sees it may
    /// have any number of them.
    static let longest = 160
    /// Those of a name where longer ones do not fit.
    static let short = 40

    private(set) var list: [String] = []
    private let vocabulary: Vocabulary
    /// By item; −1 for those that nothing asked for yet.
    private var places: [Int32]

    init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        places = [Int32](repeating: -1, count: vocabulary.count)
    }

    /// The place of an item's name in `list`.
    mutating func place(of item: Int) -> Int {
        if places[item] < 0 {
            places[item] = Int32(list.count)
            list.append(ItemNames.cut(vocabulary.items[item], to: ItemNames.longest))
        }
        return Int(places[item])
    }

    /// The place of an item's name, by the name as the log has it; nil for one that the vocabulary does not hold.
    mutating func place(ofName name: String) -> Int? { vocabulary.number(of: name).map { place(of: Int($0)) } }

    /// The place of an item that was asked for before, or that `takeAll` took in.
    func placeTaken(of item: Int) -> Int { Int(places[item]) }

    /// Takes in all items that are missing.
    mutating func takeAll() {
        for item in 0..<vocabulary.count { _ = place(of: item) }
    }

    /// A name of so many scalars at most.
    static func cut(_ name: String, to longest: Int) -> String {
        let scalars = name.unicodeScalars
        return scalars.dropFirst(longest).isEmpty ? name : String(scalars.prefix(longest - 1)) + "…"
    }
}
