import Kernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What a sequence has come to so far speaks for more of the same: logits gain λ · log(1 + n_k / α) for each kind of running count n.
///
/// n is kept by whoever runs the network; λ and α are learned, one of each for a kind of count. With weights W = 0 and λ = 1 the
/// proportions are (n_k + α) / (n + Kα): latent Dirichlet allocation, read in sequence (Paper-notes M6).
public final class ClassMemory: @unchecked Sendable {
    /// F, kinds of count.
    public var kinds: Int { slot.rows }
    /// K.
    public let classes: Int
    /// λ and log α, (F, 2).
    public let slot: Parameters.Slot
    private let parameters: Parameters

    init(_ slot: Parameters.Slot, classes: Int, parameters: Parameters) {
        self.slot = slot
        self.classes = classes
        self.parameters = parameters
        for kind in 0..<slot.rows {
            // The first, which forgets nothing, begins as LDA does; what else there is to remember is left to be found.
            parameters.value(slot).row(kind)[0] = kind == 0 ? 1 : 0
            parameters.value(slot).row(kind)[1] = log(Float(0.1))
        }
    }

    /// λ of a kind of count.
    public func weight(_ kind: Int) -> Float { parameters.value(slot).row(kind)[0] }
    /// α of a kind of count, between e^−60 and e^60: an odd fit may have driven log α so far that α would be 0 or infinite as a float,
    /// or n/α, and neither a feature nor a page could be made of it. What is in between stays as it is.
    public func concentration(_ kind: Int) -> Float { exp(min(max(parameters.value(slot).row(kind)[1], -60), 60)) }

    /// log(1 + n/α) of one row of counts.
    ///
    /// - Parameters:
    ///   - counts: (F·K), none negative.
    ///   - features: (F·K), written.
    public func write(_ counts: UnsafePointer<Float>, to features: UnsafeMutablePointer<Float>) {
        for kind in 0..<kinds {
            let n = counts + kind * classes, f = features + kind * classes
            let scale = 1 / concentration(kind)
            for k in stride(from: 0, to: classes, by: 16) {
                f.setLanes(k, Elementwise.log(1 + n.lanes(k, count: classes - k) * scale), count: classes - k)
            }
        }
    }

    /// Adds what the features of each row say to its logits, (R, K).
    func add(_ features: MatrixView, to logits: MatrixView) {
        for r in 0..<logits.rows {
            for kind in 0..<kinds {
                VectorMath.add(features.row(r) + kind * classes, times: weight(kind), to: logits.row(r), count: classes)
            }
        }
    }

    /// Gradients of λ and log α over one piece of a block's rows. Nothing flows into the counts.
    func gradient(_ features: MatrixView, logitGradients: MatrixView, piece: Int, of pieces: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: 2 * kinds)
        for r in Shards.slice(piece, of: pieces, total: logitGradients.rows) {
            let g = logitGradients.row(r)
            for kind in 0..<kinds {
                let f = features.row(r) + kind * classes
                var ofWeight = Lanes16.zero, ofConcentration = Lanes16.zero
                for k in stride(from: 0, to: classes, by: 16) {
                    let gradient = g.lanes(k, count: classes - k), feature = f.lanes(k, count: classes - k)
                    ofWeight += gradient * feature
                    // d log(1 + n/α) / d log α = −n / (α + n)
                    ofConcentration += gradient * (Elementwise.exp(-feature) - 1)
                }
                sums[2 * kind] += Double(ofWeight.sum())
                sums[2 * kind + 1] += Double(ofConcentration.sum()) * Double(weight(kind))
            }
        }
        return sums
    }

    /// Takes over the sums of all pieces, in their order.
    func takeGradients(_ pieces: [[Double]]) {
        for kind in 0..<kinds {
            for entry in 0..<2 {
                parameters.gradient(slot).row(kind)[entry] = Float(pieces.reduce(0) { $0 + $1[2 * kind + entry] })
            }
        }
    }
}
