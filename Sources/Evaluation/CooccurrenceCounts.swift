import Corpora

/// In how many places - sequences, or windows that slide along them - items and pairs of items occur.
struct CooccurrenceCounts {
    /// All places.
    private(set) var places = 0
    /// By `ItemPairs`' numbers of items.
    private(set) var items: [Int]
    /// By `ItemPairs`' numbers of pairs.
    private(set) var pairs: [Int]

    /// All items of the corpus are in its vocabulary.
    ///
    /// Work for each event: a look at the partners of its item when it comes into the window, and when it leaves; however
    /// wide the window. A pair is together from the place where its second item comes to that where the first one leaves,
    /// so that its count is a sum of differences of places.
    init(pairs table: ItemPairs, corpus: Corpus, window: Int?) {
        var places = 0
        var itemCounts = [Int](repeating: 0, count: table.count)
        var pairCounts = [Int](repeating: 0, count: table.pairCount)
        // How often each item lies in the window.
        var present = [Int32](repeating: 0, count: table.count)
        var inSequence: [Int] = []

        table.partners.withUnsafeBufferPointer { partners in
            table.pairNumbers.withUnsafeBufferPointer { pairNumbers in
                pairCounts.withUnsafeMutableBufferPointer { pairCounts in
                    present.withUnsafeMutableBufferPointer { present in
                        // Adds `amount` for an item, and for each pair that it makes with an item in the window.
                        func add(_ amount: Int, _ item: Int) {
                            itemCounts[item] += amount
                            for entry in table.starts[item]..<table.starts[item + 1] where present[Int(partners[entry])] > 0 {
                                pairCounts[Int(pairNumbers[entry])] += amount
                            }
                        }
                        func enter(_ event: Int, at place: Int) {
                            let item = Int(table.numbers[Int(corpus.items[event])])
                            if item < 0 { return }
                            if present[item] == 0 {
                                inSequence.append(item)
                                add(-place, item)
                            }
                            present[item] += 1
                        }
                        func leave(_ item: Int, at place: Int) {
                            present[item] -= 1
                            if present[item] == 0 { add(place, item) }
                        }
                        for n in 0..<corpus.count where corpus.length(n) > 0 {
                            let events = corpus.range(n)
                            let width = min(window ?? events.count, events.count)
                            for event in events.prefix(width) { enter(event, at: 0) }
                            let last = events.count - width
                            for place in 0..<last {
                                // Out first: an item that leaves and comes back with the next event has not been away.
                                let leaving = Int(table.numbers[Int(corpus.items[events.lowerBound + place])])
                                if leaving >= 0 { leave(leaving, at: place + 1) }
                                enter(events.lowerBound + place + width, at: place + 1)
                            }
                            for item in inSequence where present[item] > 0 {
                                present[item] = 1
                                leave(item, at: last + 1)
                            }
                            inSequence.removeAll(keepingCapacity: true)
                            places += last + 1
                        }
                    }
                }
            }
        }
        self.places = places
        items = itemCounts
        pairs = pairCounts
    }
}
