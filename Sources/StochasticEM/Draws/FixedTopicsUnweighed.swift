import TopicSampling

/// No draw, as `FixedTopics`, where nobody asks for θ: nothing is weighed, and nothing is said of likelihoods. One copy.
final class FixedTopicsUnweighed: TopicDraw, @unchecked Sendable {
    private let topics: UnsafePointer<Int32>  // one an event of the corpus

    init(topics: UnsafePointer<Int32>) { self.topics = topics }

    func draw(_ step: TopicDrawStep) -> Double {
        let pass = step.pass, firstLane = pass.shape.lanes(of: step.shard).lowerBound
        for (place, cell) in step.cells.enumerated() {
            pass.ancestors[cell] = 0
            pass.topics[cell] = 0
            guard let item = step.item(cell) else { continue }
            pass.topics[cell] = topics[step.block.events[cell]]
            pass.explained(item, cell: cell, lane: firstLane + place, shard: step.shard, weights: nil)
        }
        return 0
    }
}
