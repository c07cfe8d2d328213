import Foundation
import StochasticEM

/// Shows how far a fit is: a bar drawn over itself on a terminal, a line an epoch elsewhere.
final class ProgressBar {
    /// Columns of the bar itself: all of the line is to fit into 80.
    private static let width = 8
    private let output: StandardError
    private let isShown: Bool
    /// K.
    private let topics: Int
    private let clock = ContinuousClock()
    private var lastDrawn: ContinuousClock.Instant?

    init(on output: StandardError = .shared, topics: Int, quiet: Bool) {
        self.output = output
        self.topics = topics
        isShown = !quiet
    }

    func show(_ event: FitEvent) {
        guard isShown else { return }
        switch event {
        case .resuming(let epochs):
            output.line("going on \(epochs.isEmpty ? "within the first epoch" : "behind \(epochs.count) epochs")")
        case .preparing(let work):
            if output.isTerminal { output.live("\(work) …") } else { output.line(work) }
        case .progress(let progress):
            if output.isTerminal { draw(progress) }
        case .epoch(let record):
            output.line(summary(record))
        case .collapse:
            // A warning, and as such the log's.
            break
        }
    }

    /// At most ten times a second.
    private func draw(_ progress: FitEvent.Progress) {
        let now = clock.now
        if let lastDrawn, now - lastDrawn < .milliseconds(100) { return }
        lastDrawn = now
        let bar = Self.bar(Double(progress.tokens) / Double(max(1, progress.tokensOfEpoch)))
        let tokensLeft = progress.tokensOfEpoch * (progress.epochs - progress.epoch + 1) - progress.tokens
        output.live(
            "epoch \(progress.epoch)/\(progress.epochs) \(progress.phase.rawValue) \(bar)"
                + (progress.trainPerplexity.map { " perplexity \($0.shortly)" } ?? "") + "  \(Self.rate(progress.tokensPerSecond))"
                + "  \(Self.duration(Double(tokensLeft) / max(1, progress.tokensPerSecond))) left")
    }

    private func summary(_ record: EpochRecord) -> String {
        var parts = ["epoch \(record.epoch)", record.phase.rawValue]
        parts.append("train perplexity \(record.trainPerplexity?.shortly ?? "not known, as topics are sampled")")
        if let perplexity = record.validationPerplexity { parts.append("validation perplexity \(perplexity.shortly)") }
        if let acceptRate = record.acceptRate { parts.append("accepted \((100 * acceptRate).shortly) %") }
        if let size = record.effectiveSampleSize { parts.append("effective sample size \(size.shortly)") }
        if let dead = record.deadTopics { parts.append("\(topics - dead) of \(topics) topics in use") }
        parts.append(Self.rate(record.tokensPerSecond))
        return parts.joined(separator: "  ")
    }

    static func bar(_ share: Double) -> String {
        let done = min(width, Int((share * Double(width)).rounded(.down)))
        return String(repeating: "█", count: done) + String(repeating: "░", count: width - done)
    }

    static func rate(_ tokensPerSecond: Double) -> String {
        tokensPerSecond < 10_000 ? "\(tokensPerSecond.shortly) tokens/s" : "\((tokensPerSecond / 1000).shortly) k tokens/s"
    }

    /// 4:12, or 1:04:12.
    static func duration(_ seconds: Double) -> String {
        let all = Int(exactly: min(seconds, 1e9).rounded()) ?? 0
        let tail = all % 60 < 10 ? "0\(all % 60)" : "\(all % 60)"
        let minutes = all / 60 % 60
        return all < 3600 ? "\(minutes):\(tail)" : "\(all / 3600):\(minutes < 10 ? "0" : "")\(minutes):\(tail)"
    }
}
