import Kernels

/// Deals sequences to lanes, and lays each lane's sequences end to end.
///
/// A lane is an endless stream with a mark where a sequence starts: no padding, sequences of
/// any length, constant memory.
struct LaneDealer: Sendable {
    /// Sequences of each lane, in the order in which they are read.
    let lanes: [[Int32]]
    /// Steps of the longest lane.
    let steps: Int

    /// - Parameters:
    ///   - lengths: events of each sequence.
    ///   - lanes: B.
    ///   - seed, epoch: of the shuffle; each epoch is dealt anew.
    ///
    /// Longest-processing-time first evens the lanes out; each lane is then shuffled, or
    /// long sequences would always come before short ones.
    init(lengths: [Int], lanes count: Int, seed: UInt64, epoch: Int) {
        var random = RandomStream(seed: seed, purpose: .dealing, epoch: epoch)
        var order = (0..<lengths.count).map { Int32($0) }
        order.shuffle(using: &random)
        order = LaneDealer.byDescendingLength(order, lengths: lengths)

        var dealt = [[Int32]](repeating: [], count: count)
        var load = LoadHeap(lanes: count)
        for n in order where lengths[Int(n)] > 0 {
            dealt[load.addToLightest(lengths[Int(n)])].append(n)
        }
        for lane in dealt.indices {
            var random = RandomStream(seed: seed, purpose: .dealing, epoch: epoch, sequence: lane + 1)
            dealt[lane].shuffle(using: &random)
        }
        lanes = dealt
        steps = load.heaviest
    }

    /// A stable counting sort where lengths are small, as they are in all logs but a few.
    private static func byDescendingLength(_ order: [Int32], lengths: [Int]) -> [Int32] {
        let longest = lengths.max() ?? 0
        guard longest < 4 * order.count + 1024 else {
            return order.enumerated().sorted {
                let (a, b) = (lengths[Int($0.element)], lengths[Int($1.element)])
                return a != b ? a > b : $0.offset < $1.offset
            }.map(\.element)
        }
        var next = [Int](repeating: 0, count: longest + 2)
        for n in order { next[longest - lengths[Int(n)] + 1] += 1 }
        for i in 1..<next.count { next[i] += next[i - 1] }
        var sorted = [Int32](repeating: 0, count: order.count)
        for n in order {
            let key = longest - lengths[Int(n)]
            sorted[next[key]] = n
            next[key] += 1
        }
        return sorted
    }

    /// A binary heap of lanes by load, ties by number.
    private struct LoadHeap {
        private var heap: [(load: Int, lane: Int)]
        private(set) var heaviest = 0

        init(lanes: Int) { heap = (0..<lanes).map { (0, $0) } }

        mutating func addToLightest(_ length: Int) -> Int {
            let lane = heap[0].lane
            heap[0].load += length
            heaviest = max(heaviest, heap[0].load)
            var parent = 0
            while true {
                var child = 2 * parent + 1
                guard child < heap.count else { break }
                if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
                guard heap[child] < heap[parent] else { break }
                heap.swapAt(child, parent)
                parent = child
            }
            return lane
        }
    }
}
