/// For each item the topics that it was counted in at all, ascending: the K_w topics with n_wk > 0, and these counts.
///
/// Counts stand beside their topics, in one run of memory: the table of all n_wk is far too large for a cache, and would be waited for
/// once a topic.
/// Lists follow the counts move by move (`moved`), or are read off them (`rebuild`). Both give the
/// same lists, since these are sorted: a resumed run draws what an unbroken one would have drawn.
public final class NonzeroTopics: @unchecked Sendable {
    /// V.
    public let items: Int
    /// Of each item: room for topics, then as much for counts.
    private let lists: UnsafeMutablePointer<UnsafeMutablePointer<Int32>?>
    private let lengths: UnsafeMutablePointer<Int32>
    private let capacities: UnsafeMutablePointer<Int32>

    /// Reads the lists off the counts, O(V·K); keeps no reference to these.
    public init(_ counts: TopicCounts) {
        items = counts.items
        lists = .allocate(capacity: items)
        lists.initialize(repeating: nil, count: items)
        lengths = .allocate(capacity: items)
        lengths.initialize(repeating: 0, count: items)
        capacities = .allocate(capacity: items)
        capacities.initialize(repeating: 0, count: items)
        rebuild(from: counts)
    }

    deinit {
        for item in 0..<items { lists[item]?.deallocate() }
        lists.deallocate()
        lengths.deallocate()
        capacities.deallocate()
    }

    /// K_w topics, ascending. Valid until the next change to this item.
    public func topics(of item: Int) -> UnsafeBufferPointer<Int32> {
        UnsafeBufferPointer(start: lists[item].map { UnsafePointer($0) }, count: Int(lengths[item]))
    }

    /// Their counts n_wk, in the same order. Valid as long.
    public func counts(of item: Int) -> UnsafeBufferPointer<Int32> {
        UnsafeBufferPointer(start: lists[item].map { UnsafePointer($0 + Int(capacities[item])) }, count: Int(lengths[item]))
    }

    /// Where a topic stands among an item's, or nil: O(log K_w).
    @inlinable
    public static func place(of topic: Int, in topics: UnsafeBufferPointer<Int32>) -> Int? {
        var low = 0, high = topics.count
        while low < high {
            let middle = (low + high) / 2
            if Int(topics[middle]) < topic { low = middle + 1 } else { high = middle }
        }
        return low < topics.count && Int(topics[low]) == topic ? low : nil
    }

    /// Reads all lists off the counts: O(V·K).
    public func rebuild(from counts: TopicCounts) {
        for item in 0..<items {
            lengths[item] = 0
            let row = counts.row(item)
            for topic in 0..<counts.topics where row[topic] > 0 {
                insert(Int32(topic), count: row[topic], at: Int(lengths[item]), of: item)
            }
        }
    }

    /// To be told of each `TopicCounts.move`, after it was made: O(K_w) at most.
    public func moved(item: Int, from old: Int, to new: Int, counts: TopicCounts) {
        update(item, old, counts)
        update(item, new, counts)
    }

    /// Brings one topic's place in one list up to date.
    private func update(_ item: Int, _ topic: Int, _ counts: TopicCounts) {
        let place = position(of: Int32(topic), item: item)
        let listed = place < Int(lengths[item]) && lists[item]?[place] == Int32(topic)
        let count = counts.row(item)[topic]
        if count > 0 && !listed { return insert(Int32(topic), count: count, at: place, of: item) }
        guard listed, let list = lists[item] else { return }
        let capacity = Int(capacities[item])
        if count > 0 {
            list[capacity + place] = count
        } else {
            let behind = Int(lengths[item]) - place - 1
            for start in [place, capacity + place] { (list + start).update(from: list + start + 1, count: behind) }
            lengths[item] -= 1
        }
    }

    /// Where `topic` stands or should stand.
    private func position(of topic: Int32, item: Int) -> Int {
        guard let list = lists[item] else { return 0 }
        var low = 0, high = Int(lengths[item])
        while low < high {
            let middle = (low + high) / 2
            if list[middle] < topic { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func insert(_ topic: Int32, count: Int32, at place: Int, of item: Int) {
        let length = Int(lengths[item])
        if length == Int(capacities[item]) {
            let capacity = max(4, 2 * length)
            let larger = UnsafeMutablePointer<Int32>.allocate(capacity: 2 * capacity)
            if let list = lists[item] {
                larger.update(from: list, count: length)
                (larger + capacity).update(from: list + length, count: length)
                list.deallocate()
            }
            lists[item] = larger
            capacities[item] = Int32(capacity)
        }
        guard let list = lists[item] else { return }
        let capacity = Int(capacities[item])
        for start in [place, capacity + place] { (list + start + 1).update(from: list + start, count: length - place) }
        list[place] = topic
        list[capacity + place] = count
        lengths[item] += 1
    }
}
