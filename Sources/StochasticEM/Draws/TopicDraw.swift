import Kernels
import Recurrence
import TopicSampling

/// One step of one shard, as the topic draw sees it: hidden rows and items in, topics out.
struct TopicDrawStep {
    let pass: SamplingPass
    let block: Block
    let items: UnsafePointer<UInt32>
    let shard: Int
    /// Cells of this step, one a lane of the shard.
    let cells: Range<Int>
    let epoch: Int

    /// Rows of all copies of the step's cells.
    var rows: Range<Int> { pass.shape.rows(cells) }

    /// The item that a cell has to explain, or nil where it has none.
    func item(_ cell: Int) -> Int? {
        let event = block.events[cell]
        return event < 0 ? nil : Int(items[event])
    }
}

/// How topics are drawn: the seam between the samplers.
///
/// A draw that carries something from block to block says so in `save`; what it holds on the counts it reads off them in `recounted`.
protocol TopicDraw: AnyObject, Sendable, Checkpointed {
    /// Derives what all steps of the next block share; counts stay as they are until the block ends.
    func prepareBlock(shards: Shards)

    /// Fills `pass.ancestors` and `pass.topics` of the step's rows. Returns Σ log p̂(w_t | past) over its live cells, where that is known by now.
    func draw(_ step: TopicDrawStep) -> Double

    /// Which copy's path a lane takes at the end of a block, below P; all copies go on from it.
    func pick(lane: Int, random: inout RandomStream) -> Int

    /// For a loss that needs θ: leaves that of a shard's picked paths in `pass.paths.proportions`, where `draw` did not. Returns Σ log p̂(w_t | past) where `draw` could not.
    func complete(_ pass: SamplingPass, _ block: Block, items: UnsafePointer<UInt32>, shard: Int) -> Double

    /// An event of `item` changed its topic, and the counts have followed.
    func moved(item: Int, from old: Int, to new: Int)

    /// All counts were taken anew from the topics.
    func recounted()

    /// Proposals accepted among those made since the last call; nil for a draw that proposes nothing.
    func takeAcceptanceRate() -> Double?

    /// Mean over live cells since the last call: how many of the P copies explain the event about alike, (Σα)² / Σα².
    /// nil where P = 1, or nothing was weighed. Not to be called during a sweep.
    func takeEffectiveSampleSize() -> Double?
}

extension TopicDraw {
    func save(to state: inout StateWriter) {}
    func restore(from state: StateReader) throws {}
    func prepareBlock(shards: Shards) {}
    /// The first: copies of a draw without survivors do not differ.
    func pick(lane: Int, random: inout RandomStream) -> Int { 0 }
    func complete(_ pass: SamplingPass, _ block: Block, items: UnsafePointer<UInt32>, shard: Int) -> Double { 0 }
    func moved(item: Int, from old: Int, to new: Int) {}
    func recounted() {}
    func takeAcceptanceRate() -> Double? { nil }
    func takeEffectiveSampleSize() -> Double? { nil }
}
