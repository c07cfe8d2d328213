import Foundation
import StochasticEM

/// What the machine has, against what a fit needs.
enum Memory {
    /// - Throws: a `Refusal` where the fit would need more than there is.
    static func check(_ cost: FitCost) throws {
        let available = ProcessInfo.processInfo.physicalMemory
        guard cost.total > available else { return }
        throw Refusal(
            code: ExitCodes.usage, message: "this fit needs \(bytes(cost.total)) of memory, and the machine has \(bytes(Int(clamping: available)))",
            remedy: "choose fewer --topics, --hidden, --particles, --lanes or --steps, or a higher --min-count")
    }
}
