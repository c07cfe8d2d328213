import Kernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Adam (Kingma and Ba, 2015, algorithm 1) over a whole run of parameters, with the gradient's global norm clipped.
///
/// Of sparse slots only the touched rows move, and only their means decay.
public final class AdamOptimizer: @unchecked Sendable {
    /// Letters and usual values are those of Kingma and Ba, except for the rate.
    public struct Settings: Codable, Sendable, Equatable {
        /// Step size α before the schedule's factor; above 0.
        public var rate = 0.003
        /// Decay of the running mean of the gradient, in [0, 1).
        public var beta1 = 0.9
        /// Decay of the running mean of its square, in [0, 1).
        public var beta2 = 0.999
        /// Added to the root of the corrected mean square; above 0.
        public var epsilon = 1e-8
        /// The gradient is scaled down to this Euclidean norm where it is longer.
        public var clipNorm = 1.0

        /// The usual ones.
        public init() {}
    }

    /// The same for all steps; a schedule goes into `step`'s `rateFactor`.
    public let settings: Settings
    /// Running mean of the gradient, a float for each of the parameters, laid out as they are.
    public let mean: FloatBuffer
    /// Running mean of the gradient's square, laid out alike.
    public let square: FloatBuffer
    /// Steps taken.
    public var steps = 0
    private let parameters: Parameters

    /// Keeps a reference to `parameters`, which `step` writes to; both means start at zero.
    public init(_ parameters: Parameters, settings: Settings = Settings()) {
        self.parameters = parameters
        self.settings = settings
        mean = FloatBuffer(count: parameters.count)
        square = FloatBuffer(count: parameters.count)
    }

    /// One step on `parameters.gradients`, in a fixed number of pieces.
    ///
    /// - Parameter rateFactor: of the schedule, times `settings.rate`.
    /// - Returns: the norm of the gradient before it was clipped.
    @discardableResult
    public func step(rateFactor: Double = 1, shards: Shards, pieces: Int) -> Double {
        steps += 1
        nonisolated(unsafe) let partial = UnsafeMutablePointer<Double>.allocate(capacity: pieces)
        defer { partial.deallocate() }
        shards.forEach(pieces) { piece in
            partial[piece] = self.runs(of: piece, of: pieces).reduce(0) {
                $0 + VectorMath.sumOfSquares(self.parameters.gradients.base + $1.lowerBound, count: $1.count)
            }
        }
        // Summed in the order of the pieces, whichever thread was first.
        let norm = (0..<pieces).reduce(0) { $0 + partial[$1] }.squareRoot()

        let clip = norm > settings.clipNorm ? settings.clipNorm / norm : 1
        // The corrections for the means' start at zero, folded into rate and ε.
        let correction1 = 1 - pow(settings.beta1, Double(steps))
        let correction2 = (1 - pow(settings.beta2, Double(steps))).squareRoot()
        let update = Update(
            clip: Float(clip), beta1: Float(settings.beta1), beta2: Float(settings.beta2),
            rate: Float(settings.rate * rateFactor * correction2 / correction1),
            epsilon: Float(settings.epsilon * correction2))
        shards.forEach(pieces) { piece in
            for run in self.runs(of: piece, of: pieces) { self.apply(update, to: run) }
        }
        return norm
    }

    /// What a piece works on: its slice of the dense part, and its share of the rows that the block touched.
    private func runs(of piece: Int, of pieces: Int) -> [Range<Int>] {
        let dense = Shards.slice(piece, of: pieces, total: parameters.dense, unit: 16)
        return [dense] + zip(parameters.sparse, parameters.touched).flatMap { slot, touched in
            Shards.slice(piece, of: pieces, total: touched.count).map { place in
                let start = slot.offset + Int(touched[place]) * slot.columns
                return start..<start + slot.columns
            }
        }
    }

    private struct Update: Sendable {
        let clip, beta1, beta2, rate, epsilon: Float
    }

    private func apply(_ update: Update, to range: Range<Int>) {
        let w = parameters.values.base, g = parameters.gradients.base, m = mean.base, v = square.base
        for i in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
            let n = range.upperBound - i
            let gradient = g.lanes(i, count: n) * update.clip
            let newMean = m.lanes(i, count: n) * update.beta1 + gradient * (1 - update.beta1)
            let newSquare = v.lanes(i, count: n) * update.beta2 + gradient * gradient * (1 - update.beta2)
            m.setLanes(i, newMean, count: n)
            v.setLanes(i, newSquare, count: n)
            w.setLanes(
                i, w.lanes(i, count: n) - update.rate * newMean / (newSquare.squareRoot() + update.epsilon), count: n)
        }
    }
}
