import Foundation
import ModelReports
import StochasticEM
import TopicHierarchies

/// What the machine has, against what is asked of it.
enum Memory {
    /// More than there is: what wants it, how much, and what would help.
    struct Shortage {
        let work: String
        let needed: Int
        let available: Int
        let remedy: String
    }

    /// What a fit lacks; nil where there is enough.
    static func shortage(for cost: FitCost) -> Shortage? { shortage(cost.total, for: "this fit", remedy: cost.remedy) }

    /// What a candidate of a search lacks.
    static func shortage(for cost: FitCost, ofCandidate settings: FitSettings) -> Shortage? {
        shortage(
            cost.total, for: "a candidate with \(settings.topics) topics and \(settings.hidden) hidden units",
            remedy: "lower the ends of --topics-between or --hidden-between, or choose fewer --particles or a higher --min-count")
    }

    /// What the fit of a baseline lacks, besides the log itself.
    static func shortage(_ needed: Int, ofBaseline name: String) -> Shortage? {
        shortage(needed, for: "a fit of \(name)", remedy: "choose a smaller model, or a higher --min-count")
    }

    /// What a model lacks that reads sequences with so many particles.
    static func shortage(forParticles particles: Int, of model: LatentLSTMAllocation) -> Shortage? {
        shortage(
            FitCost.filter(sequences: .max, particles: particles, settings: model.settings), for: "a filter of \(particles) particles",
            remedy: "choose fewer --particles")
    }

    /// What a tree of all topics lacks.
    static func shortage(forTreeOfTopicsOf model: LatentLSTMAllocation) -> Shortage? {
        shortage(
            TopicTree.bytesOfTopics(of: model), for: "a tree of \(model.counts.topics) topics", remedy: "fit with fewer --topics")
    }

    /// What a tree of all items lacks.
    static func shortage(forTreeOfItemsOf model: LatentLSTMAllocation) -> Shortage? {
        shortage(
            TopicTree.bytesOfItems(of: model), for: "a tree of \(model.vocabulary.count) items",
            remedy: "leave out the log, for a tree of topics, or fit with a higher --min-count")
    }

    private static func shortage(_ needed: Int, for work: String, remedy: String) -> Shortage? {
        let available = available
        return needed > available ? Shortage(work: work, needed: needed, available: available, remedy: remedy) : nil
    }

    /// Of the machine, or of the control group that the program runs in.
    private static var available: Int {
        let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        return min(machine, ControlGroup.ofThisProcess.memoryLimit ?? machine)
    }
}

extension FitCost {
    /// The settings that the largest of the parts depends on.
    fileprivate var remedy: String {
        let parts = [
            (network, "choose fewer --topics or --hidden, or a narrower --embedding"),
            (counts + comparison, "choose fewer --topics, or a higher --min-count"),
            (blocks, "choose fewer --particles, --lanes or --steps"),
            (filter, "choose fewer --validation-particles, or --validation 0"),
            (start, "choose --start lda or random, or a higher --min-count"),
            (corpus + topics, "give less of the log, or choose a higher --min-count"),
        ]
        // Of equal parts the first.
        return parts.reduce(parts[0]) { $1.0 > $0.0 ? $1 : $0 }.1
    }
}
