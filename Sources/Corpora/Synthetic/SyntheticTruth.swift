import Foundation

/// What a synthetic log was drawn from, in the form in which it is handed over beside the log.
public struct SyntheticTruth: Codable, Sendable, Equatable {
    /// A topic: its items by name, the likely ones first, with their probabilities.
    public struct Topic: Codable, Sendable, Equatable {
        public let items: [String]
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

    /// Writes the truth as JSON to a file, which is replaced.
    ///
    /// - Throws: `SyntheticError.cannotCreate`, `SyntheticError.cannotWrite`.
    public func write(toFile path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        do {
            try encoder.encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch let error as CocoaError where error.code != .fileWriteOutOfSpace {
            throw SyntheticError.cannotCreate(path: path, reason: error.localizedDescription)
        } catch {
            throw SyntheticError.cannotWrite(path: path, reason: error.localizedDescription)
        }
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
