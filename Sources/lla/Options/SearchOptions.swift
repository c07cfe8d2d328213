import ArgumentParser
import StochasticEM

/// How far a search for settings looks, and for how long.
struct SearchOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Settings to draw at random for the first round.", valueName: "count"))
    var candidates = 18

    @Option(help: ArgumentHelp("One in so many goes on to the next round, where it has so many times the epochs.", valueName: "count"))
    var reduction = 3

    @Option(help: ArgumentHelp("Epochs of the first round, at least; those of the last are --epochs, at most.", valueName: "count", standard: Self.usualMinEpochs))
    var minEpochs: Int?

    private static let usualMinEpochs = 3

    @Option(help: ArgumentHelp("Topics to search among, unless --topics gives their number.", valueName: "range", standard: CountRange(SearchBounds().topics)))
    var topicsBetween: CountRange?

    @Option(
        help: ArgumentHelp("Hidden units to search among, unless --hidden gives their number.", valueName: "range", standard: CountRange(SearchBounds().hidden)))
    var hiddenBetween: CountRange?

    /// - Throws: `InvalidSetting`; `ValidationError` for an option without effect.
    func search(_ fitting: FitOptions, _ size: SizeOptions) throws -> SettingsSearch {
        if size.topics != nil, topicsBetween != nil { throw ValidationError("--topics leaves no choice to --topics-between (leave one of them out)") }
        if size.hidden != nil, hiddenBetween != nil { throw ValidationError("--hidden leaves no choice to --hidden-between (leave one of them out)") }
        let base = try fitting.settings(size)
        if let minEpochs, minEpochs > base.epochs {
            throw ValidationError("--min-epochs \(minEpochs) is more than --epochs \(base.epochs), which no round goes beyond (lower it, or leave it out)")
        }
        // Of variants that are searched some may have a use for what others have none for.
        if let variant = fitting.variant { try fitting.check(for: variant) }
        var bounds = SearchBounds()
        bounds.topics = topicsBetween?.range ?? bounds.topics
        bounds.hidden = hiddenBetween?.range ?? bounds.hidden
        let space = try SearchSpace(base: base, bounds: bounds, pinned: fitting.pinned(size))
        return try SettingsSearch(space: space, candidates: candidates, reduction: reduction, minEpochs: minEpochs ?? Self.usualMinEpochs)
    }
}
