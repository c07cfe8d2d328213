import Kernels

/// How names are spelled, character by character: what ``SpelledRows`` read.
///
/// Characters are Unicode scalars, numbered from 1 on in the order in which the names first have them; 0 stands for all others. So names
/// that come behind others leave their numbers as they are.
public struct Spelling: Sendable, Equatable {
    /// Characters of a name that are read at most: of a longer one half as many at its head, and at its end.
    public static let longest = 64

    /// For each character the names that have it; none for 0.
    public let holders: [Int]
    private let numbers: [Unicode.Scalar: Int32]
    /// The characters of all names, end to end; name n has `starts[n] ..< starts[n + 1]`.
    private let characters: [Int32]
    private let starts: [Int]

    /// - Parameter names: by their numbers.
    public init(_ names: [String]) {
        var numbers: [Unicode.Scalar: Int32] = [:], holders = [0], characters: [Int32] = [], starts = [0]
        starts.reserveCapacity(names.count + 1)
        var last = [-1]  // the name that each character was last seen in
        for (name, text) in names.enumerated() {
            for scalar in Spelling.read(text) {
                let number = numbers[scalar] ?? Int32(holders.count)
                if Int(number) == holders.count {
                    numbers[scalar] = number
                    holders.append(0)
                    last.append(-1)
                }
                if last[Int(number)] != name {
                    holders[Int(number)] += 1
                    last[Int(number)] = name
                }
                characters.append(number)
            }
            starts.append(characters.count)
        }
        (self.numbers, self.holders, self.characters, self.starts) = (numbers, holders, characters, starts)
    }

    /// Names.
    public var count: Int { starts.count - 1 }

    /// A: characters that are told apart, the one for all others included.
    public var alphabet: Int { holders.count }

    /// Characters of all names.
    public var length: Int { characters.count }

    /// Characters that a block reads of its names, from both ends: what several in a piece begin or end with is read once.
    ///
    /// - Parameter names: how many; the first ones are taken for what is usual.
    public func charactersRead(names: Int, pieces: Int) -> Int {
        (0..<pieces).reduce(0) { sum, piece in
            let words = Shards.slice(piece, of: pieces, total: min(names, count)).map { (place: $0, word: Array(self[$0])) }
            return sum + SpellingBatch(words, .forward).length + SpellingBatch(words, .backward).length
        }
    }

    /// The characters of a name by its number.
    public subscript(name: Int) -> ArraySlice<Int32> { characters[starts[name]..<starts[name + 1]] }

    /// Those of any name.
    public func characters(of name: String) -> [Int32] { Spelling.read(name).map { numbers[$0] ?? 0 } }

    /// What is read of a name.
    private static func read(_ name: String) -> [Unicode.Scalar] {
        let scalars = Array(name.unicodeScalars)
        return scalars.count <= longest ? scalars : Array(scalars.prefix(longest / 2) + scalars.suffix(longest / 2))
    }
}
