/// The pairs of items that stand together in the list of some topic: those alone are ever counted.
///
/// Items that stand in any list are numbered anew, 0 ..< count, and pairs in the order of (lower, higher) number.
struct ItemPairs {
    /// Distinct items in all lists.
    let count: Int
    /// New number of each item of the vocabulary; −1, not an optional, for those in no list: every event is looked up here.
    let numbers: [Int32]
    /// Partners of item i are `partners[starts[i] ..< starts[i + 1]]`, rising; each pair stands under both of its items.
    let starts: [Int]
    let partners: [Int32]
    /// The pair that each entry of `partners` belongs to.
    let pairNumbers: [Int32]
    /// Distinct pairs.
    let pairCount: Int

    /// - Parameters:
    ///   - topItems: a list a topic; items below `vocabulary`.
    init(topItems: [[UInt32]], vocabulary: Int) {
        var numbers = [Int32](repeating: -1, count: vocabulary)
        var count = 0
        for item in topItems.joined() {
            precondition(item < vocabulary, "items are numbers below V")
            if numbers[Int(item)] < 0 {
                numbers[Int(item)] = Int32(count)
                count += 1
            }
        }
        // A pair is one word, lower number in front: sorting them brings equal ones together.
        var keys: [UInt64] = []
        for items in topItems {
            let distinct = Set(items.map { UInt64(numbers[Int($0)]) }).sorted()
            for (place, i) in distinct.enumerated() {
                for j in distinct[(place + 1)...] { keys.append(i << 32 | j) }
            }
        }
        keys.sort()
        var distinct: [UInt64] = []
        for key in keys where key != distinct.last { distinct.append(key) }

        var starts = [Int](repeating: 0, count: count + 1)
        for key in distinct {
            starts[Int(key >> 32) + 1] += 1
            starts[Int(key & 0xFFFF_FFFF) + 1] += 1
        }
        for i in 0..<count { starts[i + 1] += starts[i] }
        var next = starts
        var partners = [Int32](repeating: 0, count: 2 * distinct.count), pairNumbers = partners
        // In the order of keys, an item gets its lower partners, rising, and then its higher ones, rising.
        for (pair, key) in distinct.enumerated() {
            let (i, j) = (Int(key >> 32), Int(key & 0xFFFF_FFFF))
            for (item, partner) in [(i, j), (j, i)] {
                partners[next[item]] = Int32(partner)
                pairNumbers[next[item]] = Int32(pair)
                next[item] += 1
            }
        }
        self.count = count
        self.numbers = numbers
        self.starts = starts
        self.partners = partners
        self.pairNumbers = pairNumbers
        pairCount = distinct.count
    }

    /// The new numbers of a list's items, each once.
    func indices(of items: [UInt32]) -> [Int] {
        Set(items.map { Int(numbers[Int($0)]) }).sorted()
    }

    /// The number of a pair, which must be one of those counted.
    func pair(_ i: Int, _ j: Int) -> Int {
        var low = starts[i], high = starts[i + 1]
        while high - low > 1 {
            let middle = (low + high) / 2
            if partners[middle] <= j { low = middle } else { high = middle }
        }
        precondition(partners[low] == j, "only pairs that stand in a list are counted")
        return Int(pairNumbers[low])
    }
}
