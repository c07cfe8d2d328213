import Corpora
import Kernels
import Testing
@testable import StochasticEM

@Suite struct BlockTests {
    /// What one lane read at one step.
    struct Reading: Equatable {
        var lane: Int
        var sequence: Int
        var position: Int
        var event: Int
        var start: Bool
    }

    /// All that blocks read of a corpus until they say that there is no more, lane by lane, idle cells left out.
    static func readings(_ corpus: Corpus, shape: BlockShape, queries: Int) -> (read: [Reading], live: Int, blocks: Int) {
        let dealer = LaneDealer(
            lengths: (0..<corpus.count).map { corpus.length($0) + queries }, lanes: shape.lanes, seed: 7, epoch: 1)
        let block = Block(shape)
        var cursors = [Block.Cursor](repeating: Block.Cursor(), count: shape.lanes)
        var lanes = [[Reading]](repeating: [], count: shape.lanes), live = 0, blocks = 0
        while block.fill(from: dealer, corpus: corpus, cursors: &cursors, queries: queries) {
            blocks += 1
            live += block.live
            for shard in 0..<shape.shards {
                for step in 0..<shape.steps {
                    for (lane, cell) in zip(shape.lanes(of: shard), shape.cells(of: shard, step: step))
                    where block.events[cell] != Block.idle {
                        lanes[lane].append(
                            Reading(
                                lane: lane, sequence: Int(block.sequences[cell]), position: Int(block.positions[cell]),
                                event: block.events[cell], start: block.starts[cell]))
                    }
                }
            }
        }
        return (Array(lanes.joined()), live, blocks)
    }

    /// What reading has to obey, or the first breach in words: each sequence in one run of one lane, all positions in order,
    /// the start marked at position 0 and nowhere else, `queries` cells behind the last event.
    static func breach(of readings: [Reading], corpus: Corpus, queries: Int) -> String? {
        var seen = Set<Int>(), rest = readings[...]
        while let first = rest.first {
            let n = first.sequence, length = corpus.length(n)
            if !seen.insert(n).inserted { return "sequence \(n) was read before" }
            let run = rest.prefix(length + queries)
            let wanted = (0..<length + queries).map { position in
                Reading(
                    lane: first.lane, sequence: n, position: position,
                    event: position < length ? corpus.starts[n] + position : Block.query, start: position == 0)
            }
            if Array(run) != wanted { return "sequence \(n) was not read from start to end" }
            rest = rest.dropFirst(run.count)
        }
        let wanted = Set((0..<corpus.count).filter { corpus.length($0) + queries > 0 })
        return seen == wanted ? nil : "some sequences were not read"
    }

    static let shapes = [
        BlockShape(lanes: 1, steps: 1, shards: 1), BlockShape(lanes: 4, steps: 8, shards: 2),
        BlockShape(lanes: 7, steps: 3, shards: 3), BlockShape(lanes: 32, steps: 16, shards: 4),
    ]

    static func corpus(lengths: [Int]) -> Corpus {
        StochasticEMTests.corpus(lengths.map { length in (0..<length).map { $0 % 3 } }, items: 3)
    }

    @Test(arguments: LaneDealerTests.lengths.filter { $0.reduce(0, +) < 10_000 } + [[2000, 1, 3]], [0, 1])
    func everyEventOnceInOrder(lengths: [Int], queries: Int) {
        let corpus = BlockTests.corpus(lengths: lengths)
        for shape in BlockTests.shapes {
            let (read, live, blocks) = BlockTests.readings(corpus, shape: shape, queries: queries)
            #expect(BlockTests.breach(of: read, corpus: corpus, queries: queries) == nil)
            #expect(live == corpus.items.count)
            #expect(read.count == corpus.items.count + queries * lengths.count { $0 + queries > 0 })
            let longest = LaneDealer(
                lengths: lengths.map { $0 + queries }, lanes: shape.lanes, seed: 7, epoch: 1).steps
            #expect(blocks == (longest + shape.steps - 1) / shape.steps)
        }
    }

    @Test func badReadingsAreSeen() {
        let corpus = BlockTests.corpus(lengths: [3, 4, 1])
        let good = BlockTests.readings(corpus, shape: BlockTests.shapes[0], queries: 1).read
        func sees(_ spoil: (inout [Reading]) -> Void) -> Bool {
            var bad = good
            spoil(&bad)
            return BlockTests.breach(of: bad, corpus: corpus, queries: 1) != nil
        }
        #expect(!sees { _ in })
        #expect(sees { $0.removeFirst() })
        #expect(sees { $0.removeLast() })
        #expect(sees { $0.swapAt(0, 1) })
        #expect(sees { $0[0].start = false })
        #expect(sees { $0[1].start = true })
        #expect(sees { $0 += good })
        #expect(sees { $0[0].event += 1 })
    }
}
