import StochasticEM
import Foundation

/// How the fit went: its epochs, what it was told, and how the model stands beside others.
struct FitSection: Encodable {
    struct Setting: Encodable {
        let name: String
        let value: String
    }

    /// As `training.jsonl` has them.
    let epochs: [EpochRecord]
    /// Adam's rate at the start of each epoch.
    let rates: [Double]
    let settings: [Setting]
    /// Of this model and others, the best first.
    let scores: [ModelScore]

    init(_ epochs: [EpochRecord], settings: FitSettings, scores: [ModelScore]) {
        self.scores = scores.sorted { $0.perplexity ?? .infinity < $1.perplexity ?? .infinity }
        self.epochs = epochs
        rates = epochs.map { (settings.adam.rate * settings.rateShare(after: $0.epoch - 1)).brief }
        self.settings = FitSection.list(settings.inForce)
    }

    /// All settings under the names that `settings.json` has, those of a part behind the part's name. What is still not set is none: an embedding
    /// that there is not, characters that nothing reads.
    private static func list(_ value: Any, under prefix: String = "") -> [Setting] {
        Mirror(reflecting: value).children.flatMap { child -> [Setting] in
            let name = prefix + (child.label ?? "")
            let mirror = Mirror(reflecting: child.value)
            if mirror.displayStyle == .struct { return list(child.value, under: name + ".") }
            if mirror.displayStyle == .optional {
                return [Setting(name: name, value: mirror.children.first.map { "\($0.value)" } ?? "none")]
            }
            return [Setting(name: name, value: "\(child.value)")]
        }
    }
}

extension FitSettings {
    /// These with what holds where nothing was set: what a fit went by, and not how it was told.
    fileprivate var inForce: FitSettings {
        var settings = self
        settings.cell = recurrentCell
        settings.unknownItems = unknownItemsPolicy
        settings.particles = copies
        settings.warmUp = warmUp ?? start.usualWarmUp
        if variant == .char {
            settings.characterEmbedding = characterWidth
            settings.characterHidden = characterUnits
        }
        return settings
    }
}
