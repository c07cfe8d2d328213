import Foundation

/// What a synthetic log was drawn from, in the form in which it is handed over beside the log.
public struct SyntheticTruth: Codable, Sendable, Equatable {
    /// A topic: its items by name, the likely ones first, with their probabilities.
    public struct Topic: Codable, Sendable, Equatable {
        /// The names of its items in the log, the likeliest first.
        public let items: [String]
        /// φ_wk of these items, in the same order; they sum to 1.
        public let probabilities: [Double]
    }

    /// With these the same log is drawn again.
    public let settings: SyntheticSettings
    /// All K, in the process's own order.
    public let topics: [Topic]
    /// Of the first `scoredSequences` sequences of the log.
    public let optimum: SyntheticOptimum
    /// Sequences at the head of the log that the optimum was computed on.
    public let scoredSequences: Int

    /// - Parameters:
    ///   - process: what the log was drawn from.
    ///   - sequences: how many sequences at the head of the log the optimum is computed on: enough for a close estimate
    ///     for the whole of a large log, at a cost that does not grow with it.
    /// - Throws: `SyntheticError.nothingToScore` where all is observed.
    public init(of process: SyntheticProcess, scoring sequences: Int = 10_000) throws {
        settings = process.settings
        topics = process.topics.items.map { entries in
            let ranked = entries.sorted { ($1.probability, $0.index) < ($0.probability, $1.index) }
            return Topic(
                items: ranked.map { SyntheticProcess.itemName(Int($0.index)) }, probabilities: ranked.map(\.probability))
        }
        scoredSequences = min(sequences, settings.sequences)
        // The head of a log does not depend on how much follows.
        optimum = try process.withSequences(scoredSequences).optimum()
    }

    /// The truth as JSON, for a file.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(self)
    }
}

extension SyntheticProcess {
    /// The first sequences of this process's log.
    func withSequences(_ count: Int) -> SyntheticCorpus {
        var settings = settings
        settings.sequences = count
        return SyntheticCorpus(SyntheticProcess(settings, topics: topics, chain: chain))
    }
}
