import Recurrence

/// What a fit needs of the machine's memory, known before it starts.
public struct FitCost: Codable, Sendable, Equatable {
    /// Bytes of each part.
    public let corpus: Int
    public let topics: Int
    public let counts: Int
    public let network: Int
    public let blocks: Int
    /// Of the filter that validation is scored with.
    public let filter: Int

    public var total: Int { corpus + topics + counts + network + blocks + filter }

    /// Bytes of a filter that reads sequences with so many particles.
    public static func filter(particles: Int, settings: FitSettings) -> Int {
        let cells = ParticleFilter.lanes * ParticleFilter.steps
        return blocks(rows: cells * particles, settings: settings) + cells * settings.topics * 4
    }

    /// A cell keeps four gates, seven rows of H and one of K (BlockTape).
    private static func blocks(rows: Int, settings: FitSettings) -> Int {
        rows * (11 * settings.hidden + settings.topics) * 4
    }

    /// - Parameters:
    ///   - events, sequences, items: of the log: Σ n, N, V.
    public static func estimate(events: Int, sequences: Int, items: Int, settings: FitSettings) -> FitCost {
        let k = settings.topics, h = settings.hidden
        let stride = (k + 15) / 16 * 16
        let input = settings.embedding.map { (k + 1) * $0 + $0 * 4 * h + 4 * h } ?? (k + 1) * 4 * h
        let parameters = 4 * h * h + h * k + k + input
        // P copies of each cell, and the path's own.
        let rows = settings.lanes * settings.steps * (settings.particles > 1 ? settings.particles + 1 : 1)
        return FitCost(
            // Items of the whole log, of its observed part and of the training split; a name, a start and a length for each sequence.
            corpus: events * 4 * 3 + sequences * 3 * (16 + 16),
            topics: events * 4 * 2,
            // n_wk, and the best epoch's copy.
            counts: items * (stride + k) * 4,
            // Values, gradients and Adam's two means, and the best epoch's copy.
            network: parameters * 4 * 5,
            blocks: blocks(rows: rows, settings: settings),
            filter: settings.validation > 0 ? filter(particles: settings.validationParticles, settings: settings) : 0)
    }
}
