import Kernels
import Recurrence
import TopicSampling

/// What the M-step lowers: the seam between its losses.
protocol TopicLoss: Sendable {
    /// Draws what all events of a block share, before the network prepares for it.
    ///
    /// - Parameter number: of the block in its epoch.
    func prepareBlock(_ number: Int, epoch: Int)

    /// Leaves the loss's gradient in `pass.paths.proportions`, idle cells included.
    func gradient(of part: DrawnPart) -> DrawnPart.Sums
}

extension TopicLoss {
    func prepareBlock(_ number: Int, epoch: Int) {}
}

/// Nothing is lowered: for a sweep that draws only.
struct NoLoss: TopicLoss {
    func gradient(of part: DrawnPart) -> DrawnPart.Sums { DrawnPart.Sums() }
}

/// One shard of a block whose paths were drawn and picked.
struct DrawnPart {
    let pass: SamplingPass
    let block: Block
    let items: UnsafePointer<UInt32>
    let shard: Int
    let draw: any TopicDraw
    /// Of each event in the loss.
    let weight: Float

    /// Σ log p̂(w_t | past), as far as the draw left it to be found, and Σ log θ_t(z_t).
    struct Sums {
        var seen = 0.0
        var said = 0.0
    }

    var cells: Range<Int> { pass.shape.cells(of: shard) }

    /// z_t of the path picked; nil where there is no event.
    func topic(_ cell: Int) -> Int? { block.events[cell] < 0 ? nil : Int(pass.pathTopics[cell]) }

    /// Sums of a loss that begins with θ of all topics; `teach` turns an event's into the gradient of its logits, and returns log θ(z).
    func forEachProportions(_ teach: (_ theta: UnsafeMutablePointer<Float>, _ topic: Int, _ item: Int) -> Double) -> Sums {
        var sums = Sums(seen: draw.complete(pass, block, items: items, shard: shard))
        let proportions = pass.paths.proportions
        for cell in cells {
            if let topic = topic(cell) {
                sums.said += teach(proportions.row(cell), topic, Int(items[block.events[cell]]))
            } else {
                proportions.row(cell).update(repeating: 0, count: proportions.columns)
            }
        }
        return sums
    }
}
