import Baselines

/// Shows how far the fit of a baseline is: drawn over itself on a terminal, a line an epoch or ten of them a long piece of work elsewhere.
final class BaselineProgress {
    private let output: StandardError
    private let isShown: Bool
    private let clock = ContinuousClock()
    private var lastDrawn: ContinuousClock.Instant?

    init(on output: StandardError = .shared, quiet: Bool) {
        self.output = output
        isShown = !quiet
    }

    func show(_ event: BaselineEvent) {
        guard isShown else { return }
        switch event {
        case .sweeps(let done, let all, let work):
            let text = "\(work) \(done)/\(all)"
            if output.isTerminal {
                draw("\(text) \(ProgressBar.bar(Double(done) / Double(max(1, all))))")
            } else if done * 10 / all > (done - 1) * 10 / all {
                output.line(text)
            }
        case .progress(let epoch, let epochs, let tokens, let all, let pace):
            guard output.isTerminal else { return }
            let left = Double(all * (epochs - epoch + 1) - tokens) / max(1, pace)
            draw(
                "epoch \(epoch)/\(epochs) \(ProgressBar.bar(Double(tokens) / Double(max(1, all))))  \(ProgressBar.rate(pace))  "
                    + "\(ProgressBar.duration(left)) left")
        case .epoch(let record):
            var parts = ["epoch \(record.epoch)"]
            if let perplexity = record.trainPerplexity { parts.append("train perplexity \(perplexity.shortly)") }
            if let perplexity = record.validationPerplexity { parts.append("validation perplexity \(perplexity.shortly)") }
            parts.append(ProgressBar.rate(record.tokensPerSecond))
            output.line(parts.joined(separator: "  "))
        }
    }

    /// At most ten times a second.
    private func draw(_ text: String) {
        let now = clock.now
        if let lastDrawn, now - lastDrawn < .milliseconds(100) { return }
        lastDrawn = now
        output.live(text)
    }
}
