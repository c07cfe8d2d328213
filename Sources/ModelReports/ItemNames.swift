import Corpora

/// The names that a page needs, each once: sections have numbers in their place.
struct ItemNames {
    /// Characters of a name; what is longer ends in an ellipsis, so that no name can fill a page.
    static let longest = 160

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
            let name = vocabulary.items[item]
            list.append(name.count > ItemNames.longest ? name.prefix(ItemNames.longest - 1) + "…" : name)
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
}
