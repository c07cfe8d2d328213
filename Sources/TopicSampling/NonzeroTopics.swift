/// For each item the topics that it was counted in at all, ascending: the K_w topics with n_wk > 0.
///
/// Lists follow the counts move by move (`moved`), or are read off them (`rebuild`). Both give the
/// same lists, since these are sorted: a resumed run draws what an unbroken one would have drawn.
public final class NonzeroTopics: @unchecked Sendable {
    /// V.
    public let items: Int
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

    /// Reads all lists off the counts: O(V·K).
    public func rebuild(from counts: TopicCounts) {
        for item in 0..<items {
            lengths[item] = 0
            let row = counts.row(item)
            for topic in 0..<counts.topics where row[topic] > 0 { insert(Int32(topic), at: Int(lengths[item]), of: item) }
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
        let counted = counts.count(item, topic) > 0
        if counted && !listed { insert(Int32(topic), at: place, of: item) }
        if listed && !counted, let list = lists[item] {
            let behind = Int(lengths[item]) - place - 1
            (list + place).update(from: list + place + 1, count: behind)
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

    private func insert(_ topic: Int32, at place: Int, of item: Int) {
        let length = Int(lengths[item])
        if length == Int(capacities[item]) {
            let larger = UnsafeMutablePointer<Int32>.allocate(capacity: max(4, 2 * length))
            if let list = lists[item] {
                larger.update(from: list, count: length)
                list.deallocate()
            }
            lists[item] = larger
            capacities[item] = Int32(max(4, 2 * length))
        }
        guard let list = lists[item] else { return }
        (list + place + 1).update(from: list + place, count: length - place)
        list[place] = topic
        lengths[item] += 1
    }
}
