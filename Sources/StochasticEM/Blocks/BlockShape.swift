import Kernels

/// How a block is cut: B lanes × T steps, P particles a lane, lanes grouped in shards.
///
/// Settings alone fix it, never the number of threads, for results must not depend on that.
public struct BlockShape: Sendable, Equatable {
    /// B.
    public let lanes: Int
    /// T.
    public let steps: Int
    /// P.
    public let particles: Int
    /// Groups of lanes, at most B.
    public let shards: Int

    /// - Parameter shards: at least 1; no more than one a lane are made.
    public init(lanes: Int, steps: Int, particles: Int = 1, shards: Int) {
        self.lanes = lanes
        self.steps = steps
        self.particles = particles
        self.shards = min(shards, lanes)
    }

    /// Cells of a block, B·T.
    public var cells: Int { lanes * steps }

    /// Rows that all P copies of all cells take up.
    public var rows: Int { cells * particles }

    /// Lanes of one shard.
    public func lanes(of shard: Int) -> Range<Int> { Shards.slice(shard, of: shards, total: lanes) }

    /// Cells of one shard: all its steps, step after step, so that a step is a run of cells.
    public func cells(of shard: Int) -> Range<Int> {
        let mine = lanes(of: shard)
        return mine.lowerBound * steps..<mine.upperBound * steps
    }

    /// The cells of one step of a shard, lane after lane.
    public func cells(of shard: Int, step: Int) -> Range<Int> {
        let mine = lanes(of: shard)
        let first = mine.lowerBound * steps + step * mine.count
        return first..<first + mine.count
    }

    /// Rows that P copies of the given cells take up.
    public func rows(_ cells: Range<Int>) -> Range<Int> { cells.lowerBound * particles..<cells.upperBound * particles }
}
