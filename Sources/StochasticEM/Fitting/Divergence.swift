import Kernels
import Recurrence

/// A fit came to a number that is not finite, and ended: no checkpoint was kept of it, and the last one stands.
public struct Divergence: Error, Sendable, CustomStringConvertible {
    /// What was not finite: a loss, or the gradient or the values of a named tensor.
    public let what: String
    /// Counted from 1.
    public let epoch: Int
    /// Blocks of the epoch's sweep that were done; 0 at the epoch's end.
    public let block: Int
    /// Of several fits; nil where there is one.
    public let restart: Int?
    private let learningRate: Double
    private let clipNorm: Double

    init(what: String, epoch: Int, block: Int, restart: Int?, settings: FitSettings) {
        self.what = what
        self.epoch = epoch
        self.block = block
        self.restart = restart
        (learningRate, clipNorm) = (settings.adam.rate, settings.adam.clipNorm)
    }

    /// Of a fit that is not LLA's.
    package init(what: String, epoch: Int, learningRate: Double, clipNorm: Double) {
        (self.what, self.epoch, block, restart) = (what, epoch, 0, nil)
        (self.learningRate, self.clipNorm) = (learningRate, clipNorm)
    }

    /// What happened, without the remedy.
    public var description: String {
        let place = block > 0 ? "after block \(block) of epoch \(epoch)" : "at the end of epoch \(epoch)"
        return "\(what) is not finite \(place)\(restart.map { " of fit \($0)" } ?? "")"
    }

    /// The settings to change.
    public var remedy: String {
        "lower --learning-rate (it is \(learningRate)) or --clip-norm (it is \(clipNorm)), and begin anew"
    }
}

extension Parameters {
    /// The first tensor with a number that is not finite, in floats that are laid out as the weights.
    package func nameOfNotFinite(in floats: FloatBuffer) -> String? {
        slots.first { slot in
            let numbers = floats.base + slot.offset
            return (0..<slot.count).contains { !numbers[$0].isFinite }
        }?.name
    }
}
