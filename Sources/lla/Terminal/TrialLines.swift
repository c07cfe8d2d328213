import StochasticEM

/// Shows how far a search is: a line a trial, and on a terminal the epoch of the fit under way.
struct TrialLines {
    let search: SettingsSearch
    var output = StandardError.shared

    /// Within the fit of a trial that is not done yet; trials are counted from 1.
    func show(_ event: FitEvent, ofTrial number: Int) {
        guard output.isTerminal else { return }
        switch event {
        case .preparing(let work): output.live("\(head(number))  \(work) …")
        case .epoch(let record):
            output.live("\(head(number))  epoch \(record.epoch)" + (record.validationPerplexity.map { "  validation perplexity \($0.shortly)" } ?? ""))
        case .resuming, .progress, .collapse: break
        }
    }

    func show(_ trial: Trial, number: Int) {
        let perplexity = trial.perplexity.map { "validation perplexity \($0.shortly)" } ?? "no perplexity"
        let chosen = search.space.searched.map { "\($0.rawValue) \($0.value(in: trial.settings))" }
        output.line("\(head(number))  candidate \(trial.candidate)  \(trial.settings.epochs) epochs  \(perplexity)  \(chosen.joined(separator: ", "))")
    }

    private func head(_ number: Int) -> String { "trial \(number)/\(search.halving.trials)" }
}
