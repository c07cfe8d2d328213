import Testing
@testable import StochasticEM

@Suite struct BlockShapeTests {
    /// A step of a shard is a run of cells, steps of a shard stand in order, and every cell belongs to one step of one shard.
    @Test(arguments: [(1, 1, 1, 1), (16, 32, 4, 4), (7, 5, 1, 3), (3, 2, 5, 3), (5, 4, 2, 1)])
    func cellsArePartitioned(lanes: Int, steps: Int, particles: Int, shards: Int) {
        let shape = BlockShape(lanes: lanes, steps: steps, particles: particles, shards: shards)
        #expect(shape.cells == lanes * steps)
        #expect((0..<shape.shards).flatMap { Array(shape.lanes(of: $0)) } == Array(0..<lanes))
        #expect((0..<shape.shards).flatMap { Array(shape.cells(of: $0)) } == Array(0..<shape.cells))
        for shard in 0..<shape.shards {
            let runs = (0..<steps).map { shape.cells(of: shard, step: $0) }
            #expect(runs.allSatisfy { $0.count == shape.lanes(of: shard).count })
            #expect(runs.flatMap { Array($0) } == Array(shape.cells(of: shard)))
            #expect(shape.rows(runs[0]).count == runs[0].count * particles)
        }
    }

    /// A shard without a lane would have nothing to do.
    @Test func noMoreShardsThanLanes() {
        let shape = BlockShape(lanes: 2, steps: 3, shards: 8)
        #expect(shape.shards == 2)
        #expect((0..<2).allSatisfy { shape.lanes(of: $0).count == 1 })
    }
}
