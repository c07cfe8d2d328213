import Corpora
import Kernels

/// Which event each cell of a block reads. Refilled in place, block after block.
final class Block: @unchecked Sendable {
    let shape: BlockShape
    /// For each cell: the event's place in the corpus, or `idle` once its lane has run out.
    let events: UnsafeMutablePointer<Int>
    /// For each cell: u of the item V + u that stands there, of which the vocabulary knows nothing, so that there is nothing to explain; or `none`.
    let strangers: UnsafeMutablePointer<Int32>
    /// For each cell: the number and position of the event's sequence, and whether that starts here.
    let sequences: UnsafeMutablePointer<Int32>
    let positions: UnsafeMutablePointer<Int32>
    let starts: UnsafeMutablePointer<Bool>
    /// Cells that read an event.
    private(set) var live = 0
    /// The lane has run out.
    static let idle = -1
    /// The step behind a sequence's last event, or an item that is unknown: the network runs, and there is nothing to explain.
    static let query = -2
    /// No stranger.
    static let none: Int32 = -1

    init(_ shape: BlockShape) {
        self.shape = shape
        events = .allocate(capacity: shape.cells)
        strangers = .allocate(capacity: shape.cells)
        strangers.initialize(repeating: Block.none, count: shape.cells)
        sequences = .allocate(capacity: shape.cells)
        positions = .allocate(capacity: shape.cells)
        starts = .allocate(capacity: shape.cells)
    }

    deinit {
        events.deallocate()
        strangers.deallocate()
        sequences.deallocate()
        positions.deallocate()
        starts.deallocate()
    }

    /// Where each lane stands between two blocks.
    struct Cursor: Sendable, Codable, Equatable {
        var sequence = 0  // index in the lane's list
        var position = 0
    }

    /// Reads the next T steps of all lanes. Returns false when no lane had any left.
    ///
    /// - Parameter queries: steps behind the last event of each sequence, 0 or 1.
    func fill(from dealer: LaneDealer, corpus: Corpus, cursors: inout [Cursor], queries: Int = 0) -> Bool {
        live = 0
        var filled = 0
        let hasStrangers = !corpus.unknown.isEmpty
        for shard in 0..<shape.shards {
            let lanes = shape.lanes(of: shard), first = shape.cells(of: shard).lowerBound
            for lane in lanes {
                var cursor = cursors[lane]
                let list = dealer.lanes[lane]
                for t in 0..<shape.steps {
                    let cell = first + t * lanes.count + (lane - lanes.lowerBound)
                    guard cursor.sequence < list.count else {
                        events[cell] = Block.idle
                        strangers[cell] = Block.none
                        sequences[cell] = 0
                        positions[cell] = 0
                        starts[cell] = true
                        continue
                    }
                    let n = Int(list[cursor.sequence])
                    let length = corpus.length(n)
                    var event = cursor.position < length ? corpus.starts[n] + cursor.position : Block.query
                    if hasStrangers {
                        let isStrange = event >= 0 && !corpus.isKnown(event)
                        strangers[cell] = isStrange ? Int32(Int(corpus.items[event]) - corpus.vocabulary.count) : Block.none
                        if isStrange { event = Block.query }
                    }
                    events[cell] = event
                    sequences[cell] = Int32(n)
                    positions[cell] = Int32(cursor.position)
                    starts[cell] = cursor.position == 0
                    live += event >= 0 ? 1 : 0
                    filled += 1
                    cursor.position += 1
                    if cursor.position >= length + queries { cursor = Cursor(sequence: cursor.sequence + 1) }
                }
                cursors[lane] = cursor
            }
        }
        return filled > 0
    }
}
