/// A search for settings: candidates drawn at random, and successive halving among them.
///
/// What comes out is a function of the log, the space and the numbers given here.
public struct SettingsSearch: Sendable {
    /// What candidates are drawn from.
    public let space: SearchSpace
    /// How many of them each round fits, and for how many epochs.
    public let halving: SuccessiveHalving
    /// Their epochs are those of the space's base; each round sets its own.
    public let candidates: [FitSettings]

    /// - Parameters:
    ///   - candidates: how many to draw; the space may hold fewer.
    ///   - reduction, minEpochs: see `SuccessiveHalving`. The epochs of the last round are at most those of the space's base.
    /// - Throws: `InvalidSetting`, also where there are not two candidates to compare.
    public init(space: SearchSpace, candidates: Int, reduction: Int, minEpochs: Int) throws {
        func rounds(of count: Int) throws -> SuccessiveHalving {
            try SuccessiveHalving(candidates: count, reduction: reduction, epochs: space.base.epochs, minEpochs: minEpochs)
        }
        self.space = space
        // What is wrong with the numbers is said before candidates, of which there may be many, are drawn.
        _ = try rounds(of: candidates)
        self.candidates = try space.candidates(candidates)
        halving = try rounds(of: self.candidates.count)
        guard self.candidates.count > 1 else {
            throw InvalidSetting(
                name: "candidates", value: "\(candidates)",
                remedy: candidates > 1
                    ? "there is one choice of settings alone: leave out an option that pins one, or widen the bounds" : "choose at least 2 to compare")
        }
    }

    /// Carries the search through, from where `log` says that it stands.
    ///
    /// - Parameters:
    ///   - log: has the trials that are done, and takes each new one as soon as it is.
    ///   - score: fits with the given settings, and returns the validation perplexity of the best epoch; must be a function of them.
    ///   - observe: is told of each new trial and its number, counted from 1.
    /// - Throws: what `score` and `log` do; `ModelFolderError` where the trials done are not of this search.
    public func run(
        _ log: some TrialLog, score: (FitSettings) throws -> Double?, observe: (Int, Trial) throws -> Void = { _, _ in }
    ) throws -> SearchResult {
        var all: [Trial] = [], order = Array(candidates.indices)
        let done = log.trials
        for (round, rung) in halving.rungs.enumerated() {
            var trials: [Trial] = []
            for index in order.prefix(rung.candidates) {
                var settings = candidates[index]
                settings.epochs = rung.epochs
                let number = all.count + trials.count
                if number < done.count {
                    try check(done[number], number: number, is: (round + 1, index + 1, settings), log)
                    trials.append(done[number])
                } else {
                    let trial = Trial(round: round + 1, candidate: index + 1, perplexity: try score(settings), settings: settings)
                    try log.append(trial)
                    try observe(number + 1, trial)
                    trials.append(trial)
                }
            }
            order = trials.sorted { $0.isBetter(than: $1) }.map { $0.candidate - 1 }
            all += trials
        }
        return SearchResult(all)
    }

    /// A trial that was not to be run here would lead the search elsewhere.
    private func check(_ trial: Trial, number: Int, is expected: (round: Int, candidate: Int, settings: FitSettings), _ log: some TrialLog) throws {
        if (trial.round, trial.candidate) == (expected.round, expected.candidate), trial.settings == expected.settings { return }
        throw log.contradiction(number)
    }
}

/// Where trials are kept.
public protocol TrialLog {
    /// In the order in which they were appended.
    var trials: [Trial] { get }
    /// Keeps a trial for good, before it returns.
    func append(_ trial: Trial) throws
    /// The error to throw where a trial is not the one that the search would have run; trials are counted from 0.
    func contradiction(_ number: Int) -> any Error
}

/// What a search found.
public struct SearchResult: Sendable, Equatable {
    /// Of each candidate the best trial, the best first. Trials of all rounds compete: each is a whole fit, and on a small log a
    /// short one may be the best.
    public let ranking: [Trial]
    /// Nil where no trial came to a perplexity.
    public let best: Trial?

    /// - Parameter trials: of all rounds.
    init(_ trials: [Trial]) {
        ranking = Dictionary(grouping: trials, by: \.candidate).values
            .compactMap { $0.min { $0.isBetter(than: $1) } }.sorted { $0.isBetter(than: $1) }
        best = ranking.first.flatMap { $0.perplexity == nil ? nil : $0 }
    }
}
