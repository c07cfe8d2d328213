import Recurrence

/// What a fit needs of the machine's memory, known before it starts.
public struct FitCost: Codable, Sendable, Equatable {
    /// Bytes of each part.
    public let corpus: Int
    public let topics: Int
    public let counts: Int
    public let network: Int
    public let blocks: Int

    public var total: Int { corpus + topics + counts + network + blocks }

    /// - Parameters:
    ///   - events, sequences, items: of the log: Σ n, N, V.
    public static func estimate(events: Int, sequences: Int, items: Int, settings: FitSettings) -> FitCost {
        let k = settings.topics, h = settings.hidden
        let stride = (k + 15) / 16 * 16
        let input = settings.embedding.map { (k + 1) * $0 + $0 * 4 * h + 4 * h } ?? (k + 1) * 4 * h
        let parameters = 4 * h * h + h * k + k + input
        /// Cells of a pass, P copies of each, and the path's own where P > 1.
        func rows(_ shape: BlockShape) -> Int { shape.cells * (shape.particles > 1 ? shape.particles + 1 : 1) }
        let single = BlockShape(lanes: settings.lanes, steps: settings.steps, shards: settings.shards)
        let copies = BlockShape(
            lanes: settings.lanes, steps: settings.steps, particles: settings.particles, shards: settings.shards)
        // The warm-up's pass, that of the joint epochs, and that of the validation's filter.
        let filter = settings.validation > 0
            ? rows(ParticleFilter.shape(sequences: sequences, particles: settings.validationParticles)) : 0
        let tapes = rows(single) + (copies == single ? 0 : rows(copies)) + filter
        return FitCost(
            // Items of the whole log, of its observed part and of the training split; a name, a start and a length for each sequence.
            corpus: events * 4 * 3 + sequences * 3 * (16 + 16),
            topics: events * 4 * 2,
            // n_wk, and the best epoch's copy.
            counts: items * (stride + k) * 4,
            // Values, gradients and Adam's two means, and the best epoch's copy; the recurrent weights transposed.
            network: parameters * 4 * 5 + 4 * h * h * 4,
            // A row keeps four gates, seven rows of H and one of K (BlockTape).
            blocks: tapes * (11 * h + k) * 4)
    }
}
