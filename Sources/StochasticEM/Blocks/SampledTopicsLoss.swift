import Kernels
import Recurrence
import TopicSampling

/// The drawn topic told from a sample of topics that a run of a block's events shares (Paper-notes L10): θ_t is never formed, and nothing
/// here grows with K but the draw of the samples.
///
/// What it says of likelihoods is none: neither α_t nor θ_t(z_t) is known to it. Its sum is the sampled softmax's own, which tells only
/// whether numbers are still finite.
struct SampledTopicsLoss: TopicLoss {
    let layer: SampledSoftmaxLayer
    /// Of a block.
    let cells: Int
    let counts: any ClassTotals
    let seed: UInt64

    func prepareBlock(_ number: Int, epoch: Int) {
        layer.samples.draw(counts: counts.totals, rows: cells) { set, run, attempt in
            RandomStream(seed: seed, purpose: .negatives, epoch: epoch, sequence: set << 12 | run, position: number, particle: attempt)
        }
    }

    func gradient(of part: DrawnPart) -> DrawnPart.Sums {
        DrawnPart.Sums(said: layer.lossGradient(part.pass.paths, rows: part.cells, weight: part.weight, target: part.topic))
    }
}

/// How often each class of a softmax came, (K).
protocol ClassTotals: AnyObject, Sendable {
    var totals: UnsafePointer<Int32> { get }
}

extension TopicCounts: ClassTotals {}
