import Foundation
import StochasticEM

/// What the machine has, against what is asked of it.
enum Memory {
    /// - Throws: a `Refusal` where the fit would need more than there is.
    static func check(_ cost: FitCost) throws {
        try check(
            cost.total, of: "this fit",
            remedy: "choose fewer --topics, --hidden, --particles, --lanes or --steps, or a higher --min-count")
    }

    /// - Throws: a `Refusal` where a candidate of a search would need more than there is.
    static func check(_ cost: FitCost, ofCandidate settings: FitSettings) throws {
        try check(
            cost.total, of: "a candidate with \(settings.topics) topics and \(settings.hidden) hidden units",
            remedy: "lower the ends of --topics-between or --hidden-between, or choose fewer --particles or a higher --min-count")
    }

    /// - Throws: a `Refusal` where a model cannot be read with so many particles.
    static func check(particles: Int, of model: LatentLSTMAllocation) throws {
        try check(
            FitCost.filter(sequences: .max, particles: particles, settings: model.settings), of: "a filter of \(particles) particles",
            remedy: "choose fewer --particles")
    }

    private static func check(_ needed: Int, of work: String, remedy: String) throws {
        let available = available
        guard needed > available else { return }
        throw Refusal(
            code: ExitCodes.usage, message: "\(work) needs \(bytes(needed)) of memory, and there are \(bytes(available))", remedy: remedy)
    }

    /// Of the machine, or of the container that the program runs in.
    private static var available: Int {
        let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        // The file is there in containers with a limit alone, and says "max" where there is none.
        let limit = try? String(contentsOfFile: "/sys/fs/cgroup/memory.max", encoding: .utf8)
        return min(machine, limit.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? machine)
    }
}
